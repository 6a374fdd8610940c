import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundle's files lie flat beside `nightjar.mjs`; from source they are where they are written. */
const bundled = import.meta.url.endsWith('.mjs');
const at = (inDist: string, inSource: string) => new URL(bundled ? inDist : inSource, import.meta.url);

/** Everything that is found by place and not by import, from source and from `dist/` alike. */
export const assets = {
  imagingWorker: at('./worker.mjs', './worker.ts'),
  storageWorker: at('./storage.mjs', './storage/worker.ts'),
  /** Benches, emulators and suites: loaded only by demo, emulate, night and hil. */
  hil: at('./hil.mjs', '../hil/index.ts'),
  web: at('./share/web/', '../dist/share/web/'),
  /** `stars.bin` and `quads.bin`. */
  catalogue: at('./share/', '../dist/share/'),
  benches: at('./share/benches/', '../hil/benches/'),
  /** A driver executable of ours that stands in for one that needs its hardware. */
  standIn: (name: string) => at(`./stand-ins/${name}.mjs`, `../hil/stand-ins/${name}.ts`),
};

export const pathOf = (url: URL): string => fileURLToPath(url);

/** The page's files, or undefined where only the source was checked out and no bundle made. */
export const webDirectory = (): string | undefined =>
  existsSync(assets.web) ? pathOf(assets.web) : undefined;

/**
 * The star catalogue: the full one where `NIGHTJAR_CATALOGUE` names its folder, else the extract that comes with every
 * bundle; beside it the deeper ones that the owner has put into the folder `deeper` of it or of the data directory.
 */
export function cataloguePlace(): { directory: string; deeper?: string } {
  const { NIGHTJAR_CATALOGUE: chosen, NIGHTJAR_DATA: data = './data' } = process.env;
  const deeper = [...(chosen ? [join(chosen, 'deeper')] : []), join(data, 'deeper')].find(existsSync);
  return { directory: chosen || pathOf(assets.catalogue), ...(deeper !== undefined && { deeper }) };
}
