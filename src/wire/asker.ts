import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { bytesOf, type Framing, latin1 } from './framing.ts';
import type { StreamLink } from './link.ts';

export interface AskerOptions {
  /** How the device ends its answers, unless a question says otherwise. */
  framing: Framing;
  /** From the question to the last byte of its answer; default 2000. */
  timeoutMs?: number;
  /** The silence after a failed exchange that proves no late answer is on its way; default 200. */
  quietMs?: number;
}

/** More than any answer of the devices we know; a device that babbles beyond it is garbled. */
const MAX_ANSWER_BYTES = 4096;

interface Waiting {
  framing: Framing;
  resolve: (answer: Uint8Array) => void;
  reject: (fault: Fault) => void;
}

/**
 * Questions and answers on one stream, one exchange at a time. A late answer never answers the next question: after
 * a timeout the line is drained until it has been silent for `quietMs`, for at most ten times that.
 */
export class Asker {
  readonly #link: StreamLink;
  readonly #clock: Clock;
  readonly #options: Required<AskerOptions>;
  #buffer: Uint8Array = new Uint8Array(0);
  #waiting: Waiting | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #doubtful = false;
  #lastByte = 0;

  constructor(link: StreamLink, clock: Clock, options: AskerOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = { timeoutMs: 2000, quietMs: 200, ...options };
    link.read((bytes) => this.#arrive(bytes));
    link.alive.watch(() => this.#waiting?.reject(new Fault('gone', 'the link closed during an exchange')));
  }

  /** @returns the answer as Latin-1 text with its terminator. @throws Fault `silent` `gone` `garbled` */
  async ask(question: string, framing?: Framing, timeoutMs?: number): Promise<string> {
    return latin1(await this.exchange(bytesOf(question), framing, timeoutMs));
  }

  exchange(question: Uint8Array, framing = this.#options.framing, timeoutMs = this.#options.timeoutMs) {
    return this.#inTurn(async () => {
      await this.#settle();
      this.#buffer = new Uint8Array(0);
      const answer = this.#answer(framing, timeoutMs, question);
      answer.catch(() => {});
      await this.#link.write(question);
      return answer;
    });
  }

  /** A command that the device does not answer. */
  tell(command: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#settle();
      await this.#link.write(bytesOf(command));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  #answer(framing: Framing, timeoutMs: number, question: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        cancel();
        this.#waiting = undefined;
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        const got = this.#buffer.length > 0 ? `, only ${JSON.stringify(latin1(this.#buffer))}` : '';
        this.#waiting?.reject(
          new Fault(
            'silent',
            `no answer to ${JSON.stringify(latin1(question))} within ${timeoutMs} ms${got}`,
          ),
        );
      });
      this.#waiting = {
        framing,
        resolve: (answer) => {
          finish();
          resolve(answer);
        },
        reject: (fault) => {
          this.#doubtful = true;
          finish();
          reject(fault);
        },
      };
    });
  }

  #arrive(bytes: Uint8Array): void {
    this.#lastByte = this.#clock.monotonic();
    if (!this.#waiting) return;
    const joined = new Uint8Array(this.#buffer.length + bytes.length);
    joined.set(this.#buffer);
    joined.set(bytes, this.#buffer.length);
    const end = this.#waiting.framing(joined);
    this.#buffer = joined.subarray(end ?? 0);
    if (end !== undefined) this.#waiting.resolve(joined.subarray(0, end));
    else if (joined.length > MAX_ANSWER_BYTES) {
      this.#waiting.reject(
        new Fault('garbled', `an answer of more than ${MAX_ANSWER_BYTES} bytes without an end`),
      );
    }
  }

  async #settle(): Promise<void> {
    if (!this.#doubtful) return;
    const { quietMs } = this.#options;
    const start = this.#clock.monotonic();
    this.#lastByte = Math.max(this.#lastByte, start);
    while (this.#clock.monotonic() - start < 10 * quietMs) {
      const silence = this.#clock.monotonic() - this.#lastByte;
      if (silence >= quietMs) break;
      await this.#clock.sleep(quietMs - silence);
    }
    this.#doubtful = false;
  }
}
