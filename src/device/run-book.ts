import type { Clock } from '../core/clock.ts';
import type { Run } from '../core/run.ts';

const HOUR_MS = 3_600_000;
/** A guider pulses every second; the book keeps the latest and no more. */
const MOST = 2000;

/** Everything in progress, and what ended within the hour. */
export class RunBook {
  readonly #clock: Clock;
  readonly #runs = new Map<string, { run: Run; device?: string; endedUtc?: number }>();
  readonly #listeners = new Set<(run: Run) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(run: Run, device?: string): void {
    const entry: { run: Run; device?: string; endedUtc?: number } =
      device === undefined ? { run } : { run, device };
    this.#runs.set(run.id, entry);
    const tell = () => {
      for (const listener of this.#listeners) listener(run);
    };
    const forward = run.progress.watch(tell);
    const end = () => {
      forward();
      entry.endedUtc = this.#clock.now();
      tell();
      this.#forget();
    };
    run.outcome.then(end, end);
    tell();
  }

  find(id: string): Run | undefined {
    return this.#runs.get(id)?.run;
  }

  /** Oldest first. */
  list(): readonly { run: Run; device?: string; endedUtc?: number }[] {
    this.#forget();
    return [...this.#runs.values()];
  }

  /** Calls at every start, change of progress and end. */
  watch(listener: (run: Run) => void): () => void {
    const own = (run: Run) => listener(run);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #forget(): void {
    const before = this.#clock.now() - HOUR_MS;
    for (const [id, { endedUtc }] of this.#runs) {
      if (endedUtc === undefined) continue;
      if (endedUtc >= before && this.#runs.size <= MOST) break;
      this.#runs.delete(id);
    }
  }
}
