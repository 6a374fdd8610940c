import { base64 } from './print.ts';

/** Multiples of 3, so that slices of base64 join without padding; 64 kB of text, a fraction of a millisecond. */
const SLICE_BYTES = 49_152;
/** Filled so far, a socket is fed no more: what it has not taken waits here, where it can be dropped. */
const FEED_BYTES = 262_144;
/** Unsent BLOBs of one property beyond which the oldest is skipped. */
const BLOBS_BEHIND = 2;

/** The writable side of a socket, as far as this needs it. */
export interface Sink {
  readonly writableLength: number;
  write(bytes: Buffer | string, encoding?: 'latin1'): boolean;
  cork(): void;
  uncork(): void;
}

/** An image to one client: shared bytes and this client's own place in them. */
export interface Parcel {
  /** Which of several supersede each other. */
  property: string;
  head: string;
  bytes: Uint8Array;
  tail: string;
  /** Called once, when it is sent, skipped or its client gone. */
  done(): void;
}

interface Sending extends Parcel {
  offset: number;
}

/**
 * What one client is still to get, in order. Texts are Buffers shared with the other clients; images are encoded slice
 * by slice as the socket takes them, so that a slow client costs a place in the picture and no memory.
 */
export class Outbox {
  readonly #sink: Sink;
  #queue: (Buffer | Sending)[] = [];
  /** Items of the queue that are gone; they are cut off now and then. */
  #first = 0;
  #queuedBytes = 0;
  #scheduled = false;
  #skipped = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Bytes of messages that wait, here and in the socket; images are not copied and do not count. */
  get waitingBytes(): number {
    return this.#queuedBytes + this.#sink.writableLength;
  }

  get empty(): boolean {
    return this.#first === this.#queue.length && this.#sink.writableLength === 0;
  }

  /** Images that were left out because newer ones had come. */
  get skipped(): number {
    return this.#skipped;
  }

  send(text: Buffer): void {
    this.#queue.push(text);
    this.#queuedBytes += text.length;
    this.#schedule();
  }

  sendBlob(parcel: Parcel): void {
    const waiting = this.#queue
      .slice(this.#first)
      .filter((item): item is Sending => 'head' in item && item.property === parcel.property);
    const unsent = waiting.filter(({ offset }) => offset < 0);
    if (unsent.length >= BLOBS_BEHIND) this.#skip(unsent[0] as Sending);
    this.#queue.push({ ...parcel, offset: -1 });
    this.#schedule();
  }

  /** The socket took something: goes on feeding it. */
  feed(): void {
    if (this.#sink.writableLength >= FEED_BYTES) return;
    this.#sink.cork();
    while (this.#first < this.#queue.length && this.#sink.writableLength < FEED_BYTES) {
      const item = this.#queue[this.#first] as Buffer | Sending;
      if ('head' in item) {
        // One slice a turn: eight clients of one picture must not add up to a pause.
        if (this.#slice(item)) this.#first++;
        else if (this.#sink.writableLength > 0) break;
      } else {
        this.#sink.write(item);
        this.#queuedBytes -= item.length;
        this.#first++;
      }
    }
    if (this.#first > 1000 || this.#first === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.#sink.uncork();
  }

  /** The client is gone: lets go of every image. */
  clear(): void {
    for (const item of this.#queue.slice(this.#first)) if ('head' in item) item.done();
    this.#queue = [];
    this.#first = 0;
    this.#queuedBytes = 0;
  }

  /** Everything said in one turn goes out in one write. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.feed();
    });
  }

  /** Writes the next piece; true when it was the last. */
  #slice(item: Sending): boolean {
    if (item.offset < 0) {
      this.#sink.write(Buffer.from(item.head));
      item.offset = 0;
    }
    const end = Math.min(item.offset + SLICE_BYTES, item.bytes.length);
    if (end > item.offset) this.#sink.write(base64(item.bytes.subarray(item.offset, end)), 'latin1');
    item.offset = end;
    if (end < item.bytes.length) return false;
    this.#sink.write(Buffer.from(item.tail));
    item.done();
    return true;
  }

  #skip(item: Sending): void {
    const at = this.#queue.indexOf(item);
    this.#queue.splice(at, 1);
    this.#skipped++;
    item.done();
  }
}
