import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { serialPort } from '../../../src/wire/serial.ts';
import type { RegisterEmulator, StreamEmulator } from '../../emulators/emulator.ts';
import { emulatorOf } from '../../emulators/index.ts';
import { createWorld, laPalma, type World } from '../../sky/world.ts';
import { ds18b20 } from './ds18b20.ts';
import { ds2490 } from './ds2490.ts';
import { ftdiAdapter } from './ftdi.ts';
import { acmGadget } from './gadget.ts';
import { type Probe, type SimulatedChip, simulatedChip, probe as watchLine } from './gpio-sim.ts';
import { stubBus } from './i2c-stub.ts';
import { mirrorBme280, mirrorIna219 } from './mirror.ts';
import { Outlet } from './outlet.ts';
import { plugIn } from './usbip.ts';

/** How many times faster than clocks the air and the glass change. */
export const HASTE = 20;

/** What lies on the workbench: everything that has a cable, and the air around it. */
export class Desk {
  readonly air: World;
  readonly #emulators = new Map<string, StreamEmulator>();
  readonly #outlets = new Map<string, Outlet>();
  readonly #cables = new Map<string, { pull(): void; baud?(): number }>();
  readonly #lines = new Map<number, Probe>();
  #chip: SimulatedChip | undefined;

  constructor() {
    this.air = createWorld({ clock: hasty(systemClock, HASTE), site: laPalma });
    Object.assign(this.air.weather.override, {
      temperatureCelsius: 8,
      humidity: 75,
      clouds: 0,
      windMetresPerSecond: 0,
    });
  }

  /** A device of this family as a USB modem of its own. @returns what udev will call it */
  async modem(family: string): Promise<string> {
    const gadget = acmGadget(family, `bench-${family}`);
    const outlet = new Outlet(await serialPort(gadget.tty).open(systemClock, {}));
    this.#outlets.set(family, outlet);
    this.#cables.set(family, gadget);
    this.powerCycle(family);
    return gadget.byId;
  }

  /** The device forgets all, as it does without power; its cable stays. */
  powerCycle(family: string): void {
    this.#emulators.delete(family);
    const outlet = this.#outlets.get(family);
    if (outlet) this.#emulator(family).attach(outlet.anew());
  }

  /** A device of this family on an FTDI cable; the same serial number is the same cable. */
  async adapter(family: string, serial: string, socket: number): Promise<string> {
    const adapter = ftdiAdapter(serial);
    this.#emulator(family).attach(adapter.line);
    const { pull } = await plugIn(adapter.gear, socket);
    this.#cables.set(serial, { pull, baud: adapter.baud });
    return `/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_${serial}-if00-port0`;
  }

  pull(cable: string): void {
    this.#cables.get(cable)?.pull();
    this.#cables.delete(cable);
  }

  baud(cable: string): number | undefined {
    return this.#cables.get(cable)?.baud?.();
  }

  truth(family: string): Readonly<Record<string, unknown>> {
    return this.#emulator(family).truth.value;
  }

  /** A thermometer on the glass, on a 1-wire bus behind a USB adapter. @returns what the kernel will call it */
  async thermometer(serial: number, socket: number): Promise<string> {
    const chip = ds18b20(
      serial,
      () => systemClock.monotonic(),
      () => this.air.glass.celsius(),
    );
    const { pull } = await plugIn(ds2490([chip]), socket);
    this.#cables.set('thermometer', { pull });
    return `28-${serial.toString(16).padStart(12, '0')}`;
  }

  /** A BME280 at 0x76 in the air, an INA219 at 0x40 in the supply. @returns the number of their bus */
  async chips(module: string): Promise<number> {
    const stub = await stubBus(module, [0x76, 0x40]);
    await mirrorBme280(stub, 0x76, this.#chipOf('bme280'), systemClock);
    await mirrorIna219(stub, 0x40, this.#chipOf('ina219'), systemClock);
    return stub.number;
  }

  header(label: string): string {
    this.#chip = simulatedChip(label);
    return this.#chip.name;
  }

  level(line: number): boolean {
    return this.#header().level(line);
  }

  hold(line: number, up: boolean): void {
    this.#header().pull(line, up);
  }

  /** Solders the strap round the glass to a line. */
  heat(line: number): void {
    const warm = (on: boolean) => {
      this.air.glass.heater = on ? 1 : 0;
    };
    this.#lines.set(line, watchLine(this.#header(), line, systemClock, warm));
  }

  /** Of a line with a heater: its share of on since it was asked last, and how often it was switched so far. */
  duty(line: number): { duty: number; changes: number } | undefined {
    const probe = this.#lines.get(line);
    return probe && { duty: probe.duty(), changes: probe.changes };
  }

  weather(conditions: Readonly<Record<string, number>>): void {
    Object.assign(this.air.weather.override, conditions);
  }

  /** Brings the glass to this temperature at once. */
  cool(celsius: number): void {
    this.air.glass.restore({ celsius, heater: this.air.glass.heater, dew: 0 });
  }

  glass(): { glassCelsius: number; dewPointCelsius: number; ambientCelsius: number } {
    const { dewPointCelsius, temperatureCelsius } = this.air.weather.at();
    return { glassCelsius: this.air.glass.celsius(), dewPointCelsius, ambientCelsius: temperatureCelsius };
  }

  #chipOf(family: string): RegisterEmulator {
    const found = emulatorOf(family);
    if (found?.kind !== 'registers') throw new Error(`no emulator of "${family}" is a chip`);
    return found.create({ clock: systemClock, world: this.air, options: {} });
  }

  #header(): SimulatedChip {
    if (!this.#chip) throw new Error('there is no header yet');
    return this.#chip;
  }

  #emulator(family: string): StreamEmulator {
    const there = this.#emulators.get(family);
    if (there) return there;
    const found = emulatorOf(family);
    if (found?.kind !== 'stream') throw new Error(`no emulator of "${family}" speaks bytes`);
    // Each with a telescope of its own, so that they can be moved side by side. A goto takes a third of its time.
    const world = createWorld({ clock: systemClock, site: laPalma });
    const emulator = found.create({ clock: systemClock, world, options: { slewRate: 8 } });
    this.#emulators.set(family, emulator);
    return emulator;
  }
}

/** Goes on from now, so many times faster. */
function hasty(clock: Clock, times: number): Clock {
  const start = clock.now();
  return { ...clock, now: () => start + (clock.now() - start) * times };
}
