import { isDeepStrictEqual } from 'node:util';
import type { FamilyView, GearChanges, GearSpec, GearView, PlaceSpec } from '../api/gear-view.ts';
import { asError, BadInput, Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import type { AnyDriver } from '../device/driver.ts';
import type { DeviceHost, Role } from '../device/host.ts';
import { applySettings, initialValues } from '../device/settings.ts';
import { NAME_LENGTH } from '../indi/message.ts';
import type { Ledger } from '../storage/ledger.ts';
import type { Plugged } from '../wire/plugged.ts';
import { onlyPortAt } from '../wire/serial-ports.ts';
import { type Bench, type BenchDevice, firstIssue, place as placeSchema } from './bench-file.ts';
import { keepChoices } from './keep.ts';
import { realPort, type Sockets } from './ports.ts';
import { isSerialName, type Surroundings, seenPlaces, typedKinds } from './seen-places.ts';

export interface GearParts {
  host: DeviceHost;
  ledger: Pick<Ledger, 'settings'>;
  drivers: readonly AnyDriver[];
  sockets: Pick<Sockets, 'claims' | 'portOf'> & { plugged: Pick<Plugged, 'now' | 'look'> };
  /** What hangs on the board's own buses; absent: it has none. */
  lookAtBoard?(): Promise<NonNullable<Surroundings['board']>>;
  bench: Pick<Bench, 'devices'>;
  /** Told of each device that was removed for good; absent: nobody else keeps what was said of it. */
  forget?(id: string): void;
  log: Log;
}

type Place = NonNullable<BenchDevice['port']>;
type Kept = Required<GearSpec>;

const KEY = 'gear';
const MOST_DEVICES = 64;
/** Several devices may stand behind one of these. */
const shared = (place: Place) => 'http' in place || 'gpio' in place;

/**
 * The devices of Nightjar's own drivers that the owner has added: kept, and there again after a restart. Those of the
 * bench file stand beside them and are changed in that file.
 */
export class GearShelf {
  readonly #parts: GearParts;
  readonly #ofBench: ReadonlyMap<string, BenchDevice>;
  readonly #kept = new Map<string, Kept>();
  /** Of kept ones that no driver of this version, or no place, can be found for. */
  readonly #troubles = new Map<string, string>();
  /** Being changed or removed. */
  readonly #busy = new Set<string>();

  private constructor(parts: GearParts) {
    this.#parts = parts;
    this.#ofBench = new Map(parts.bench.devices.map((device) => [device.id, device]));
  }

  /** After the bench's devices and before `connectAll`. */
  static async open(parts: GearParts): Promise<GearShelf> {
    const shelf = new GearShelf(parts);
    for (const spec of ((await parts.ledger.settings.get(KEY)) ?? []) as Kept[]) {
      shelf.#kept.set(spec.id, spec);
      try {
        await shelf.#begin(spec, shelf.#checked(spec, spec.id));
      } catch (error) {
        // What cannot be begun must not keep the rig from starting, and is not forgotten.
        const trouble = asError(error).message;
        shelf.#troubles.set(spec.id, trouble);
        parts.log.error({ device: spec.id }, trouble);
      }
    }
    return shelf;
  }

  get list(): readonly GearView[] {
    const bench = [...this.#ofBench.values()].map((entry) => this.#view(entry, 'bench'));
    return [...bench, ...[...this.#kept.values()].map((entry) => this.#view(entry, 'owner'))];
  }

  keeperOf(id: string): GearView['keptBy'] | undefined {
    return this.#kept.has(id) ? 'owner' : this.#ofBench.has(id) ? 'bench' : undefined;
  }

  /** Every family, with the places where one could be now. */
  async families(): Promise<FamilyView[]> {
    const { drivers, sockets, host, lookAtBoard } = this.#parts;
    const [{ serial }, board] = await Promise.all([sockets.plugged.look(), lookAtBoard?.()]);
    const around: Surroundings = {
      serial,
      claims: sockets.claims,
      label: (id) => host.find(id)?.label.value ?? id,
      ...(board && { board }),
    };
    return drivers.map((driver) => {
      const { id, label, provides, settings } = driver;
      return { id, label, provides, settings, places: seenPlaces(driver, around), typed: typedKinds(driver) };
    });
  }

  /**
   * Adds it now and for good; how it connects is seen in its status.
   * @throws BadInput for what makes no sense, Fault `refused` for a place that is another's
   */
  async add(spec: GearSpec): Promise<Device> {
    const { id = this.#freeId(spec.label), settings = {} } = spec;
    if (this.#kept.size >= MOST_DEVICES) throw new BadInput(`${MOST_DEVICES} devices are enough`);
    const { host } = this.#parts;
    if (!/^[a-z0-9-]{1,60}$/.test(id)) throw new BadInput(`id "${id}": use small letters, digits and -`);
    if (host.find(id) || this.keeperOf(id)) throw new BadInput(`device id "${id}" is there twice`);
    const kept: Kept = { ...spec, id, settings };
    const checked = this.#checked(kept, id);
    await this.#put(id, kept);
    const device = await this.#begin(kept, checked);
    connect(device);
    return device;
  }

  /** Another label, place or settings; its roles stay. @throws BadInput, Fault `refused`, `busy` */
  change(id: string, { label, port, settings }: GearChanges): Promise<Device> {
    return this.#alone(id, async (before) => {
      const { host, sockets } = this.#parts;
      const old = host.find(id);
      const now = this.#view(before, 'owner');
      const spec: Kept = {
        ...before,
        label: label ?? now.label,
        port: port ?? before.port,
        settings: { ...now.settings, ...settings },
      };
      const checked = this.#checked(spec, id);
      await this.#put(id, spec);
      if (old && port === undefined) {
        old.rename(spec.label);
        old.change(settings ?? {});
        return old;
      }
      const { roles } = host;
      const played = Object.entries(roles.value).flatMap(([role, by]) => (by === id ? [role as Role] : []));
      await host.remove(id);
      sockets.claims.drop(id);
      await this.#forgetChoices(id);
      const device = await this.#begin(spec, checked);
      for (const role of played) host.assign(role, id);
      connect(device);
      return device;
    });
  }

  /** For good. @throws BadInput for an unknown id and for a device of the bench file, Fault `busy` */
  remove(id: string): Promise<void> {
    return this.#alone(id, async () => {
      const { host, sockets, forget } = this.#parts;
      await this.#put(id, undefined);
      this.#troubles.delete(id);
      await host.remove(id);
      sockets.claims.drop(id);
      await this.#forgetChoices(id);
      forget?.(id);
    });
  }

  async #alone<T>(id: string, act: (spec: Kept) => Promise<T>): Promise<T> {
    if (this.#ofBench.has(id)) {
      throw new BadInput(`device "${id}" is in the bench file and would come back: change it there`);
    }
    const spec = this.#kept.get(id);
    if (!spec) throw new BadInput(`there is no device "${id}" of your own`);
    if (this.#busy.has(id)) throw new Fault('busy', `${id} is being changed already`);
    this.#busy.add(id);
    try {
      return await act(spec);
    } finally {
      this.#busy.delete(id);
    }
  }

  /** @throws BadInput, Fault `refused`: before anything has changed */
  #checked({ label, driver: family, port, settings }: Kept, id: string): { driver: AnyDriver; place: Place } {
    const { drivers, host } = this.#parts;
    const driver = drivers.find((each) => each.id === family);
    if (!driver) {
      throw new BadInput(`no driver "${family}"; there are: ${drivers.map((each) => each.id).join(' ')}`);
    }
    if (label.trim() === '' || label.length > NAME_LENGTH || /\p{Cc}/u.test(label)) {
      throw new BadInput(`a device's name has 1 to ${NAME_LENGTH} characters, all of them visible`);
    }
    const twin = host.devices.value.find((other) => other.id !== id && other.label.value === label);
    if (twin)
      throw new BadInput(`another device is called ${label}: INDI programs could not tell them apart`);
    applySettings(driver.settings, initialValues(driver.settings), settings);
    const place = parsePlace(port);
    if (realPort(place).kind !== driver.transport.kind) {
      throw new BadInput(`${driver.label}: its place is one of ${typedKinds(driver).join(', ')}`);
    }
    this.#refuseTaken(place, id);
    return { driver, place };
  }

  /** One port, one owner. */
  #refuseTaken(place: Place, id: string): void {
    const { sockets, host } = this.#parts;
    const path =
      'serial' in place
        ? place.serial
        : 'usb' in place && onlyPortAt(sockets.plugged.now.value.serial, place)?.path;
    const twin = [...this.#ofBench.values(), ...this.#kept.values()].find(
      (other) => other.id !== id && isDeepStrictEqual(other.port, place),
    );
    const holder = (path && sockets.claims.holder(id, path)) || (shared(place) ? undefined : twin?.id);
    if (holder === undefined) return;
    const label = host.find(holder)?.label.value ?? holder;
    throw new Fault('refused', `${label} is there already: choose another place, or remove ${label} first`);
  }

  async #begin(spec: Kept, { driver, place }: { driver: AnyDriver; place: Place }): Promise<Device> {
    const { host, sockets, ledger, log } = this.#parts;
    const { id, label, settings } = spec;
    const device = host.add({ id, label, driver, port: sockets.portOf({ id }, place), settings });
    this.#troubles.delete(id);
    await keepChoices(device, ledger, log);
    return device;
  }

  #view({ id, label, driver, port, settings }: Kept | BenchDevice, keptBy: GearView['keptBy']): GearView {
    const device = this.#parts.host.find(id);
    const trouble = this.#troubles.get(id);
    return {
      ...{ id, label: device?.label.value ?? label, driver, keptBy },
      settings: device?.settings.value ?? settings,
      ...(port && { port: port as PlaceSpec }),
      ...(trouble !== undefined && { trouble }),
    };
  }

  /** `My MoonLite` → `my-moonlite`, or with a number where that is taken. */
  #freeId(label: string): string {
    const plain = label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    const base = plain.slice(0, 50) || 'device';
    const { host } = this.#parts;
    const taken = (id: string) => host.find(id) !== undefined || this.keeperOf(id) !== undefined;
    for (let number = 1; ; number++) {
      const id = number === 1 ? base : `${base}-${number}`;
      if (!taken(id)) return id;
    }
  }

  /** Taken at once, so that nobody else gets it meanwhile; where it cannot be kept, all is as before. */
  async #put(id: string, spec: Kept | undefined): Promise<void> {
    const before = this.#kept.get(id);
    const set = (value: Kept | undefined) => (value ? this.#kept.set(id, value) : this.#kept.delete(id));
    set(spec);
    try {
      await this.#parts.ledger.settings.set(KEY, [...this.#kept.values()]);
    } catch (error) {
      set(before);
      throw error;
    }
  }

  /** Under `device/<id>` the host's choices are kept: they are not those of the next device of this id. */
  #forgetChoices(id: string): Promise<void> {
    return this.#parts.ledger.settings.set(`device/${id}`, undefined);
  }
}

/** How it goes is seen in its status. */
function connect(device: Device): void {
  device.connect(true).catch(() => {});
}

/** @throws BadInput in words */
function parsePlace(port: PlaceSpec): Place {
  const parsed = placeSchema.safeParse(port);
  if (!parsed.success) {
    throw new BadInput(`${JSON.stringify(port)} is no place: ${firstIssue(parsed.error, 'as a whole')}`);
  }
  if ('serial' in parsed.data && !isSerialName(parsed.data.serial)) {
    throw new BadInput(`${parsed.data.serial} is no serial port: choose one of the list`);
  }
  return parsed.data;
}
