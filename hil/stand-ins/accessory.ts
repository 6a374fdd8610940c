import { type Declared, numbers, switches, texts } from '../../src/indi/adopt/declared.ts';
import { type Command, StandIn, type Values } from './shared/stand-in.ts';

/** What no simulator of Debian's INDI covers, by the first argument: `cap`, `lines` or `relative-focuser`. */
interface Accessory {
  device: string;
  interfaces: number;
  connected: Declared[];
  commands?: Record<string, Command>;
}

const CAP_MS = 1500;
const STEPS_PER_SECOND = 500;
const once = { rule: 'AtMostOne' } as const;
const off = { OFF: true, ON: false };
/** Ends the motion in progress. */
let motion = new AbortController();

/** Busy, then Ok; an abort leaves it Idle. */
async function move(property: string, values: Values, milliseconds: number, aborted: Values): Promise<void> {
  motion.abort();
  motion = new AbortController();
  const { signal } = motion;
  device.set(property, 'Busy', values);
  const arrived = await device.clock.sleep(milliseconds, signal).then(
    () => true,
    () => false,
  );
  if (arrived) device.set(property, 'Ok');
  else if (signal === motion.signal) device.set(property, 'Idle', aborted);
}

const abort = (property: string) => () => {
  motion.abort();
  device.set(property, 'Ok', { ABORT: false });
};

const accessories: Record<string, Accessory> = {
  cap: {
    device: 'Dust Cap',
    interfaces: 512,
    connected: [
      switches('CAP_PARK', { PARK: true, UNPARK: false }, { state: 'Ok' }),
      switches('CAP_ABORT', { ABORT: false }, once),
    ],
    commands: {
      CAP_PARK: (values) => move('CAP_PARK', values, CAP_MS, { PARK: false, UNPARK: false }),
      CAP_ABORT: abort('CAP_ABORT'),
    },
  },
  lines: {
    device: 'Relay Board',
    interfaces: 65_536 | 131_072,
    connected: [
      switches('DIGITAL_OUTPUT_1', off),
      switches('DIGITAL_OUTPUT_2', off),
      texts('DIGITAL_OUTPUT_LABELS', { DIGITAL_OUTPUT_1: 'Heater', DIGITAL_OUTPUT_2: '' }),
      switches('DIGITAL_INPUT_1', off, { perm: 'ro' }),
      texts('DIGITAL_INPUT_LABELS', { DIGITAL_INPUT_1: 'Door' }),
      numbers('ANALOG_INPUT_1', { ANALOG_INPUT_1: 3.3 }, { perm: 'ro' }),
    ],
    commands: {
      // The door's contact is wired to the heater's relay.
      DIGITAL_OUTPUT_1: (values) => {
        device.set('DIGITAL_OUTPUT_1', 'Ok', values);
        device.set('DIGITAL_INPUT_1', 'Ok', values);
      },
    },
  },
  'relative-focuser': {
    device: 'Relative Focuser',
    interfaces: 8,
    connected: [
      switches('FOCUS_MOTION', { FOCUS_INWARD: true, FOCUS_OUTWARD: false }),
      numbers('REL_FOCUS_POSITION', { FOCUS_RELATIVE_POSITION: { value: 0, min: 0, max: 5000 } }),
      switches('FOCUS_ABORT_MOTION', { ABORT: false }, once),
    ],
    commands: {
      REL_FOCUS_POSITION: (values) => {
        const seconds = Number(values.FOCUS_RELATIVE_POSITION) / STEPS_PER_SECOND;
        return move('REL_FOCUS_POSITION', values, seconds * 1000, {});
      },
      FOCUS_ABORT_MOTION: abort('FOCUS_ABORT_MOTION'),
    },
  },
};

const kind = process.argv[2] ?? '';
const chosen = accessories[kind];
if (!chosen) throw new Error(`accessory "${kind}": one of ${Object.keys(accessories).join(', ')}`);
const device: StandIn = new StandIn({ ...chosen, executable: `accessory ${kind}` });
device.run();
