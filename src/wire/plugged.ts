import { type Cell, cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { asError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Run } from '../core/run.ts';
import { type Roots, readSerialPorts, type SerialPort, systemRoots } from './serial-ports.ts';
import { readUsbDevices, type UsbDevice, watchUsb } from './usb.ts';

/** What is plugged in. */
export interface Plugs {
  usb: readonly UsbDevice[];
  serial: readonly SerialPort[];
}

const nothingPlugged: Plugs = { usb: [], serial: [] };

/** @param before what an earlier look saw: most of it need not be read again */
export async function lookForPlugs(
  roots: Roots = systemRoots,
  before: Plugs = nothingPlugged,
): Promise<Plugs> {
  const usb = await readUsbDevices(roots.sys, before.usb);
  return { usb, serial: await readSerialPorts(usb, roots) };
}

export interface PluggedParts {
  clock: Clock;
  log: Log;
  roots?: Roots;
  /** Who tells of changes; tests have another. */
  watch?(changed: () => void): Promise<(() => void) | undefined>;
}

/** Milliseconds between looks: where nobody tells of changes; as a net under those who do; after a change. */
const POLL_MS = 2000;
const NET_MS = 30_000;
const CHANGING_MS = 250;
/** The tty, udev's names and the rights on it come one after the other, so long after the device. */
const CHANGES_MS = 3000;

/** Keeps an eye on what is plugged in. */
export class Plugged {
  readonly #parts: PluggedParts;
  readonly #now = cell<Plugs>(nothingPlugged, (a, b) => JSON.stringify(a) === JSON.stringify(b));
  readonly #watcher: Run;
  #looking: Promise<Plugs> | undefined;
  #changed = new AbortController();

  private constructor(parts: PluggedParts) {
    this.#parts = parts;
    this.#watcher = Run.start(parts.clock, 'what is plugged in', (run) => this.#watch(run));
  }

  /** Has looked once when it resolves. What cannot be seen now is no reason not to start: it looks again. */
  static async open(parts: PluggedParts): Promise<Plugged> {
    const plugged = new Plugged(parts);
    await plugged.look().catch((error) => parts.log.warn(asError(error).message));
    return plugged;
  }

  get now(): Cell<Plugs> {
    return this.#now;
  }

  /** Looks at once; who asks while somebody looks is told what that one sees. */
  look(): Promise<Plugs> {
    const { clock, roots } = this.#parts;
    this.#looking ??= clock
      .external(lookForPlugs(roots, this.#now.value))
      .then((plugs) => {
        this.#now.set(plugs);
        return plugs;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#watcher.stop('shutdown');
    await this.#watcher.outcome.catch(() => {});
  }

  async #watch(run: Run): Promise<never> {
    const { clock, log } = this.#parts;
    const end = await this.#listen();
    let changing = Number.NEGATIVE_INFINITY;
    try {
      for (;;) {
        const busy = clock.monotonic() - changing < CHANGES_MS;
        const either = AbortSignal.any([run.signal, this.#changed.signal]);
        const wait = busy ? CHANGING_MS : end ? NET_MS : POLL_MS;
        await clock.sleep(wait, either).catch(() => run.signal.throwIfAborted());
        if (this.#changed.signal.aborted) {
          this.#changed = new AbortController();
          changing = clock.monotonic();
        }
        const before = this.#now.value;
        await this.look().catch((error) => log.warn(asError(error).message));
        if (this.#now.value !== before) changing = clock.monotonic();
      }
    } finally {
      end?.();
    }
  }

  async #listen(): Promise<(() => void) | undefined> {
    const { clock, log, watch = watchUsb } = this.#parts;
    try {
      return await clock.external(watch(() => this.#changed.abort()));
    } catch (error) {
      log.warn(`USB events: ${asError(error).message}; looking every ${POLL_MS / 1000} s instead`);
      return undefined;
    }
  }
}
