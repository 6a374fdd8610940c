import { Fault } from '../core/errors.ts';
import { allocateFrame, bufferBytes, type Frame, type FrameShape } from './frame.ts';

interface Waiting {
  bytes: number;
  grant(): void;
}

/**
 * The bytes of frames alive at once (HOUSE, rule 7). Whoever wants one more waits, first come first served, until
 * enough were released. A frame is known by its buffer, so that a copy of its description counts as the same.
 * Released memory serves the next frame of its size: the collector does not see how large shared buffers are, and
 * would leave a dozen dead ones lying about before it looks.
 */
export class FrameBudget {
  readonly bytes: number;
  #spent = 0;
  readonly #users = new Map<SharedArrayBuffer, number>();
  readonly #waiting: Waiting[] = [];
  /** Of frames that are gone, the longest unused first. */
  #free: SharedArrayBuffer[] = [];

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  get spent(): number {
    return this.#spent;
  }

  /**
   * A blank frame with one user. Rejects with the signal's reason if that comes first.
   * @throws Fault `refused` for a frame larger than the whole budget
   */
  async allocate(shape: FrameShape, signal?: AbortSignal): Promise<Frame> {
    const bytes = bufferBytes(shape);
    if (bytes > this.bytes) {
      const [asked, there] = [bytes, this.bytes].map((size) => Math.ceil(size / 1e6));
      throw new Fault('refused', `a frame of ${asked} MB does not fit into the ${there} MB for frames`);
    }
    signal?.throwIfAborted();
    if (this.#waiting.length > 0 || this.#spent + bytes > this.bytes) await this.#turn(bytes, signal);
    else this.#spent += bytes;
    const frame = allocateFrame(shape, this.#reused(bytes));
    this.#users.set(frame.buffer, 1);
    return frame;
  }

  /** Memory of that size from a frame that is gone; what is of no use makes room. */
  #reused(bytes: number): SharedArrayBuffer | undefined {
    const at = this.#free.findIndex(({ byteLength }) => byteLength === bytes);
    if (at >= 0) return this.#free.splice(at, 1)[0];
    let free = this.#free.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (free > 0 && this.#spent + free > this.bytes) free -= this.#free.shift()?.byteLength ?? 0;
    return undefined;
  }

  /** One more user: the frame lives until each has released it. */
  retain(frame: Frame): void {
    const users = this.#users.get(frame.buffer);
    if (users === undefined) throw new Error('this frame is not alive: it cannot be retained');
    this.#users.set(frame.buffer, users + 1);
  }

  /** The user is done with it. Frames of other origin and those already gone are let pass. */
  release(frame: Frame): void {
    const users = this.#users.get(frame.buffer);
    if (users === undefined) return;
    if (users > 1) {
      this.#users.set(frame.buffer, users - 1);
      return;
    }
    this.#users.delete(frame.buffer);
    this.#spent -= frame.buffer.byteLength;
    this.#free.push(frame.buffer);
    this.#grant();
  }

  #turn(bytes: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
        this.#grant();
      };
      const waiting: Waiting = {
        bytes,
        grant: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  #grant(): void {
    for (
      let next = this.#waiting[0];
      next && this.#spent + next.bytes <= this.bytes;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#spent += next.bytes;
      next.grant();
    }
  }
}
