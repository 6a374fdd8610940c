import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/**
 * By what a heater is regulated: by the glass's own probe, by the air alone, or, while the sensor of the air is silent,
 * by nothing but caution.
 */
export type DewRegime = 'by hand' | 'waiting' | 'glass' | 'air' | 'safe';

/** How far above the dew point glass may be asked to stay. */
export const marginRange = { min: 0.5, max: 10 } as const;

/** One heater, on whatever power box, and the glass that it keeps clear. */
export interface DewChannel {
  /** `<device>/<heater>`, stable. */
  readonly id: string;
  readonly label: Cell<string>;
  /** False: whoever set the duty last has it in hand. */
  readonly automatic: Cell<boolean>;
  /** Percent, as the box says; 0: off. */
  readonly duty: Cell<number>;
  /** What the heater takes, where the box measures it. */
  readonly watts: Cell<number | undefined>;
  /** Undefined: no probe is on the glass, or it is silent. */
  readonly glassCelsius: Cell<number | undefined>;
  /** Above the dew point. */
  readonly marginCelsius: Cell<number>;
  readonly regime: Cell<DewRegime>;
  /** True while something that it needs is missing. */
  readonly alarm: Cell<boolean>;
  /** What is being done and why, in plain words. */
  readonly state: Cell<string>;
  setAutomatic(on: boolean, run: Run): Promise<void>;
  setMargin(celsius: number, run: Run): Promise<void>;
}

/** The dew control of the whole unit: what the air is like, and every heater. */
export interface DewControl {
  readonly ambientCelsius: Cell<number | undefined>;
  readonly humidityPercent: Cell<number | undefined>;
  readonly dewPointCelsius: Cell<number | undefined>;
  readonly channels: readonly DewChannel[];
}
