import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';
import type { Control } from './camera.ts';

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
  /** Of the motor, in the device's own steps. */
  readonly speed?: Control;
  /** The sense of the motor is turned round. */
  readonly reversed?: Cell<boolean>;
  setReversed?(on: boolean, run: Run): Promise<void>;
  /** Steps that the device itself adds at a change of direction; 0: off. */
  readonly backlash?: Cell<number>;
  setBacklash?(steps: number, run: Run): Promise<void>;
  /** Runs the motor for a time: for those that do not count. @param milliseconds 1…60000 */
  drive?(direction: 'inward' | 'outward', milliseconds: number, run: Run): Promise<void>;
  /** Halts the motor at once. Always allowed. */
  halt(): Promise<void>;
}
