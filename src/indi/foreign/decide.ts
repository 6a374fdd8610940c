import type { Guard, Guarded } from '../../device/limits.ts';
import type { Site } from '../../sky/site.ts';
import type { Halt, Meaning, Words } from '../adopt/motion.ts';
import { motionOf } from '../adopt/motions.ts';
import { misplaced } from '../adopt/paths.ts';
import { serialPortOf } from '../adopt/serial-port.ts';
import type { NewVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

/** What a decision about a client's command rests on. */
interface Knowledge {
  /** As the device has last said it. */
  property(name: string): Seen | undefined;
  /** The switch last asked to be On, by whomever; '': none. The device may not have answered yet. */
  asked(property: string): string | undefined;
  readonly guard: Guard;
  /** Absent: the host does not know it. */
  readonly device?: (Guarded & { readonly laneNames: readonly string[] }) | undefined;
  /** Within which clients may have files written. */
  readonly dataDirectory: string;
  /** Whose a serial port is, if it is another device's. */
  readonly holderOf?: ((port: string) => string | undefined) | undefined;
  /** Milliseconds since 1970. */
  readonly utc: number;
  readonly site: Site | undefined;
}

export type Decision =
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'forward' }
  | {
      readonly do: Meaning['how'];
      readonly title: string;
      readonly lanes: readonly string[];
      readonly ofHead: boolean;
      readonly reports: boolean;
      /** It concerns all that the device's guide head does, too. */
      readonly andHead?: true;
      readonly halt?: Halt;
    };

const refuse = (reason: string): Decision => ({ do: 'refuse', reason });

/** Whether a foreign device is told what a client says, and whose turn it takes. */
export function decide(command: NewVector, knowledge: Knowledge): Decision {
  const { name } = command;
  const wrong = misplaced(command, knowledge.dataDirectory);
  if (wrong !== undefined) return refuse(wrong);
  // CONNECT Off alone is a farewell, too, to some drivers.
  if (name === 'CONNECTION') return (chosenOf(command) === 'CONNECT' ? greeting : farewell)(knowledge);
  const motion = motionOf(name);
  if (!motion) return { do: 'forward' };
  const seen = knowledge.property(name);
  if (!seen || seen.kind !== command.kind) return refuse(`there is no ${command.kind} vector ${name} now`);
  const broken = command.elements.find(({ value }) => typeof value === 'number' && !Number.isFinite(value));
  if (broken) return refuse(`${name}: ${broken.name} is no number`);

  const words = wordsOf(command, seen, knowledge);
  const meaning = typeof motion.means === 'function' ? motion.means(words) : motion.means;
  const { how, operation, args = {}, refusal: impossible } = meaning;
  if (impossible !== undefined) return refuse(`${name}: ${impossible}`);
  if (motion.capability && operation !== undefined && how !== 'stops') {
    const refusal = knowledge.guard(motion.capability, operation, args, knowledge.utc, knowledge.device);
    if (refusal !== undefined) return refuse(refusal);
    const missing = Object.values(args).some((value) => Number.isNaN(value));
    if (missing) return refuse(`${name}: not enough is known to judge it; give every element`);
  }
  return {
    do: how,
    title: operation === undefined ? name : `${motion.capability}.${operation}`,
    lanes: motion.lanes,
    ofHead: motion.head === true,
    reports: motion.reports === true,
    ...(motion.halt && { halt: motion.halt }),
  };
}

/** A driver that is let at another device's port would answer in its name. */
function greeting(knowledge: Knowledge): Decision {
  const port = serialPortOf(knowledge);
  const holder = port === undefined ? undefined : knowledge.holderOf?.(port);
  return holder === undefined
    ? { do: 'forward' }
    : refuse(`${port} is ${holder}'s: set DEVICE_PORT to another`);
}

/** A running night or a person keeps its devices: clients say goodbye by disconnecting everything. */
function farewell({ device }: Knowledge): Decision {
  const lanes = device?.laneNames ?? [];
  return { do: 'touches', title: 'disconnect', lanes, ofHead: false, reports: false, andHead: true };
}

export const chosenOf = (command: NewVector): string | undefined =>
  command.elements.find(({ value }) => value === true)?.name;

function wordsOf(command: NewVector, seen: Seen, { property, asked, utc, site }: Knowledge): Words {
  return {
    chosen: chosenOf(command),
    number(element) {
      const given = command.elements.find(({ name }) => name === element)?.value ?? seen.values[element];
      return typeof given === 'number' ? given : Number.NaN;
    },
    isOn(other, element) {
      const last = asked(other);
      return property(other)?.values[element] === true && (last === undefined || last === element);
    },
    utc,
    site,
  };
}
