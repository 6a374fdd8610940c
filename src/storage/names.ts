import { isoUtc } from '../core/clock.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import { printable } from '../imaging/fits-card.ts';

const NOON = 12 * 3600_000;

/** The civil date of the preceding local noon, `2026-11-22`: one name from dusk to dawn. */
export const nightOf = (startUtc: number, zoneMinutes: number): string =>
  isoUtc(startUtc + zoneMinutes * 60_000 - NOON).slice(0, 10);

/** Names that Windows, by which many read the shared directory, keeps for devices. */
const DEVICES = /^(CON|PRN|AUX|NUL|COM\d|LPT\d)$/i;

/** A file name that is safe on every system: letters, digits, `+ - . _`, at most 60, no leading dot. */
export function safeName(text: string, absent: string): string {
  const name = printable(text)
    .replace(/[^A-Za-z0-9+.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .slice(0, 60)
    .replace(/^[._]+|[._]+$/g, '');
  return name === '' ? absent : DEVICES.test(name) ? `${name}_` : name;
}

/** `frames/<night>/<target>/<TYPE>`, relative to the data directory (CONTRACT, Files). */
export function directoryOf(facts: ExposureFacts): string {
  const target = safeName(facts.object ?? '', facts.type === 'light' ? 'untitled' : 'calibration');
  const kind = facts.snapshot ? 'SNAPSHOT' : facts.type.toUpperCase();
  return `frames/${nightOf(facts.startUtc, facts.zoneMinutes)}/${target}/${kind}`;
}

/** Unique by its time in milliseconds and its id: `M_31_Ha_300s_20261122T201503250_1b4e28ba.fits`. */
export function fileNameOf(facts: ExposureFacts): string {
  const parts = [
    safeName(facts.object ?? '', facts.type),
    ...(facts.filter ? [safeName(facts.filter, 'filter')] : []),
    `${Number(facts.seconds.toPrecision(6))}s`,
    isoUtc(facts.startUtc).replace(/[-:.Z]/g, ''),
    safeName(facts.id, 'x').slice(0, 8),
  ];
  return `${parts.join('_')}.fits`;
}

/** `x.fits` → `x.cr2`: the camera's own file of the same exposure. Letters and digits of the extension are kept. */
export const sidecarOf = (file: string, extension: string): string =>
  `${file.replace(/\.fits$/, '')}.${
    extension
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 8) || 'raw'
  }`;

const TEMPORARY = '.part';

/** Hidden, and deleted at start: a name under which a file is not finished. */
export const temporaryName = (name: string): string => `.${name}${TEMPORARY}`;
export const isTemporary = (name: string): boolean => name.startsWith('.') && name.endsWith(TEMPORARY);
export const isFits = (name: string): boolean => /^[^.].*\.(fits|fit|fts)$/i.test(name);
