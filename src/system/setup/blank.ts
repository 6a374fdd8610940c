import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { placesIn } from './places.ts';

export interface Taken {
  /** `hotspot_password` is in the unit. */
  hotspot: boolean;
  /** The passwords of these are in NetworkManager's store. */
  ssids: ReadonlySet<string>;
}

/** A TOML string on one line, of either kind. */
const STRING = /^(\s*[\w-]+\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*')/;

/**
 * The owner's text without the passwords that were taken in; every other letter stays.
 * @returns undefined where that cannot be done without a doubt: the text has errors, or is written in an unusual way
 */
export function blanked(text: string, taken: Taken): string | undefined {
  const wanted = tableOf(text);
  if (!wanted) return undefined;
  const blank: string[] = [];
  if (taken.hotspot && wanted.hotspot_password) blank.push('hotspot_password');
  if (taken.hotspot && 'hotspot_password' in wanted) wanted.hotspot_password = '';
  const networks = [wanted.wifi ?? []].flat() as { ssid?: unknown; password?: unknown }[];
  for (const [index, wifi] of networks.entries()) {
    if (!wifi.password || typeof wifi.ssid !== 'string' || !taken.ssids.has(wifi.ssid)) continue;
    blank.push(`wifi.${index}.password`);
    wifi.password = '';
  }
  const places = placesIn(text);
  const lines = text.split('\n');
  for (const place of blank) {
    const at = (places.get(place) ?? 0) - 1;
    lines[at] = (lines[at] ?? '').replace(STRING, '$1""');
  }
  const after = lines.join('\n');
  return isDeepStrictEqual(tableOf(after), wanted) ? after : undefined;
}

function tableOf(text: string): Record<string, unknown> | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
