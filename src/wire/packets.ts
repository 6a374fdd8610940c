import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Framing } from './framing.ts';
import type { StreamLink } from './link.ts';

export interface PacketOptions {
  /** Length of the packet at the front; 0 when the front byte begins none and is to be skipped. */
  framing: Framing;
  /** Packets that answer no question. */
  unsolicited?: (packet: Uint8Array) => void;
  timeoutMs?: number;
}

const MAX_BUFFER_BYTES = 65536;

/** Framed packets both ways on one stream: answers are recognised by what they say, all others are events. */
export class Packets {
  readonly #link: StreamLink;
  readonly #clock: Clock;
  readonly #options: PacketOptions;
  #buffer: Uint8Array = new Uint8Array(0);
  #waiting:
    | { accepts: (packet: Uint8Array) => boolean; settle: (result: Uint8Array | Fault) => void }
    | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(link: StreamLink, clock: Clock, options: PacketOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    link.read((bytes) => this.#arrive(bytes));
    link.alive.watch(() => this.#waiting?.settle(new Fault('gone', 'the link closed during an exchange')));
  }

  /** Sends and resolves with the first packet that `accepts` recognises. @throws Fault `silent` `gone` */
  exchange(
    packet: Uint8Array,
    accepts: (packet: Uint8Array) => boolean,
    timeoutMs?: number,
  ): Promise<Uint8Array> {
    const turn = this.#queue.then(async () => {
      const answer = this.#answer(accepts, timeoutMs ?? this.#options.timeoutMs ?? 2000);
      answer.catch(() => {});
      await this.#link.write(packet);
      return answer;
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  #answer(accepts: (packet: Uint8Array) => boolean, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const settle = (result: Uint8Array | Fault) => {
        cancel();
        this.#waiting = undefined;
        if (result instanceof Fault) reject(result);
        else resolve(result);
      };
      const cancel = this.#clock.after(timeoutMs, () =>
        settle(new Fault('silent', `no answer in ${timeoutMs} ms`)),
      );
      this.#waiting = { accepts, settle };
    });
  }

  #arrive(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#buffer.length + bytes.length);
    joined.set(this.#buffer);
    joined.set(bytes, this.#buffer.length);
    let start = 0;
    while (start < joined.length) {
      const length = this.#options.framing(joined.subarray(start));
      if (length === undefined) break;
      if (length > 0) this.#dispatch(joined.subarray(start, start + length));
      start += Math.max(1, length);
    }
    this.#buffer = joined.slice(start);
    // A length field that lies must not hold memory for ever: start over behind it.
    if (this.#buffer.length > MAX_BUFFER_BYTES) this.#buffer = new Uint8Array(0);
  }

  #dispatch(packet: Uint8Array): void {
    if (this.#waiting?.accepts(packet)) this.#waiting.settle(packet);
    else this.#options.unsolicited?.(packet);
  }
}
