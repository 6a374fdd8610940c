import type { Clock } from '../../src/core/clock.ts';
import { asError } from '../../src/core/errors.ts';
import { clamp, modulo } from '../../src/core/units.ts';

export interface ProportionParts {
  clock: Clock;
  /** Of one period, its on-time first. */
  periodMs: number;
  /** Where in the period it begins, 0–1: heaters that begin at different times do not draw their current together. */
  phase?: number;
  switchTo(on: boolean): Promise<void>;
  /** A switching went wrong: it is not tried again before the next change. */
  failed(error: Error): void;
}

/**
 * A mean power by switching: on for its share of each period. A change takes effect at once, within the period that runs,
 * so that many changes add no heat. 0 and 100 % do not switch. Times are counted from one start: a late edge shifts no other.
 */
export class TimeProportion {
  readonly #parts: ProportionParts;
  readonly #start: number;
  #share = 0;
  /** Undefined: a switching has failed, and the next one is done whatever it is. */
  #on: boolean | undefined = false;
  #cancel = () => {};
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ProportionParts) {
    this.#parts = parts;
    this.#start = parts.clock.monotonic() - (parts.phase ?? 0) * parts.periodMs;
  }

  /** @param percent 0…100. Resolves when the output is as it has to be now. @throws Fault of the output */
  async set(percent: number): Promise<void> {
    this.#share = clamp(percent / 100, 0, 1);
    this.#schedule();
    await this.#last;
  }

  #schedule(): void {
    const { clock, periodMs } = this.#parts;
    this.#cancel();
    const share = this.#share;
    const at = modulo(clock.monotonic() - this.#start, periodMs);
    const on = share === 1 || at < share * periodMs;
    this.#switch(on);
    if (share === 0 || share === 1) return;
    const left = (on ? share * periodMs : periodMs) - at;
    // A timer that came a little early must not be set again for no time at all.
    this.#cancel = clock.after(Math.max(1, left), () => this.#schedule());
  }

  #switch(on: boolean): void {
    if (on === this.#on) return;
    this.#on = on;
    const { switchTo, failed } = this.#parts;
    // In order, each after the one before; who has set the share hears of its own alone.
    this.#last = this.#last.catch(() => {}).then(() => switchTo(on));
    this.#last.catch((error) => {
      this.#cancel();
      this.#on = undefined;
      failed(asError(error));
    });
  }
}
