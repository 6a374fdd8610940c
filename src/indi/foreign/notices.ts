import type { Clock } from '../../core/clock.ts';
import type { Notice } from '../message.ts';

/** More a second would be read by nobody. */
const MOST = 20;
const WINDOW_MS = 1000;

/** Lets through what a program has to say to people, at a pace at which it can be read; what is left out is counted. */
export class Notices {
  readonly #clock: Clock;
  readonly #pass: (notice: Notice) => void;
  #passed = 0;
  #left = 0;
  #last: Notice | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, pass: (notice: Notice) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  take(notice: Notice): void {
    this.#cancel ??= this.#clock.after(WINDOW_MS, () => this.#turn());
    const repeated = notice.text === this.#last?.text && notice.device === this.#last.device;
    this.#last = notice;
    if (repeated || this.#passed >= MOST) this.#left++;
    else {
      this.#passed++;
      this.#pass(notice);
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** The second is over. */
  #turn(): void {
    this.#cancel = undefined;
    const [left, last] = [this.#left, this.#last];
    this.#passed = 0;
    this.#left = 0;
    this.#last = undefined;
    if (left === 0 || !last) return;
    const text = `${left} more ${left === 1 ? 'message' : 'messages'}, the last: ${last.text}`;
    this.#pass({ ...last, text });
  }
}
