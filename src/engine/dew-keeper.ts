import { type Cell, cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { asError, BadInput } from '../core/errors.ts';
import type { Lease } from '../core/lane.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import { defineDriver } from '../device/driver.ts';
import type { DeviceHost } from '../device/host.ts';
import { inside } from '../device/inside.ts';
import type { DewHeater } from '../device/power.ts';
import { type DewChoice, dewActor, firstChoice, HeaterCare } from './dew-heater.ts';
import { DewHistory } from './dew-history.ts';
import { airSensorOf, airSensors, type ProbePlace, probesIn, readAir, readProbe } from './dew-sources.ts';

/** What the owner has said of the dew control; heaters that are not there keep theirs. */
export interface DewChoices {
  /** Device id of the air's sensor; absent: the weather station, or the only one that can. */
  readonly sensor?: string | undefined;
  readonly channels: Readonly<Record<string, DewChoice>>;
}

export const DEW_DEVICE = 'dew-control';
const LABEL = 'Dew control';
const PERIOD_MS = 10_000;
/** While the air is not known and nothing is regulated: whoever has just switched on wants to see it. */
const WAITING_MS = 1000;
/** Of every device that it needs: held while it regulates. */
const LANE = 'dew';

/**
 * Keeps glass free of dew: every heater of every power box is a channel of one device of our own, which comes with the
 * first heater and goes with the last. It regulates while that device is connected; a client that says goodbye by
 * disconnecting everything takes from it neither sensors nor itself.
 */
export class DewKeeper {
  readonly #host: DeviceHost;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #choices = cell<DewChoices>({ channels: {} });
  readonly #cares = new Map<string, HeaterCare>();
  readonly #followed = new Map<Device, () => void>();
  readonly #air = {
    ambientCelsius: cell<number | undefined>(undefined),
    humidityPercent: cell<number | undefined>(undefined),
    dewPointCelsius: cell<number | undefined>(undefined),
  };
  readonly #history = new DewHistory();
  readonly #end: () => void;
  #device: Device | undefined;
  #shown: readonly HeaterCare[] = [];
  readonly #needed = new Map<Device, Lease>();
  #announce = () => {};
  #awake = false;
  #cancelTick: (() => void) | undefined;
  #last = 0;

  constructor({ host, log }: { host: DeviceHost; log: Log }, choices?: DewChoices) {
    this.#host = host;
    this.#clock = host.clock;
    this.#log = log;
    if (choices) this.#choices.set(choices);
    this.#end = host.devices.watch(() => this.#follow());
    this.#follow();
  }

  /** To be kept over restarts. */
  get choices(): Cell<DewChoices> {
    return this.#choices;
  }

  /** Of which its heaters are channels; undefined: there is no heater. */
  get device(): Device | undefined {
    return this.#device;
  }

  get history(): DewHistory {
    return this.#history;
  }

  /** What can be chosen, and what is. */
  get options() {
    const sensor = airSensorOf(this.#host, this.#choices.value.sensor);
    return {
      ...(this.#choices.value.sensor !== undefined && { sensor: this.#choices.value.sensor }),
      ...(sensor && { using: sensor.id }),
      sensors: airSensors(this.#host).map(({ id, label }) => ({ id, label: label.value })),
      probes: probesIn(this.#host),
      channels: [...this.#cares].map(([id, { choice }]) => ({
        id,
        ...(choice.probe && { probe: choice.probe }),
      })),
    };
  }

  /** @param id undefined: whatever serves best. @throws BadInput */
  setSensor(id: string | undefined): void {
    if (id !== undefined && !airSensors(this.#host).some((device) => device.id === id)) {
      throw new BadInput(`"${id}" does not tell temperature and humidity`);
    }
    const { channels } = this.#choices.value;
    this.#choices.set(id === undefined ? { channels } : { sensor: id, channels });
    this.#look();
  }

  /** @param probe undefined: none is on this glass. @throws BadInput */
  setProbe(channel: string, probe: ProbePlace | undefined): void {
    const care = this.#cares.get(channel);
    if (!care) throw new BadInput(`there is no heater "${channel}"`);
    const same = (each: ProbePlace) => each.device === probe?.device && each.reading === probe.reading;
    if (probe && !probesIn(this.#host).some(same)) {
      throw new BadInput(`${probe.device} has no temperature "${probe.reading}" that may be a glass's`);
    }
    care.choose({ ...withoutProbe(care.choice), ...(probe && { probe }) });
  }

  /** A device was removed for good: what was said of it does not hold for the next one of its id. */
  forget(device: string): void {
    for (const care of this.#cares.values()) {
      if (care.choice.probe?.device === device) care.choose(withoutProbe(care.choice));
    }
    const { sensor, channels } = this.#choices.value;
    const others = Object.entries(channels).filter(([id]) => !id.startsWith(`${device}/`));
    this.#choices.set({
      ...(sensor !== undefined && sensor !== device && { sensor }),
      channels: Object.fromEntries(
        others.map(([id, each]) => [id, each.probe?.device === device ? withoutProbe(each) : each]),
      ),
    });
  }

  close(): void {
    this.#end();
    this.#announce();
    this.#sleep();
    for (const end of this.#followed.values()) end();
    for (const care of this.#cares.values()) care.leave();
  }

  #follow(): void {
    const present = this.#host.devices.value;
    for (const [device, end] of this.#followed) {
      if (present.includes(device)) continue;
      end();
      this.#followed.delete(device);
    }
    for (const device of present) {
      if (this.#followed.has(device)) continue;
      this.#followed.set(
        device,
        device.capabilities.watch(() => this.#sort()),
      );
    }
    this.#sort();
  }

  /** Every heater has its care, and no care is without a heater. A box that is lost keeps its heaters. */
  #sort(): void {
    const heaters = new Map(
      this.#host.devices.value.flatMap((device) =>
        (device.capabilities.value.power?.heaters ?? []).map((heater) => [
          `${device.id}/${heater.id}`,
          { device, heater },
        ]),
      ),
    );
    for (const [id, care] of this.#cares) {
      if (heaters.get(id)?.device === care.device) continue;
      care.leave();
      this.#cares.delete(id);
    }
    for (const [id, { device, heater }] of heaters) {
      const known = this.#cares.get(id);
      if (known) known.follow(heater);
      else this.#cares.set(id, this.#careFor(id, device, heater));
    }
    this.#announce();
    // Not within the change that brought them: others are still being told of that.
    this.#announce = this.#clock.after(0, () => this.#tell());
  }

  #careFor(id: string, device: Device, heater: DewHeater): HeaterCare {
    const keep = (choice: DewChoice) => {
      const { channels, ...rest } = this.#choices.value;
      this.#choices.set({ ...rest, channels: { ...channels, [id]: choice } });
      // Whoever chooses wants to see what comes of it; when all who are told of the change have been.
      this.#clock.after(0, () => this.#look());
    };
    return new HeaterCare(device, heater, this.#choices.value.channels[id] ?? firstChoice, keep);
  }

  /** Faces learn of other channels as they learn of any device's: by its connecting anew. */
  #tell(): void {
    const shown = [...this.#cares.values()];
    // Not by their ids: a box that was exchanged has those of the one before.
    if (shown.length === this.#shown.length && shown.every((care, index) => care === this.#shown[index]))
      return;
    this.#shown = shown;
    if (shown.length === 0) {
      const device = this.#device;
      this.#device = undefined;
      if (device) void this.#host.remove(device.id);
    } else if (this.#device) this.#device.reopen('its heaters have changed');
    else this.#appear();
  }

  #appear(): void {
    const driver = defineDriver({
      id: 'dew',
      label: LABEL,
      transport: { kind: 'inside' },
      pollMs: PERIOD_MS,
      provides: ['dew'],
      settings: {},
      open: async () => {
        this.#wake();
        const channels = [...this.#cares.values()].map(({ channel }) => channel);
        return { dew: { ...this.#air, channels }, close: async () => this.#sleep() };
      },
    });
    const device = this.#host.add({ ...freeName(this.#host.devices.value), driver, port: inside });
    this.#device = device;
    device.connect(true).catch((error: unknown) => this.#log.error(`dew control: ${asError(error).message}`));
  }

  #wake(): void {
    this.#awake = true;
    this.#last = this.#clock.monotonic();
    this.#look();
  }

  #sleep(): void {
    this.#awake = false;
    this.#cancelTick?.();
    for (const care of this.#cares.values()) care.pause('dew control is not connected');
    this.#need([]);
  }

  /** Clients may not disconnect them. */
  #need(devices: readonly (Device | undefined)[]): void {
    for (const [device, lease] of this.#needed) {
      if (devices.includes(device)) continue;
      lease.release();
      this.#needed.delete(device);
    }
    for (const device of devices) {
      if (device && !this.#needed.has(device)) this.#needed.set(device, device.lane(LANE).lease(dewActor));
    }
  }

  /** Now, and every ten seconds from now on. */
  #look(): void {
    if (!this.#awake) return;
    this.#cancelTick?.();
    const now = this.#clock.monotonic();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    const sensor = airSensorOf(this.#host, this.#choices.value.sensor);
    const air = sensor && readAir(sensor);
    this.#air.ambientCelsius.set(air?.ambientCelsius);
    this.#air.humidityPercent.set(air?.humidityPercent);
    this.#air.dewPointCelsius.set(air?.dewPointCelsius);
    const name = sensor?.label.value ?? this.#choices.value.sensor;
    const automatic = [...this.#cares.values()].filter(({ choice }) => choice.automatic);
    const waits = air?.dewPointCelsius === undefined && automatic.length === 0;
    this.#cancelTick = this.#clock.after(waits ? WAITING_MS : PERIOD_MS, () => this.#look());
    const probes = automatic.map(({ choice }) => choice.probe && this.#host.find(choice.probe.device));
    this.#need(automatic.length > 0 ? [this.#device, sensor, ...probes] : []);
    for (const care of this.#cares.values()) {
      const probe = care.choice.probe && readProbe(this.#host, care.choice.probe);
      void care.decide({ seconds, air, sensor: name, probe });
    }
    this.#history.add(
      this.#clock.now(),
      air,
      [...this.#cares.values()].map(({ channel }) => channel),
    );
  }
}

/** An owner may have called a box so: that one is not ours. */
function freeName(devices: readonly Device[]): { id: string; label: string } {
  for (let number = 1; ; number++) {
    const [id, label] =
      number === 1 ? [DEW_DEVICE, LABEL] : [`${DEW_DEVICE}-${number}`, `${LABEL} ${number}`];
    if (!devices.some((device) => device.id === id || device.label.value === label)) return { id, label };
  }
}

const withoutProbe = ({ probe: _, ...choice }: DewChoice): DewChoice => choice;
