import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/** One switched output: a 12 V port, a USB port, a relay. `id` is stable and `[a-z0-9-]+`. */
export interface SwitchedPort {
  readonly id: string;
  readonly label: Cell<string>;
  readonly on: Cell<boolean>;
  readonly amperes?: Cell<number | undefined>;
  setOn(on: boolean, run: Run): Promise<void>;
}

export interface DewHeater {
  readonly id: string;
  readonly label: Cell<string>;
  /** Percent, 0: off. */
  readonly duty: Cell<number>;
  readonly amperes?: Cell<number | undefined>;
  /** The box regulates by its own sensor. */
  readonly automatic?: Cell<boolean>;
  setDuty(percent: number, run: Run): Promise<void>;
  setAutomatic?(on: boolean, run: Run): Promise<void>;
}

export interface AdjustableOutput {
  readonly id: string;
  readonly label: Cell<string>;
  readonly volts: Cell<number>;
  readonly min: number;
  readonly max: number;
  readonly on?: Cell<boolean>;
  setVolts(volts: number, run: Run): Promise<void>;
  setOn?(on: boolean, run: Run): Promise<void>;
}

/** A power box: what it measures of its supply, and every output it switches. */
export interface PowerBox {
  readonly volts?: Cell<number | undefined>;
  readonly amperes?: Cell<number | undefined>;
  readonly watts?: Cell<number | undefined>;
  readonly ports: readonly SwitchedPort[];
  readonly usb: readonly SwitchedPort[];
  readonly heaters: readonly DewHeater[];
  readonly adjustable: readonly AdjustableOutput[];
  /** Everything off and on again. */
  cycle?(run: Run): Promise<void>;
}
