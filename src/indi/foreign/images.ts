/** Smaller ones are cheap to have anew. */
const LARGE_BYTES = 1 << 20;

/**
 * Images on their way from programs to clients, all together: each is held while any client still reads from it.
 * A program is told to send the next one only while they are within their budget. The memory of one that all have let
 * go of serves the next: the collector does not hurry, and every page of new memory costs the kernel a fault.
 */
export class Images {
  readonly #budgetBytes: number;
  #heldBytes = 0;
  #waiting: (() => void)[] = [];
  /** What was given out for large images. */
  readonly #ours = new WeakSet<ArrayBufferLike>();
  #free: Buffer | undefined;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** For an image of so many bytes. */
  memory(bytes: number): Buffer {
    if (bytes < LARGE_BYTES) return Buffer.allocUnsafe(bytes);
    const free = this.#free;
    this.#free = undefined;
    if (free && free.length >= bytes && free.length <= 2 * bytes) return free;
    const fresh = Buffer.allocUnsafeSlow(bytes);
    this.#ours.add(fresh.buffer);
    return fresh;
  }

  /** What is asked once for each user: its answer lets go. */
  holder(shown: readonly Uint8Array[]): () => () => void {
    const bytes = shown.reduce((sum, { length }) => sum + length, 0);
    let users = 0;
    return () => {
      if (users++ === 0) this.#heldBytes += bytes;
      let holding = true;
      return () => {
        if (!holding) return;
        holding = false;
        if (--users === 0) this.#release(shown, bytes);
      };
    };
  }

  /** At once, or as soon as enough was let go. */
  whenRoom(call: () => void): void {
    if (this.#heldBytes <= this.#budgetBytes) call();
    else this.#waiting.push(call);
  }

  #release(shown: readonly Uint8Array[], bytes: number): void {
    for (const { buffer } of shown) if (this.#ours.has(buffer)) this.#free = Buffer.from(buffer);
    this.#heldBytes -= bytes;
    if (this.#heldBytes > this.#budgetBytes) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call();
  }
}
