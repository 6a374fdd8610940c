import type { CapabilityName } from '../../src/device/capabilities.ts';
import { type ContractCase, contract } from '../../src/device/contract.ts';
import {
  type AdoptionCase,
  focusing,
  judging,
  locating,
  pierSide,
  powering,
  rolling,
  switching,
} from './adoption-cases.ts';
import { adopted, labelOf, missing, type Subject } from './adoption-desk.ts';
import { atOnce } from './at-once.ts';
import type { Case, Form, Suite } from './suite.ts';

interface Candidate {
  subject: Subject;
  /** What of the shared contract it is put through. */
  capabilities: readonly CapabilityName[];
  own?: readonly AdoptionCase[];
  /** Cases that this program cannot pass, by what their names begin with, and why. */
  cannot?: Readonly<Record<string, string>>;
  /** Only in the full form: their motions take their time. */
  slow?: readonly string[];
}

const simulator = (name: string): Subject => ({ simulator: `indi_${name}` });
const standIn = (name: string, ...args: string[]): Subject => ({ standIn: name, args });

const candidates: readonly Candidate[] = [
  {
    subject: simulator('simulator_telescope'),
    capabilities: ['mount', 'guide'],
    own: [pierSide(18)],
    cannot: {
      'slews to a place': 'the simulator slews to where the target was when the slew began',
      'the paddle moves': 'the simulator turns north and south round with its pier side',
      'pulses last': 'the simulator turns north and south round with its pier side',
    },
    slow: ['mount: halts', 'mount: parks', 'tracks past'],
  },
  { subject: standIn('mount'), capabilities: ['mount', 'guide'], own: [pierSide(8)] },
  {
    subject: simulator('simulator_focus'),
    capabilities: ['focuser'],
    cannot: { 'halts the motor': 'the simulator hears nothing while it moves' },
  },
  {
    subject: { driver: 'indi_lx200_OnStep', emulator: 'onstep' },
    capabilities: ['mount', 'guide'],
    own: [pierSide(16)],
    slow: ['tracks past'],
  },
  {
    subject: { driver: 'indi_moonlite_focus', emulator: 'moonlite' },
    capabilities: ['focuser'],
    cannot: { 'halts the motor': 'the driver takes positions beyond 65535, which is all the motor can' },
  },
  { subject: simulator('simulator_wheel'), capabilities: ['wheel'] },
  { subject: simulator('simulator_rotator'), capabilities: ['rotator'] },
  { subject: simulator('simulator_dome'), capabilities: ['dome'], slow: ['dome: turns to'] },
  {
    subject: simulator('rolloff_dome'),
    capabilities: ['dome'],
    own: [rolling],
    slow: ['dome: parks', rolling.name],
  },
  { subject: simulator('simulator_gps'), capabilities: ['gps'], own: [locating] },
  { subject: simulator('simulator_weather'), capabilities: ['weather'], own: [judging] },
  { subject: simulator('simulator_lightpanel'), capabilities: ['light'] },
  { subject: standIn('accessory', 'cap'), capabilities: ['cover'] },
  { subject: standIn('accessory', 'lines'), capabilities: ['lines'], own: [switching] },
  {
    subject: standIn('accessory', 'relative-focuser'),
    capabilities: ['focuser'],
    own: [focusing],
    cannot: { 'halts the motor': 'what does not count cannot say how far it has come' },
  },
  { subject: standIn('power-box'), capabilities: ['power'], own: [powering(false)] },
  { subject: standIn('power-box', '--pegasus'), capabilities: ['power'], own: [powering(true)] },
];

/** Children at a time: most of what they do is waiting for motors. */
const AT_ONCE = 8;

/** Foreign drivers as our children: each, adopted, is put through the contract of its capabilities. */
export const adoption: Suite = {
  name: 'adoption',
  cases: (form) =>
    atOnce(
      candidates.flatMap((candidate) => casesOf(candidate, form)),
      AT_ONCE,
    ),
};

function casesOf({ subject, capabilities, own = [], cannot = {}, slow = [] }: Candidate, form: Form): Case[] {
  const shared = contract.filter(
    ({ capability }) => capability === 'device' || capabilities.includes(capability),
  );
  const wanted = [...shared.map(named), ...own].filter(
    ({ name }) => form === 'full' || !slow.some((words) => name.includes(words)),
  );
  return wanted.map(({ name, perform }) => ({
    name: `${labelOf(subject)} ${name}`,
    async run() {
      const reason = Object.entries(cannot).find(([beginning]) => name.includes(beginning))?.[1];
      return missing(subject) ?? reason ?? adopted(subject, perform).then(() => undefined);
    },
  }));
}

const named = ({ capability, name, perform }: ContractCase): AdoptionCase => ({
  name: `${capability}: ${name}`,
  perform,
});
