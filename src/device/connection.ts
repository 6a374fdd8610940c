import { type Cell, cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Run, Stopped } from '../core/run.ts';
import type { Link, Port } from '../wire/link.ts';
import type { Capabilities } from './capabilities.ts';
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

/** Keeps one device open: handshake, poll, and reconnect with back-off once it was lost. */
export class Connection {
  readonly #id: string;
  readonly #driver: AnyDriver;
  readonly #port: Port;
  readonly #settings: Cell<Values<Settings>>;
  readonly #parts: ConnectionParts;
  readonly #status = cell<DeviceStatus>({ state: 'disconnected' });
  readonly #capabilities = cell<Capabilities>({});
  #keeper: Run | undefined;
  #lose: ((fault: Fault) => void) | undefined;
  /** How to end the operations in progress, should the device be lost. */
  readonly #atRisk = new Set<(fault: Error) => void>();
  identity: string | undefined;

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
    this.#parts = { ...parts, log: parts.log.child({ device: id }) };
  }

  get status(): Cell<DeviceStatus> {
    return this.#status;
  }

  get capabilities(): Cell<Capabilities> {
    return this.#capabilities;
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

  async #keep(run: Run, persist: boolean, tried: (error?: Error) => void): Promise<never> {
    let everConnected = false;
    for (let failures = 0; ; failures++) {
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
      await run.sleep(wait * 1000);
    }
  }

  /** From opening the link to its loss; it never returns, it throws why it ended. */
  async #session(run: Run, connected: () => void): Promise<never> {
    const { clock, observatory, darkroom, log } = this.#parts;
    const link: Link = await this.#port.open(clock, this.#driver.transport);
    let opened: Opened | undefined;
    const lost = new Promise<never>((_, reject) => {
      this.#lose = reject;
      if ('alive' in link) {
        if (!link.alive.value) reject(new Fault('gone', `${this.#port.name} closed`));
        link.alive.watch(() => reject(new Fault('gone', `${this.#port.name} closed`)));
      }
      run.signal.addEventListener('abort', () => reject(run.signal.reason), { once: true });
    });
    lost.catch((fault: Error) => {
      for (const fail of this.#atRisk) fail(fault);
    });
    try {
      const context = { link, settings: this.#settings.value, run, observatory, darkroom, log };
      opened = await Promise.race([this.#driver.open(context as never), lost]);
      this.#accept(opened);
      await Promise.race([opened.poll?.(), lost]);
      this.#capabilities.set(opened);
      this.#status.set({ state: 'connected' });
      log.info({ model: opened.model, identity: opened.identity }, 'connected');
      connected();
      return await Promise.race([this.#poll(run, opened), lost]);
    } finally {
      this.#lose = undefined;
      if (!('alive' in link) || link.alive.value) {
        await opened
          ?.close?.()
          .catch((error: unknown) => log.debug({ error: asError(error).message }, 'at close'));
      }
      await link.close();
    }
  }

  /** Another device on the same port is not this device: its name must never move. */
  #accept(opened: Opened): void {
    if (this.identity !== undefined && opened.identity !== undefined && opened.identity !== this.identity) {
      throw new Fault('refused', `another device (${opened.identity}) answers at ${this.#port.name}`);
    }
    this.identity ??= opened.identity;
  }

  async #poll(run: Run, opened: Opened): Promise<never> {
    let failed = 0;
    for (;;) {
      await run.sleep(this.#driver.pollMs);
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
}
