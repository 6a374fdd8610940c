import { type Cell, cell, derived, type OwnedCell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { type Actor, Lane, type Lease } from '../core/lane.ts';
import { Run } from '../core/run.ts';
import type { Port } from '../wire/link.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import { Connection, type ConnectionParts, type DeviceStatus } from './connection.ts';
import type { AnyDriver } from './driver.ts';
import type { Guard } from './limits.ts';
import type { Operation } from './operation.ts';
import { type ArgumentsOf, type OperationName, operations, type ResultOf } from './operations.ts';
import type { RunBook } from './run-book.ts';
import { applySettings, initialValues, type Settings, type SettingValue, type Values } from './settings.ts';

const NOTHING: Capabilities = {};

/** What a lease of a capability holds. What consists of many outputs, or only tells, is not leased. */
const lanesOf: Record<CapabilityName, readonly string[]> = {
  mount: ['ra', 'dec'],
  guide: ['ra', 'dec'],
  camera: ['camera'],
  focuser: ['focuser'],
  wheel: ['wheel'],
  rotator: ['rotator'],
  dome: ['dome', 'roof'],
  power: [],
  dew: [],
  lines: [],
  weather: [],
  gps: [],
  cover: ['cover'],
  light: ['light'],
};

export interface DeviceEntry {
  /** `[a-z0-9-/]+`, stable for ever. */
  id: string;
  /** What the owner calls it; INDI clients see it as the device's name. */
  label: string;
  driver: AnyDriver;
  port: Port;
  settings?: Readonly<Record<string, SettingValue>>;
}

/**
 * One device for as long as the process lives: it keeps its id, its settings and its last known state through
 * unplugging, driver restarts and reconnects; only its status changes.
 */
export class Device {
  readonly id: string;
  readonly driver: AnyDriver;
  readonly port: Port;
  readonly #label;
  readonly #settings: OwnedCell<Values<Settings>>;
  readonly #connection: Connection;
  readonly #capabilities: Cell<Capabilities>;
  readonly #head = cell<Device | undefined>(undefined);
  /** The camera on whose connection, with whose settings, this is a second chip. */
  readonly main: Device | undefined;
  readonly #lanes = new Map<string, Lane>();
  readonly #runs = cell<readonly Run[]>([]);
  readonly #guard: Guard;
  readonly #book: RunBook;
  readonly #clock: Clock;

  constructor(entry: DeviceEntry, parts: ConnectionParts, guard: Guard, book: RunBook, main?: Device) {
    this.#book = book;
    this.main = main;
    this.id = entry.id;
    this.driver = entry.driver;
    this.port = entry.port;
    this.#clock = parts.clock;
    this.#guard = guard;
    this.#label = cell(entry.label);
    if (main) {
      this.#settings = main.#settings;
      this.#connection = main.#connection;
      const { guideHead } = this.#connection;
      this.#capabilities = derived([guideHead], () => guideHead.value ?? NOTHING);
      return;
    }
    this.#settings = cell<Values<Settings>>(
      applySettings(entry.driver.settings, initialValues(entry.driver.settings), entry.settings ?? {}),
    );
    this.#connection = new Connection(entry.id, entry.driver, entry.port, this.#settings, parts);
    this.#capabilities = this.#connection.capabilities;
    const head = { ...entry, id: `${entry.id}/guide`, label: `${entry.label} guide head` };
    this.#connection.guideHead.watch((able) => {
      if (able && !this.#head.value) this.#head.set(new Device(head, parts, guard, book, this));
    });
  }

  get label(): Cell<string> {
    return this.#label;
  }

  get status(): Cell<DeviceStatus> {
    return this.#connection.status;
  }

  /** What it can do: empty before the first connect; the last known while it is gone. */
  get capabilities(): Cell<Capabilities> {
    return this.#capabilities;
  }

  /** Its guide head, from the first connect that has shown one. */
  get head(): Cell<Device | undefined> {
    return this.#head;
  }

  get settings(): Cell<Values<Settings>> {
    return this.#settings;
  }

  /** Operations in progress. */
  get runs(): Cell<readonly Run[]> {
    return this.#runs;
  }

  get identity(): string | undefined {
    const { identity } = this.#connection;
    return this.main && identity !== undefined ? `${identity}/guide` : identity;
  }

  /** Milliseconds between polls. */
  get pollMs(): Cell<number> {
    return this.#connection.pollMs;
  }

  /** @param milliseconds 10…600 000. @throws BadInput */
  setPollMs(milliseconds: number): void {
    if (!(milliseconds >= 10 && milliseconds <= 600_000)) {
      throw new BadInput(`${milliseconds} ms between polls: 10…600000 can be`);
    }
    this.#connection.pollMs.set(milliseconds);
  }

  rename(label: string): void {
    this.#label.set(label);
  }

  /** Takes effect for what the driver reads later; what it read at `open` needs a reconnect. @throws BadInput */
  change(changes: Readonly<Record<string, SettingValue>>): void {
    this.#settings.set(applySettings(this.driver.settings, this.#settings.value, changes));
  }

  /** Resolves when connected; from then on the host reconnects until `disconnect`. @throws Fault of the first try */
  connect(persist = false): Promise<void> {
    return this.#connection.connect(persist);
  }

  /** A camera takes its guide head with it, and the other way round. */
  async disconnect(): Promise<void> {
    const main = this.main ?? this;
    const runs = [...main.#runs.value, ...(main.head.value?.runs.value ?? [])];
    for (const run of runs) run.stop('user', 'disconnected');
    await Promise.allSettled(runs.map((run) => run.outcome));
    await this.#connection.disconnect();
  }

  /** Closes the link and opens it anew: for a device that has stopped answering. */
  reopen(reason: string): void {
    this.#connection.lose(new Fault('silent', reason));
  }

  /** Where it is waiting for its next try: that is now. */
  retryNow(): void {
    this.#connection.retryNow();
  }

  /** Of the lanes that anybody has asked for yet. */
  get laneNames(): readonly string[] {
    return [...this.#lanes.keys()];
  }

  lane(name: string): Lane {
    const known = this.#lanes.get(name) ?? new Lane();
    this.#lanes.set(name, known);
    return known;
  }

  /** @throws Fault `busy` */
  lease(actor: Actor, capability: CapabilityName): Lease[] {
    const lanes = lanesOf[capability].map((name) => this.lane(name));
    for (const lane of lanes) lane.check(actor);
    return lanes.map((lane) => lane.lease(actor));
  }

  /**
   * Starts an operation. @throws Fault `gone` (not connected), `unsupported`, `refused` (a limit), `busy`: at once,
   * before anything moved; what goes wrong later ends the Run.
   */
  operate<C extends CapabilityName, O extends OperationName<C>>(
    actor: Actor,
    capability: C,
    name: O,
    args: ArgumentsOf<C, O>,
  ): Run<ResultOf<C, O>> {
    const operation = operations[capability][name] as unknown as Operation<
      NonNullable<Capabilities[C]>,
      ArgumentsOf<C, O>,
      ResultOf<C, O>
    >;
    const state = this.status.value;
    const target = this.capabilities.value[capability] as NonNullable<Capabilities[C]> | undefined;
    if (state.state !== 'connected') throw new Fault('gone', `${this.label.value} is ${state.state}`);
    if (!target) throw new Fault('unsupported', `${this.label.value} has no ${capability}`);
    const refusal = this.#guard(capability, name, args as object, this.#clock.now(), this);
    if (refusal) throw new Fault('refused', refusal);
    const lanes = operation.lanes(args).map((lane) => this.lane(lane));
    const title = `${this.id} ${capability}.${name}`;
    const perform = (own: Run) => this.#connection.guarded(operation.perform(target, args, own));
    const run = operation.stops
      ? Run.start<ResultOf<C, O>>(this.#clock, title, async (own) => {
          const halted = perform(own as Run);
          const [result] = await Promise.all([halted, ...lanes.map((lane) => lane.stop(`by ${actor.name}`))]);
          return result;
        })
      : Lane.start<ResultOf<C, O>>(lanes, actor, this.#clock, title, (own) => perform(own as Run));
    return this.track(run);
  }

  /**
   * Holds lanes for work that goes past the capabilities: a client that commands a foreign driver in its own words.
   * @throws Fault `busy`
   */
  occupy<T>(
    actor: Actor,
    lanes: readonly string[],
    title: string,
    body: (run: Run<T>) => Promise<T>,
  ): Run<T> {
    const held = lanes.map((name) => this.lane(name));
    const guarded = (own: Run<T>) => this.#connection.guarded(body(own));
    return this.track(Lane.start(held, actor, this.#clock, `${this.id} ${title}`, guarded));
  }

  /** Shows a Run among this device's until it ends. */
  track<T>(run: Run<T>): Run<T> {
    this.#runs.set([...this.#runs.value, run as Run]);
    this.#book.add(run as Run, this.id);
    const drop = () => this.#runs.set(this.#runs.value.filter((other) => other !== (run as Run)));
    run.outcome.then(drop, drop);
    return run;
  }
}
