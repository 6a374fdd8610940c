/**
 * NetworkManager's profiles as its keyfiles have them (nm-settings-keyfile(5); values are escaped as GLib's
 * GKeyFile does). Whoever writes one to disk gives it mode 0600: NetworkManager ignores others.
 */

import { BadInput } from '../../core/errors.ts';
import type { WifiSecurity } from './air.ts';

export const HOTSPOT_ID = 'nightjar-hotspot';
export const USB_ID = 'nightjar-usb';
export const WIREGUARD_ID = 'nightjar-wireguard';

export const HOTSPOT_ADDRESS = '10.42.0.1';
export const USB_ADDRESS = '10.43.0.1';

/** `connection.zone` of the networks from which INDI and PHD2 may be reached. */
export const TRUSTED_ZONE = 'trusted';

type Section = readonly [name: string, entries: Readonly<Record<string, string>>];

/** @param sae whether the radio can be an access point with SAE (WPA3): phones choose then, WPA2 stays possible */
export function hotspotKeyfile(hotspot: {
  ssid: string;
  password: string;
  /** Default `wlan0`. */
  device?: string;
  sae?: boolean;
}): string {
  const { ssid, password, device = 'wlan0', sae = false } = hotspot;
  return keyfile([
    // Our supervisor brings it up and down; should our process be dead, nightjar-hotspot.service brings it up.
    connection({ id: HOTSPOT_ID, type: 'wifi', device, autoconnect: false, trusted: true }),
    [
      'wifi',
      {
        mode: 'ap',
        ssid: ssidValue(ssid),
        band: 'bg',
        channel: String(quietChannel(ssid)),
        // A radio that sleeps between beacons loses phones.
        powersave: '2',
      },
    ],
    [
      'wifi-security',
      {
        'key-mgmt': 'wpa-psk',
        proto: 'rsn;',
        pairwise: 'ccmp;',
        group: 'ccmp;',
        // 1 off, 2 optional. SAE wants protected management frames; radios without it fail phones when they are offered.
        pmf: sae ? '2' : '1',
        psk: escaped(checkedPassword(password)),
      },
    ],
    ...shared(HOTSPOT_ADDRESS),
  ]);
}

/** The network over the USB cable to a computer. */
export const usbKeyfile = (device = 'usb0'): string =>
  keyfile([
    connection({ id: USB_ID, type: 'ethernet', device, autoconnect: true, trusted: true }),
    ...shared(USB_ADDRESS),
  ]);

/** A WiFi that somebody else runs. @param password none: an open one */
export function wifiKeyfile(wifi: {
  ssid: string;
  password?: string;
  security?: WifiSecurity;
  hidden?: boolean;
  trusted?: boolean;
}): string {
  const { ssid, password, hidden = false, trusted = false } = wifi;
  const security = wifi.security ?? (password === undefined ? 'open' : 'wpa2');
  return keyfile([
    connection({ id: ssid, type: 'wifi', autoconnect: true, trusted }),
    ['wifi', { mode: 'infrastructure', ssid: ssidValue(ssid), ...(hidden && { hidden: 'true' }) }],
    ...(security === 'open'
      ? []
      : [
          [
            'wifi-security',
            {
              'key-mgmt': security === 'wpa3' ? 'sae' : 'wpa-psk',
              psk: escaped(security === 'wpa3' ? (password ?? '') : checkedPassword(password ?? '')),
            },
          ] as const,
        ]),
    ['ipv4', { method: 'auto' }],
    ['ipv6', { method: 'auto' }],
  ]);
}

/** @returns the SSID's bytes. @throws BadInput beyond 32 of them (IEEE 802.11, 9.4.2.2), or none */
export function ssidBytes(ssid: string): Uint8Array {
  const bytes = new TextEncoder().encode(ssid);
  if (bytes.length === 0 || bytes.length > 32)
    throw new BadInput(`"${ssid}" is no name of a WiFi: it needs 1 to 32 bytes`);
  return bytes;
}

/** @throws BadInput for what WPA2 cannot use (IEEE 802.11, annex J.4: 8 to 63 printable ASCII, or 64 hex digits) */
export function checkedPassword(password: string): string {
  if (!/^[\x20-\x7e]{8,63}$|^[\da-f]{64}$/i.test(password))
    throw new BadInput('a WiFi password has 8 to 63 letters, digits or signs of a plain keyboard');
  return password;
}

/** Units side by side at a star party share the three channels that do not overlap. */
function quietChannel(ssid: string): number {
  const sum = ssidBytes(ssid).reduce((total, byte) => total + byte, 0);
  return [1, 6, 11][sum % 3] as number;
}

function connection(about: {
  id: string;
  type: 'wifi' | 'ethernet';
  device?: string;
  autoconnect: boolean;
  trusted: boolean;
}): Section {
  const { id, type, device, autoconnect, trusted } = about;
  return [
    'connection',
    {
      id: escaped(id),
      type,
      ...(device !== undefined && { 'interface-name': device }),
      autoconnect: String(autoconnect),
      ...(trusted && { zone: TRUSTED_ZONE }),
    },
  ];
}

/** Who joins is given an address by NetworkManager's dnsmasq; what else it is told: `dnsmasq.ts`. */
const shared = (address: string): readonly Section[] => [
  ['ipv4', { method: 'shared', address1: `${address}/24` }],
  ['ipv6', { method: 'disabled' }],
];

const keyfile = (sections: readonly Section[]): string =>
  sections
    .map(([name, entries]) =>
      [`[${name}]`, ...Object.entries(entries).map(([key, value]) => `${key}=${value}`), ''].join('\n'),
    )
    .join('\n');

/** Plain names stay legible; all else is written byte for byte, which nothing can misread. */
const ssidValue = (ssid: string): string => {
  const bytes = ssidBytes(ssid);
  return /^[A-Za-z][\w-]*$/.test(ssid) ? ssid : `${bytes.join(';')};`;
};

/** A string as GKeyFile writes it. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/^ +/, (spaces) => '\\s'.repeat(spaces.length));
