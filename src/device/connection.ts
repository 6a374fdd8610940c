import { type Cell, cell, type OwnedCell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Run, Stopped } from '../core/run.ts';
import type { Link, Port } from '../wire/link.ts';
import { type Capabilities, capabilityNames } from './capabilities.ts';
import type { AnyDriver, Darkroom, Opened } from './driver.ts';
import type { Observatory } from './observatory.ts';
import type { Settings, Values } from './settings.ts';

export interface DeviceStatus {
  state: 'disconnected' | 'connecting' | 'connected' | 'recovering';
  /** Why it is not connected, in plain words. */
  message?: string;
}

export interface ConnectionParts {
  clock: Clock;
  observatory: Observatory;
  darkroom: Darkroom;
  log: Log;
}

/** Seconds between tries to get a lost device back; the last one repeats. */
const BACK_OFF_SECONDS = [1, 2, 5, 10, 30];
/** Failed polls in a row after which a device counts as lost. */
const FAILED_POLLS = 3;
/** A plug that is back so soon was only touched. */
const BLIP_MS = 500;

/** Keeps one device open: handshake, poll, and reconnect with back-off once it was lost. */
export class Connection {
  readonly #id: string;
  readonly #driver: AnyDriver;
  readonly #port: Port;
  readonly #settings: Cell<Values<Settings>>;
  readonly #parts: ConnectionParts;
  readonly #status = cell<DeviceStatus>({ state: 'disconnected' });
  readonly #capabilities = cell<Capabilities>({});
  readonly #guideHead = cell<Capabilities | undefined>(undefined);
  /** Milliseconds between polls; a change begins with one at once. */
  readonly pollMs: OwnedCell<number>;
  #keeper: Run | undefined;
  #lose: ((fault: Fault) => void) | undefined;
  #hurry = new AbortController();
  /** How to end the operations in progress, should the device be lost. */
  readonly #atRisk = new Set<(fault: Error) => void>();
  identity: string | undefined;
  /** Of the plug it came by. */
  #plug: string | undefined;

  constructor(
    id: string,
    driver: AnyDriver,
    port: Port,
    settings: Cell<Values<Settings>>,
    parts: ConnectionParts,
  ) {
    this.#id = id;
    this.#driver = driver;
    this.#port = port;
    this.#settings = settings;
    this.pollMs = cell(driver.pollMs);
    this.#parts = { ...parts, log: parts.log.child({ device: id }) };
  }

  get status(): Cell<DeviceStatus> {
    return this.#status;
  }

  get capabilities(): Cell<Capabilities> {
    return this.#capabilities;
  }

  /** What the chip beside the camera's own can do; the last known while the device is gone. */
  get guideHead(): Cell<Capabilities | undefined> {
    return this.#guideHead;
  }

  /**
   * @param persist keep trying when the first try fails: the device may be switched on later
   * @throws Fault of the first try
   */
  async connect(persist: boolean): Promise<void> {
    if (this.#keeper) return;
    let settle: (error?: Error) => void = () => {};
    const first = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    const keeper = Run.start(this.#parts.clock, `${this.#id} connection`, (run) =>
      this.#keep(run, persist, settle),
    );
    this.#keeper = keeper;
    keeper.outcome.catch((error) => {
      if (this.#keeper === keeper) this.#keeper = undefined;
      settle(asError(error));
    });
    await first;
  }

  async disconnect(): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = undefined;
    keeper?.stop('user', 'disconnected');
    await keeper?.outcome.catch(() => {});
    // Who disconnects may plug in another device; only a lost one must come back as itself.
    this.identity = undefined;
    this.#plug = undefined;
    this.#status.set({ state: 'disconnected' });
  }

  /** The work, or the fault that lost the device meanwhile: no operation outlives its link. */
  guarded<T>(work: Promise<T>): Promise<T> {
    // No race with one long-lived promise: that would keep every result until the device is lost.
    return new Promise((resolve, reject) => {
      this.#atRisk.add(reject);
      const over = () => this.#atRisk.delete(reject);
      work.then(resolve, reject).finally(over);
    });
  }

  /** Declares the device lost, as if its link had closed. */
  lose(fault: Fault): void {
    this.#lose?.(fault);
  }

  /** Ends the wait between two tries: something that may be it was plugged in. */
  retryNow(): void {
    if (this.#status.value.state !== 'connected') this.#hurry.abort();
  }

  async #keep(run: Run, persist: boolean, tried: (error?: Error) => void): Promise<never> {
    const end = this.#port.at?.watch((at) => at !== undefined && this.retryNow());
    try {
      return await this.#persevere(run, persist, tried);
    } finally {
      end?.();
    }
  }

  async #persevere(run: Run, persist: boolean, tried: (error?: Error) => void): Promise<never> {
    let everConnected = false;
    for (let failures = 0; ; failures++) {
      this.#hurry = new AbortController();
      this.#status.set({ ...this.#status.value, state: everConnected ? 'recovering' : 'connecting' });
      try {
        await this.#session(run, () => {
          everConnected = true;
          failures = -1;
          tried();
        });
      } catch (thrown) {
        const error = asError(thrown);
        const state = everConnected && !(error instanceof Stopped) ? 'recovering' : 'disconnected';
        this.#status.set(error instanceof Stopped ? { state } : { state, message: error.message });
        if (error instanceof Stopped) this.#parts.log.info(error.message);
        else this.#parts.log.warn({ fault: error instanceof Fault ? error.kind : undefined }, error.message);
        if (error instanceof Stopped || !(everConnected || persist)) throw error;
        tried(error);
      }
      const wait = BACK_OFF_SECONDS[Math.min(Math.max(failures, 0), BACK_OFF_SECONDS.length - 1)] as number;
      const either = AbortSignal.any([run.signal, this.#hurry.signal]);
      await run.clock.sleep(wait * 1000, either).catch(() => run.signal.throwIfAborted());
      // Rights and names come a moment after the plug: the next tries follow soon.
      if (this.#hurry.signal.aborted) failures = -1;
    }
  }

  /** From opening the link to its loss; it never returns, it throws why it ended. */
  async #session(run: Run, connected: () => void): Promise<never> {
    const { clock, observatory, darkroom, log } = this.#parts;
    const link: Link = await this.#port.open(clock, this.#driver.transport);
    let opened: Opened | undefined;
    const over = new AbortController();
    let unheed = () => {};
    const lost = new Promise<never>((_, reject) => {
      this.#lose = reject;
      if ('alive' in link) {
        if (!link.alive.value) reject(new Fault('gone', `${this.#port.name} closed`));
        link.alive.watch(() => reject(new Fault('gone', `${this.#port.name} closed`)));
      }
      const stop = () => reject(run.signal.reason);
      run.signal.addEventListener('abort', stop, { once: true });
      unheed = () => run.signal.removeEventListener('abort', stop);
      // It was disconnected while the link was opening.
      if (run.signal.aborted) stop();
    });
    const unplugged = this.#watchPlug();
    lost.catch((fault: Error) => {
      for (const fail of this.#atRisk) fail(fault);
    });
    try {
      const context = { link, settings: this.#settings.value, run, observatory, darkroom, log };
      opened = await Promise.race([this.#driver.open(context as never), lost]);
      this.#accept(opened, 'identity' in link ? link.identity : undefined);
      await Promise.race([opened.poll?.(), lost]);
      this.#capabilities.set(abilitiesOf(opened));
      this.#guideHead.set(opened.heads?.guide);
      this.#status.set({ state: 'connected' });
      log.info({ model: opened.model, identity: opened.identity }, 'connected');
      connected();
      return await Promise.race([this.#poll(opened, over.signal), lost]);
    } finally {
      over.abort();
      unheed();
      unplugged();
      this.#lose = undefined;
      if (!('alive' in link) || link.alive.value) {
        await opened
          ?.close?.()
          .catch((error: unknown) => log.debug({ error: asError(error).message }, 'at close'));
      }
      await link.close();
    }
  }

  /** A pulled plug is seen before any question stays unanswered; one that was plugged in again has a new link. */
  #watchPlug(): () => void {
    const { at, name } = this.#port;
    const seated = at?.value;
    if (!at || seated === undefined) return () => {};
    let cancel = () => {};
    const lose = (how: string) => this.lose(new Fault('gone', `${name} was ${how}`));
    const end = at.watch((now) => {
      cancel();
      if (now === undefined) cancel = this.#parts.clock.after(BLIP_MS, () => lose('unplugged'));
      else if (now !== seated) lose('plugged in again');
    });
    return () => {
      end();
      cancel();
    };
  }

  /** Another device on the same port is not this device: its name must never move. */
  #accept({ identity }: Opened, plug: string | undefined): void {
    const differs = (known: string | undefined, seen: string | undefined) =>
      known !== undefined && seen !== undefined && known !== seen;
    if (differs(this.identity, identity)) {
      throw new Fault('refused', `another device (${identity}) answers at ${this.#port.name}`);
    }
    // The same serial number by another cable is the same device.
    if (identity === undefined && differs(this.#plug, plug)) {
      const words = `disconnect it once if it was given a new cable or socket`;
      throw new Fault('refused', `another device (${plug}) is at ${this.#port.name}: ${words}`);
    }
    this.identity ??= identity;
    this.#plug = plug ?? this.#plug;
  }

  async #poll(opened: Opened, over: AbortSignal): Promise<never> {
    let failed = 0;
    for (;;) {
      await this.#pause(over);
      try {
        await opened.poll?.();
        failed = 0;
      } catch (thrown) {
        const error = asError(thrown);
        const kind = error instanceof Fault ? error.kind : undefined;
        if (kind === undefined || kind === 'gone' || ++failed >= FAILED_POLLS) throw error;
        this.#parts.log.debug({ fault: kind, failed }, error.message);
      }
    }
  }

  /** Until the next poll is due, or the period changes. */
  #pause(over: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (over.aborted) return reject(over.reason);
      const end = (settle: () => void) => () => {
        cancel();
        unwatch();
        over.removeEventListener('abort', stop);
        settle();
      };
      const cancel = this.#parts.clock.after(this.pollMs.value, end(resolve));
      const unwatch = this.pollMs.watch(end(resolve));
      const stop = end(() => reject(over.reason));
      over.addEventListener('abort', stop);
    });
  }
}

/** What it can do, without what only the host uses. */
function abilitiesOf(opened: Opened): Capabilities {
  const present = capabilityNames.flatMap((name) => (opened[name] ? [[name, opened[name]]] : []));
  return Object.fromEntries(present);
}
