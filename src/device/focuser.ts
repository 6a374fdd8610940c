import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/** Positions are the device's steps; outward is increasing. */
export interface Focuser {
  readonly position: Cell<number>;
  readonly moving: Cell<boolean>;
  readonly maxStep: number;
  /** Celsius; absent: no probe. */
  readonly temperature?: Cell<number | undefined>;
  /** Resolves on arrival. Stopped: the motor has been halted before it rejects. @throws Fault `refused` off the range */
  moveTo(steps: number, run: Run): Promise<void>;
  /** Declares the present position to be `steps`; absent: cannot. */
  sync?(steps: number, run: Run): Promise<void>;
  /** Halts the motor at once. Always allowed. */
  halt(): Promise<void>;
}
