import type { Clock } from '../core/clock.ts';

/** So many sockets are written to before commands are read again: some 20 µs. */
const AT_ONCE = 4;

/**
 * Whose socket is written to when. What one command stirs up is news to every client: it reaches them a few in each turn
 * of the event loop, so that the next command need not wait until the last of them has heard of the one before.
 */
export class Rounds {
  readonly #clock: Clock;
  #due: (() => void)[] = [];
  #under = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param feed is called once: at the end of this turn, or in one of the next. Who has asked must not ask again
   * @param first before all who wait
   */
  await(feed: () => void, first = false): void {
    if (first) this.#due.unshift(feed);
    else this.#due.push(feed);
    if (this.#under) return;
    this.#under = true;
    queueMicrotask(() => this.#serve());
  }

  #serve(): void {
    const now = this.#due.splice(0, AT_ONCE);
    if (this.#due.length > 0) void this.#clock.turn().then(() => this.#serve());
    else this.#under = false;
    for (const feed of now) feed();
  }
}
