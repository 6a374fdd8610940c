import type { TrackingRate } from '../../src/device/mount.ts';
import { exactly, type Framing, until } from '../../src/wire/framing.ts';

/** What differs between the mounts of the family, as data. */
export interface Dialect {
  /** What `:GVP#` says; absent: the mount is not asked for its version. */
  product?: RegExp;
  /** Paddle rates, slow to fast: what people call them, and the command that chooses one. */
  rates: readonly (readonly [label: string, command: string])[];
  /** The mount times `:Mgn0500#` itself; otherwise the host does, by the guide rate. */
  timedPulses: boolean;
  /** OnStep's additions: the state by `:GU#` and `:Gm#`, tracking on and off, unpark, an answered park. */
  status: boolean;
  /** Latitude and longitude with seconds of arc. */
  siteSeconds: boolean;
  dateReply: Framing;
  gotoReply: Framing;
  /** Why a goto is refused, by the answer's first character. */
  refusals: Readonly<Record<string, string>>;
}

const ZERO = 0x30;

/** `0`, or `1Updating Planetary Data#` and a second section. */
const planetaryReply: Framing = (bytes) => {
  if (bytes[0] === ZERO) return 1;
  const first = bytes.indexOf(0x23);
  const second = first < 0 ? -1 : bytes.indexOf(0x23, first + 1);
  return second < 0 ? undefined : second + 1;
};

/** `0`, or a digit, the mount's words and `#`. */
const wordedReply: Framing = (bytes) => (bytes[0] === ZERO ? 1 : until('#')(bytes));

const meadeRates = [
  ['guide', 'RG'],
  ['centre', 'RC'],
  ['find', 'RM'],
  ['slew', 'RS'],
] as const;

const meade = {
  rates: meadeRates,
  status: false,
  siteSeconds: false,
  dateReply: planetaryReply,
  gotoReply: wordedReply,
  refusals: { '1': 'the target is below the horizon', '2': 'the target is higher than the mount allows' },
} as const;

export const classic: Dialect = { ...meade, timedPulses: false };
export const autostar: Dialect = { ...meade, timedPulses: true, product: /autostar|etx|lx|audiostar/i };

const onstepRates = ['0.25×', '0.5×', '1×', '2×', '4×', '8×', '20×', '48×', 'half', 'full'];

export const onstep: Dialect = {
  product: /on-?step/i,
  rates: onstepRates.map((label, index) => [label, `R${index}`] as const),
  timedPulses: true,
  status: true,
  siteSeconds: true,
  dateReply: exactly(1),
  gotoReply: exactly(1),
  refusals: {
    '1': 'the target is below the horizon limit',
    '2': 'the target is above the overhead limit',
    '3': 'the controller is in standby: it does not track',
    '4': 'the mount is parked',
    '5': 'another goto is under way',
    '6': 'the target is outside the limits',
    '7': 'the motor hardware reports a fault',
    '8': 'the mount is moving already',
    '9': 'for a reason that it does not name',
  },
};

export const trackingCommand: Record<TrackingRate, string> = { sidereal: 'TQ', solar: 'TS', lunar: 'TL' };
