import type { ExposureSet, Plan } from './plan.ts';

/** What is so at this moment, from the ledger and the devices' cells. */
export interface Situation {
  /** Frames stored or accepted, by set. */
  taken: Readonly<Record<string, number>>;
  mount: 'parked' | 'elsewhere' | 'on target';
  /** Undefined: there is no wheel. */
  filter?: string | undefined;
  /** Undefined: there is no focuser. */
  focus?: number | undefined;
}

export type Step =
  | { do: 'unpark' }
  | { do: 'slew'; ra: number; dec: number }
  | { do: 'filter'; name: string }
  | { do: 'focus'; steps: number }
  | { do: 'expose'; set: ExposureSet }
  | { do: 'park' }
  | { do: 'end' };

/** The next step of the night. Pure: the same situation always gives the same step. */
export function decide(plan: Plan, now: Situation): Step {
  const set = plan.sets.find(({ id, count }) => (now.taken[id] ?? 0) < count);
  if (!set) return plan.park && now.mount !== 'parked' ? { do: 'park' } : { do: 'end' };
  if (now.mount === 'parked') return { do: 'unpark' };
  if (now.mount === 'elsewhere') return { do: 'slew', ra: plan.target.ra, dec: plan.target.dec };
  if (set.filter !== undefined && now.filter !== undefined && now.filter !== set.filter) {
    return { do: 'filter', name: set.filter };
  }
  if (set.focus !== undefined && now.focus !== undefined && now.focus !== set.focus) {
    return { do: 'focus', steps: set.focus };
  }
  return { do: 'expose', set };
}
