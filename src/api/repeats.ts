import type { Clock } from '../core/clock.ts';
import type { Run } from '../core/run.ts';
import { Rejected } from './problem.ts';

const HOUR_MS = 3_600_000;
const MOST = 1000;

/**
 * Requests that came with an Idempotency-Key: a repetition within the hour is answered with the run the first one
 * started. A request that was refused at once started nothing, and may be repeated.
 */
export class Repeats {
  readonly #clock: Clock;
  readonly #known = new Map<string, { request: string; run: Run; sinceMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param request what was asked, as text: the same key must always mean the same
   * @throws Rejected 422 when the key was used for something else
   */
  once(key: string | undefined, request: string, start: () => Run): Run {
    if (key === undefined) return start();
    this.#forget();
    const known = this.#known.get(key);
    if (known) {
      if (known.request === request) return known.run;
      throw new Rejected(422, 'this Idempotency-Key was used for another request: choose a new one');
    }
    const run = start();
    this.#known.set(key, { request, run, sinceMs: this.#clock.monotonic() });
    return run;
  }

  #forget(): void {
    const before = this.#clock.monotonic() - HOUR_MS;
    for (const [key, { sinceMs }] of this.#known) {
      if (sinceMs > before && this.#known.size < MOST) break;
      this.#known.delete(key);
    }
  }
}
