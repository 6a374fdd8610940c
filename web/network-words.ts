import type { NetworkView } from '../src/api/network-view.ts';

/** Where the unit is, in a few words. */
export function whereWords({ hotspot, known, attempt, looking }: NetworkView): string {
  const joined = known.filter((each) => each.joined).map(({ name }) => name);
  if (looking) return 'looking around';
  if (attempt?.state === 'leaving' || attempt?.state === 'trying') return `joining ${attempt.ssid}`;
  if (hotspot.state === 'up') {
    const { phones = 0 } = hotspot;
    const own = phones > 0 ? `own WiFi, ${phones} on it` : 'own WiFi';
    return [own, ...joined].join(' · ');
  }
  if (joined.length > 0) return joined.join(' · ');
  return hotspot.state === 'starting' ? 'own WiFi comes' : 'no network yet';
}

/** What is left to tell of the last wish to join a WiFi. */
export function attemptWords({
  attempt,
  hotspot,
}: NetworkView): { text: string; alert: boolean } | undefined {
  switch (attempt?.state) {
    case 'failed':
      return { text: attempt.words ?? `${attempt.ssid} could not be joined`, alert: true };
    case 'leaving':
      return {
        text: `${hotspot.ssid} goes in a moment: join ${attempt.ssid} with your phone and open http://nightjar.local`,
        alert: false,
      };
    case 'trying':
      return { text: `Nightjar joins ${attempt.ssid}…`, alert: false };
    default:
      return undefined;
  }
}

/** `strong`, `good`, `weak`: NetworkManager's percents, of which 40 is where downloads begin to stutter. */
export const signalWords = (signal: number): string =>
  signal >= 65 ? 'strong' : signal >= 40 ? 'good' : 'weak';

/** `just now`, `4 min ago`, `2 h ago`: how old the list is. @param utc ISO 8601 */
export function agoWords(utc: string | undefined, nowUtc: number): string {
  if (utc === undefined) return 'Nobody has looked yet.';
  const minutes = Math.max(0, Math.round((nowUtc - Date.parse(utc)) / 60_000));
  if (minutes < 2) return 'Seen just now.';
  return minutes < 120 ? `Seen ${minutes} min ago.` : `Seen ${Math.round(minutes / 60)} h ago.`;
}

const ways: readonly [device: RegExp, words: string][] = [
  [/^wl/, 'WiFi'],
  [/^usb/, 'USB cable'],
  [/^e/, 'Ethernet'],
  [/^wg/, 'From elsewhere'],
];

/** By which way an address is reached. @param device the kernel's name of it: `wlan0` */
export const wayWords = (device: string): string =>
  ways.find(([pattern]) => pattern.test(device))?.[1] ?? device;

const OWN_NETWORKS = /^10\.4[234]\.0\./;

/** Under which the unit is likely reached from elsewhere: its address at home, whose router may lead there. */
export const likelyEndpoint = ({ addresses }: Pick<NetworkView, 'addresses'>): string =>
  addresses.find(({ address }) => !OWN_NETWORKS.test(address))?.address ?? '';
