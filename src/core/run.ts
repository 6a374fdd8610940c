import { type Cell, cell } from './cell.ts';
import type { Clock } from './clock.ts';
import { asError } from './errors.ts';

export type StopReason = 'user' | 'unsafe' | 'dawn' | 'shutdown' | 'superseded';

/** The third ending of a Run: neither returned nor failed, but told to stop. Rethrown untouched. */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason, detail = '') {
    super(detail ? `stopped (${reason}): ${detail}` : `stopped (${reason})`);
    this.name = 'Stopped';
    this.reason = reason;
  }
}

export interface Progress {
  /** 0–1 where it is known. */
  fraction?: number;
  /** What is going on, in plain words. */
  note?: string;
  /** The nested steps under way, outermost first. */
  steps: readonly string[];
}

export type Ending<T> =
  | { state: 'returned'; value: T }
  | { state: 'threw'; error: Error }
  | { state: 'stopped'; reason: StopReason; message: string };

let count = 0;

/**
 * One piece of work in progress. The body gets the Run itself: its stop signal, clock, progress and nested steps.
 * Cleanup outlives the stop: exchanges with a device are bounded by their own timeout, never by this signal.
 */
export class Run<T = unknown> {
  readonly id: string;
  readonly name: string;
  readonly clock: Clock;
  readonly startedUtc: number;
  readonly #abort = new AbortController();
  readonly #progress = cell<Progress>({ steps: [] });
  readonly #ending = cell<Ending<T> | undefined>(undefined);
  /** Settles with the body; nobody needs to await it. */
  readonly outcome: Promise<T>;

  private constructor(clock: Clock, name: string, body: (run: Run<T>) => Promise<T>) {
    this.id = `${clock.now().toString(36)}-${(count++).toString(36)}`;
    this.name = name;
    this.clock = clock;
    this.startedUtc = clock.now();
    this.outcome = this.#perform(body);
    this.outcome.catch(() => {});
  }

  static start<T>(clock: Clock, name: string, body: (run: Run<T>) => Promise<T>): Run<T> {
    return new Run(clock, name, body);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get progress(): Cell<Progress> {
    return this.#progress;
  }

  /** Undefined while it is in progress. */
  get ending(): Cell<Ending<T> | undefined> {
    return this.#ending;
  }

  /** Asks the body to stop; it ends when its cleanup is done. The first reason wins. */
  stop(reason: StopReason, detail = ''): void {
    if (!this.signal.aborted) this.#abort.abort(new Stopped(reason, detail));
  }

  report(progress: { fraction?: number; note?: string }): void {
    this.#progress.set({ ...progress, steps: this.#progress.value.steps });
  }

  sleep(milliseconds: number): Promise<void> {
    return this.clock.sleep(milliseconds, this.signal);
  }

  /** A named part of the work, shown in the progress; it shares this Run's stop signal. */
  async step<S>(name: string, body: (run: this) => Promise<S>): Promise<S> {
    this.signal.throwIfAborted();
    const outer = this.#progress.value.steps;
    this.#progress.set({ steps: [...outer, name] });
    try {
      return await body(this);
    } finally {
      this.#progress.set({ steps: outer });
    }
  }

  async #perform(body: (run: Run<T>) => Promise<T>): Promise<T> {
    // One microtask later, so that whoever started the run has it in hand before the body acts.
    await undefined;
    try {
      this.signal.throwIfAborted();
      const value = await body(this);
      this.#ending.set({ state: 'returned', value });
      return value;
    } catch (thrown) {
      const error = asError(thrown);
      if (error instanceof Stopped) {
        this.#ending.set({ state: 'stopped', reason: error.reason, message: error.message });
      } else {
        this.#ending.set({ state: 'threw', error });
      }
      throw thrown;
    }
  }
}
