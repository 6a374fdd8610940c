import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOTSPOT_ID, hotspotKeyfile, USB_ID, usbKeyfile, wifiKeyfile } from '../network/keyfiles.ts';
import { readIfThere, writeWhole } from '../whole-file.ts';
import type { Wifi } from './settings.ts';
import type { Unit } from './unit.ts';

/** NetworkManager ignores a profile that others can read. */
const SECRET = { mode: 0o600 };
const SUFFIX = '.nmconnection';

/** NetworkManager's store of profiles, which it writes to itself when the owner changes something on the page. */
export class ProfileStore {
  readonly #folder: string;

  /** @param folder must be there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What phones are told of the unit's own WiFi: the owner may have changed it on the page. Undefined: none is there. */
  hotspot(): Pick<Unit, 'ssid' | 'password'> | undefined {
    const profile = readIfThere(this.#path(HOTSPOT_ID));
    const ssid = profile && ssidIn(profile);
    const password = profile && unescaped(valueIn(profile, 'psk') ?? '');
    return ssid && password ? { ssid, password } : undefined;
  }

  /** @param sae whether the radio can be an access point with WPA3 */
  putHotspot(unit: Unit, sae: boolean): void {
    const { ssid, password } = unit;
    writeWhole(this.#path(HOTSPOT_ID), hotspotKeyfile({ ssid, password, sae }), SECRET);
  }

  putUsb(): void {
    if (readIfThere(this.#path(USB_ID)) === undefined) writeWhole(this.#path(USB_ID), usbKeyfile(), SECRET);
  }

  /**
   * Puts a WiFi of the owner's file there; the profile that already is for it is replaced, and stays trusted if it was.
   * @returns what is wrong, in plain words
   */
  putWifi(wifi: Wifi): string | undefined {
    const { ssid, password, hidden } = wifi;
    const there = this.#joining(ssid);
    if (password === '') {
      return there ? undefined : `wifi.password: the unit has none for "${ssid}": write it again`;
    }
    const trusted = there ? valueIn(there.profile, 'zone') === 'trusted' : false;
    const profile = wifiKeyfile({
      ssid,
      ...(password !== undefined && { password }),
      ...(hidden !== undefined && { hidden }),
      trusted,
    });
    if (there && saysAll(there.profile, profile)) return undefined;
    const name = createHash('sha256').update(ssid).digest('hex').slice(0, 12);
    writeWhole(there?.path ?? this.#path(`wifi-${name}`), profile, SECRET);
    return undefined;
  }

  #path(name: string): string {
    return join(this.#folder, `${name}${SUFFIX}`);
  }

  #joining(ssid: string): { path: string; profile: string } | undefined {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => join(this.#folder, name))
      .map((path) => ({ path, profile: readFileSync(path, 'utf8') }))
      .find(({ profile }) => ssidIn(profile) === ssid && valueIn(profile, 'mode') !== 'ap');
  }
}

/** NetworkManager adds lines of its own; ours count. */
function saysAll(there: string, wanted: string): boolean {
  const lines = new Set(there.split('\n'));
  return (
    wanted.split('\n').every((line) => lines.has(line)) &&
    valueIn(there, 'hidden') === valueIn(wanted, 'hidden')
  );
}

const valueIn = (profile: string, key: string): string | undefined =>
  new RegExp(`^${key}=(.*)$`, 'm').exec(profile)?.[1];

/** Plain, or byte for byte: `78;106;`. */
function ssidIn(profile: string): string | undefined {
  const value = valueIn(profile, 'ssid');
  if (value === undefined || !/^(\d{1,3};)+$/.test(value)) return value && unescaped(value);
  const bytes = value.split(';').slice(0, -1).map(Number);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** GKeyFile's escapes. */
const unescaped = (text: string): string => {
  const signs: Record<string, string> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\', ';': ';' };
  return text.replace(/\\(.)/g, (whole, sign: string) => signs[sign] ?? whole);
};
