import type { Cell } from '../core/cell.ts';
import { cell } from '../core/cell.ts';
import type { DeviceHost } from './host.ts';

/** The optical train of a camera role, from the owner's settings. */
export interface Telescope {
  name: string;
  focalLengthMm: number;
  apertureMm: number;
}

/** What no device can say: the owner's words about the rig. */
export interface RigFacts {
  telescope?: Telescope;
  guideTelescope?: Telescope;
  /** Names of the wheel's slots, first slot first; serve where the wheel itself keeps none. */
  filters: readonly string[];
  observer?: string;
  /** Minutes east of UTC by which nights are named. */
  zoneMinutes: number;
}

export interface Rig {
  readonly host: DeviceHost;
  readonly facts: Cell<RigFacts>;
  describe(facts: Partial<RigFacts>): void;
}

export function createRig(host: DeviceHost, initial: Partial<RigFacts> = {}): Rig {
  const facts = cell<RigFacts>({ filters: [], zoneMinutes: 0, ...initial });
  return { host, facts, describe: (changes) => facts.set({ ...facts.value, ...changes }) };
}

/** The filters of the wheel in its role, first slot first: its own names, the owner's, else `Filter 1` …. */
export function filterNames(rig: Rig): readonly string[] {
  const wheel = rig.host.inRole('wheel')?.capabilities.value.wheel;
  if (!wheel) return [];
  const named = wheel.names?.value ?? rig.facts.value.filters;
  return Array.from({ length: wheel.slots }, (_, index) => named[index] || `Filter ${index + 1}`);
}
