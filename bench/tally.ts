import { connect, type Socket } from 'node:net';

const NUMBER = /<oneNumber[^>]*>\s*(\d+)\s*<\/oneNumber>/g;
/** Longer than any message that is counted. */
const TAIL_BYTES = 2048;

/**
 * A client that decodes nothing: it counts bytes, and how often a word comes. The same for every server, and light
 * enough not to be what limits them.
 */
export class Tally {
  readonly socket: Socket;
  readonly #word: Buffer;
  #bytes = 0;
  #count = 0;
  /** The end of what came: a word, or a message, may be cut. */
  #tail: Buffer = Buffer.alloc(0);
  /** Called after each chunk. */
  onData: (chunk: Buffer) => void = () => {};

  private constructor(socket: Socket, word: string) {
    this.socket = socket;
    this.#word = Buffer.from(word);
    socket.on('data', (chunk) => this.#take(chunk));
    // A client that was thrown out shows in its count.
    socket.on('error', () => socket.destroy());
  }

  /** @param word what is counted: the end tag of a vector, the name of a property */
  static connect(port: number, word: string): Promise<Tally> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new Tally(socket, word));
      });
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** The value of the last number element that came whole; 0 before the first. */
  get lastNumber(): number {
    return Number([...this.#tail.toString('latin1').matchAll(NUMBER)].at(-1)?.[1] ?? 0);
  }

  say(text: string): void {
    this.socket.write(text);
  }

  /** False when the word has not come so many times in all within the time. */
  async reaches(count: number, milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (this.#count < count && performance.now() < end) await pause(1);
    return this.#count >= count;
  }

  /** Resolves when nothing has come for so long, or after 20 s. */
  async quiet(milliseconds: number): Promise<void> {
    const end = performance.now() + 20_000;
    for (let before = -1; before !== this.#bytes && performance.now() < end; ) {
      before = this.#bytes;
      await pause(milliseconds);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    const word = this.#word;
    this.#bytes += chunk.length;
    const seam = Buffer.concat([
      this.#tail.subarray(-(word.length - 1) || this.#tail.length),
      chunk.subarray(0, word.length - 1),
    ]);
    if (seam.includes(word)) this.#count++;
    for (let at = chunk.indexOf(word); at >= 0; at = chunk.indexOf(word, at + word.length)) this.#count++;
    const whole = chunk.length >= TAIL_BYTES ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = Buffer.from(whole.subarray(-TAIL_BYTES));
    this.onData(chunk);
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
