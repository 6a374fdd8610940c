import type { StandIn } from './stand-in.ts';

const AMBIENT = 20;
const TICK_MS = 500;
/** Much faster than a real one. */
const DEGREES_PER_TICK = 2;
/** indi_asi_ccd's TEMP_THRESHOLD. */
const THERE_DEGREES = 0.25;

/** Cooler and temperature as indi_asi_ccd shows them: Busy until it is there, CCD_COOLER Busy while it is on. */
export class AsiCooling {
  readonly #driver: StandIn;
  #celsius = AMBIENT;
  #goal: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(driver: StandIn) {
    this.#driver = driver;
  }

  aim(celsius: number): void {
    if (!(celsius >= -50 && celsius <= 50)) throw new Error(`Bad temperature value! Range is [-50, 50]`);
    if (this.#goal === undefined)
      this.#driver.set('CCD_COOLER', 'Busy', { COOLER_ON: true, COOLER_OFF: false });
    this.#goal = celsius;
    this.#driver.set('CCD_TEMPERATURE', 'Busy');
    this.#driver.log(`[INFO] Setting temperature to ${celsius.toFixed(2)} C.`);
    this.#begin();
  }

  switchTo(on: boolean): void {
    this.#driver.set('CCD_COOLER', on ? 'Busy' : 'Idle', { COOLER_ON: on, COOLER_OFF: !on });
    this.#goal = on ? (this.#goal ?? this.#celsius) : undefined;
    this.#begin();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #begin(): void {
    this.#cancel ??= this.#driver.clock.after(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const goal = this.#goal ?? AMBIENT;
    const step = Math.max(-DEGREES_PER_TICK, Math.min(DEGREES_PER_TICK, goal - this.#celsius));
    this.#celsius += step;
    const there = Math.abs(goal - this.#celsius) < THERE_DEGREES;
    this.#driver.set('CCD_TEMPERATURE', this.#goal === undefined ? 'Idle' : there ? 'Ok' : 'Busy', {
      CCD_TEMPERATURE_VALUE: this.#celsius,
    });
    const power = this.#goal === undefined ? 0 : Math.min(100, 2.5 * (AMBIENT - this.#celsius));
    this.#driver.set('CCD_COOLER_POWER', power > 0 ? 'Busy' : 'Idle', { CCD_COOLER_VALUE: power });
    this.#cancel = undefined;
    if (this.#goal !== undefined || !there) this.#begin();
  }
}
