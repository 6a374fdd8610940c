import type { Cell } from '../core/cell.ts';
import type { SwitchedPort } from './power.ts';

export interface DigitalInput {
  readonly id: string;
  readonly label: Cell<string>;
  readonly on: Cell<boolean | undefined>;
}

export interface AnalogInput {
  readonly id: string;
  readonly label: Cell<string>;
  readonly value: Cell<number | undefined>;
}

/** General inputs and outputs: relays, door contacts, GPIO lines. */
export interface Lines {
  readonly outputs: readonly SwitchedPort[];
  readonly inputs: readonly DigitalInput[];
  readonly analog: readonly AnalogInput[];
}
