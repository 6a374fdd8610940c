import { BadInput, Fault } from '../../core/errors.ts';
import type { WifiSecurity } from './air.ts';
import { checkedPassword, ssidBytes } from './keyfiles.ts';
import type { JoinFailure } from './nmcli.ts';
import type { NetworkState } from './state.ts';

/** A WiFi that the owner wants the unit to join. */
export interface Wish {
  readonly ssid: string;
  /** Absent: an open one, or one that is known. */
  readonly password?: string;
  /** It does not tell its name. */
  readonly hidden?: boolean;
}

/** How long it is tried. */
export const JOIN_SECONDS = 45;

/**
 * How to ask for it, by what is in the air and what is known.
 * @throws BadInput for what cannot work, Fault `unsupported` for a WiFi that wants more than a password
 */
export function securityFor(
  { ssid, password }: Wish,
  { seen, known }: Pick<NetworkState, 'seen' | 'known'>,
): WifiSecurity {
  ssidBytes(ssid);
  if (/\p{Cc}/u.test(ssid + (password ?? '')))
    throw new BadInput('the name or the password of a WiFi has a sign that no keyboard has: type it again');
  const inAir = seen.find((network) => network.ssid === ssid)?.security;
  const isKnown = known.some(({ name }) => name === ssid);
  if (inAir === 'other')
    throw new Fault('unsupported', `${ssid} asks for more than a password: use another WiFi, or a cable`);
  if (password === undefined) {
    if (inAir === undefined || inAir === 'open') return isKnown ? (inAir ?? 'wpa2') : 'open';
    if (!isKnown) throw new BadInput(`${ssid} needs its password`);
    return inAir;
  }
  // Perhaps it only has the name of the one that was meant.
  if (inAir === 'open')
    throw new BadInput(`${ssid} is open now: join it without a password, if it is the right one`);
  if (inAir !== 'wpa3') checkedPassword(password);
  return inAir ?? 'wpa2';
}

/** Why it was not joined, for people, who read it on the page that the hotspot shows again. */
export const failureWords: Readonly<Record<JoinFailure, (ssid: string) => string>> = {
  password: (ssid) => `${ssid} did not take the password: type it again`,
  'not-found': (ssid) => `${ssid} was not found: is it on, and near enough?`,
  'no-address': (ssid) => `${ssid} let the unit in but gave it no address: restart that router`,
  'no-answer': (ssid) =>
    `${ssid} did not let the unit in within ${JOIN_SECONDS} s: the signal is weak, or the password wrong`,
  other: (ssid) => `${ssid} could not be joined: try again, nearer to it`,
};
