import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/** A light box or flat panel. */
export interface FlatLight {
  readonly on: Cell<boolean>;
  /** 0…maxBrightness, in the device's own steps. */
  readonly brightness: Cell<number>;
  readonly maxBrightness: number;
  setOn(on: boolean, run: Run): Promise<void>;
  setBrightness(value: number, run: Run): Promise<void>;
}
