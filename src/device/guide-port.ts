import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';
import type { Compass } from './mount.ts';

/** Timed corrections, by the mount or by a camera's ST-4 port. The axes are independent lanes. */
export interface GuidePort {
  /** Multiples of sidereal, where the device says it. */
  readonly rate?: Cell<{ ra: number; dec: number }>;
  setRate?(rate: { ra: number; dec: number }, run: Run): Promise<void>;
  /** Resolves when the pulse is over. @param milliseconds 1…60000 */
  pulse(direction: Compass, milliseconds: number, run: Run): Promise<void>;
}
