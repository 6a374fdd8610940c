import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/** Turns the camera. Angles are the device's degrees, 0–360; what they mean on the sky is known by solving. */
export interface Rotator {
  readonly angle: Cell<number>;
  readonly moving: Cell<boolean>;
  readonly reversed?: Cell<boolean>;
  /** Resolves on arrival. Stopped: the motor has been halted before it rejects. */
  turnTo(degrees: number, run: Run): Promise<void>;
  /** Declares the present angle to be `degrees`; absent: cannot. */
  sync?(degrees: number, run: Run): Promise<void>;
  setReversed?(on: boolean, run: Run): Promise<void>;
  /** Finds the index mark. */
  home?(run: Run): Promise<void>;
  /** Halts the motor at once. Always allowed. */
  halt(): Promise<void>;
}
