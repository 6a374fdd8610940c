import { cell } from '../core/cell.ts';
import { asError } from '../core/errors.ts';
import type { Actor, Lease } from '../core/lane.ts';
import type { Run } from '../core/run.ts';
import type { Device } from '../device/device.ts';
import type { DewChannel, DewRegime } from '../device/dew.ts';
import { operations } from '../device/operations.ts';
import type { DewHeater } from '../device/power.ts';
import { decideDew, dewMemory } from './dew.ts';
import type { KnownAir, ProbePlace } from './dew-sources.ts';

/** What the owner has said of one heater. */
export interface DewChoice {
  readonly automatic: boolean;
  readonly marginCelsius: number;
  readonly probe?: ProbePlace | undefined;
}

/** Nobody's heater is switched on before its owner says so. */
export const firstChoice: DewChoice = { automatic: false, marginCelsius: 2 };

/** What there is to decide by. */
export interface DewView {
  seconds: number;
  air: KnownAir | undefined;
  sensor: string | undefined;
  probe: { name: string; celsius: number | undefined } | undefined;
}

/** Clients must not take its heaters from it; a person may at any time. */
export const dewActor: Actor = { name: 'dew control', rank: 'night' };
/** Less is left as it is: nobody would see it, and boxes have better to do. */
const LEAST_STEP_PERCENT = 2;

/**
 * One heater in the care of the dew control. While it is automatic its lane is leased: clients are told who is busy with
 * it, and a person who sets its duty has it in hand from then on.
 */
export class HeaterCare {
  readonly channel: DewChannel;
  readonly #device: Device;
  readonly #id: string;
  readonly #keep: (choice: DewChoice) => void;
  readonly #cells;
  #choice: DewChoice;
  #heater: DewHeater;
  #unfollow = () => {};
  #memory = dewMemory();
  #lease: Lease | undefined;
  #commanding = false;

  constructor(device: Device, heater: DewHeater, choice: DewChoice, keep: (choice: DewChoice) => void) {
    this.#device = device;
    this.#id = heater.id;
    this.#heater = heater;
    this.#choice = choice;
    this.#keep = keep;
    this.#cells = {
      label: cell(''),
      automatic: cell(choice.automatic),
      duty: cell(0),
      watts: cell<number | undefined>(undefined),
      glassCelsius: cell<number | undefined>(undefined),
      marginCelsius: cell(choice.marginCelsius),
      regime: cell<DewRegime>('by hand'),
      alarm: cell(false),
      state: cell(''),
    };
    this.channel = {
      id: `${device.id}/${heater.id}`,
      ...this.#cells,
      setAutomatic: async (on) => (on ? this.#take() : this.#let()),
      setMargin: async (marginCelsius) => this.choose({ ...this.#choice, marginCelsius }),
    };
    this.follow(heater);
  }

  get device(): Device {
    return this.#device;
  }

  get choice(): DewChoice {
    return this.#choice;
  }

  /** Margin and probe, from now on; whether it is automatic is asked for by an operation. */
  choose(choice: DewChoice): void {
    this.#choice = choice;
    this.#cells.marginCelsius.set(choice.marginCelsius);
    this.#cells.automatic.set(choice.automatic);
    this.#keep(choice);
  }

  /** After a reconnect its box has a new one. */
  follow(heater: DewHeater): void {
    this.#unfollow();
    this.#heater = heater;
    const volts = this.#device.capabilities.value.power?.volts;
    const show = () => {
      const current = heater.amperes?.value;
      const supply = volts?.value;
      this.#cells.label.set(`${this.#device.label.value}: ${heater.label.value || heater.id}`);
      this.#cells.duty.set(heater.duty.value);
      this.#cells.watts.set(current === undefined || supply === undefined ? undefined : current * supply);
      if (!this.#choice.automatic) this.#rest();
    };
    const sources = [heater.label, heater.duty, heater.amperes, volts, this.#device.label];
    const ends = sources.flatMap((source) => (source ? [source.watch(show)] : []));
    this.#unfollow = () => {
      for (const end of ends) end();
    };
    show();
  }

  /** Decides anew and, if that asks for another duty, sets it. Never rejects. */
  async decide({ air, sensor, probe, seconds }: DewView): Promise<void> {
    this.#cells.glassCelsius.set(probe?.celsius);
    if (!this.#choice.automatic) return;
    try {
      const { state } = this.#device.status.value;
      if (state !== 'connected')
        return this.#show('waiting', `waits: ${this.#device.label.value} is ${state}`, true);
      this.#hold();
      await this.#takeFromBox();
      if (!this.#choice.automatic) return;
      const { marginCelsius } = this.#choice;
      const decided = decideDew({ seconds, air, sensor, probe, marginCelsius }, this.#memory);
      this.#memory = decided.memory;
      this.#show(decided.regime, decided.state, decided.alarm);
      await this.#command(decided.duty);
    } catch (thrown) {
      if (this.#choice.automatic) this.#show('waiting', `waits: ${asError(thrown).message}`, true);
    }
  }

  /** Until it decides again; the heater stays as it is, and is anybody's. */
  pause(why: string): void {
    this.#release();
    if (this.#choice.automatic) this.#show('waiting', `waits: ${why}`, true);
  }

  /** For good; the heater stays as it is. */
  leave(): void {
    this.#unfollow();
    this.#release();
  }

  #release(): void {
    this.#lease?.release();
    this.#lease = undefined;
  }

  /** @throws Fault `busy` */
  #take(): void {
    this.#hold();
    this.choose({ ...this.#choice, automatic: true });
    this.#show('waiting', 'looks at the sensors', false);
  }

  #let(): void {
    this.#release();
    this.choose({ ...this.#choice, automatic: false });
    this.#rest();
  }

  /** @throws Fault `busy` */
  #hold(): void {
    if (this.#lease) return;
    const [lane = ''] = operations.power.heat.lanes({ id: this.#id, percent: 0 });
    const lease = this.#device.lane(lane).lease(dewActor);
    this.#lease = lease;
    lease.lost.addEventListener('abort', () => this.#lease === lease && this.#let());
    this.#memory = dewMemory(this.#heater.duty.value);
  }

  /** Each time: a box that was lost may come back regulating by itself. */
  async #takeFromBox(): Promise<void> {
    if (!this.#heater.automatic?.value) return;
    await this.#alone(() =>
      this.#device.operate(dewActor, 'power', 'heatAutomatically', { id: this.#id, on: false }),
    );
  }

  async #command(percent: number): Promise<void> {
    const differs = Math.abs(percent - this.#heater.duty.value);
    if (differs < (percent === 0 ? 0.5 : LEAST_STEP_PERCENT)) return;
    await this.#alone(() => this.#device.operate(dewActor, 'power', 'heat', { id: this.#id, percent }));
  }

  /** An order to the box, unless one is on its way: a second would end the first. */
  async #alone(order: () => Run<void>): Promise<void> {
    if (this.#commanding) return;
    this.#commanding = true;
    try {
      await order().outcome;
    } finally {
      this.#commanding = false;
    }
  }

  #rest(): void {
    const { automatic, duty } = this.#heater;
    const words = duty.value > 0 ? `heating at ${Math.round(duty.value)} %` : 'off';
    this.#show(
      'by hand',
      automatic?.value ? `${this.#device.label.value} regulates it by itself` : `by hand: ${words}`,
      false,
    );
  }

  #show(regime: DewRegime, state: string, alarm: boolean): void {
    this.#cells.regime.set(regime);
    this.#cells.alarm.set(alarm);
    this.#cells.state.set(state);
  }
}
