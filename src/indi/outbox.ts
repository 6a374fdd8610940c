import { base64, base64Length } from './print.ts';

/** Multiples of 3, so that slices of base64 join without padding; 64 kB of text, a fraction of a millisecond. */
const SLICE_BYTES = 49_152;
/** Filled so far, a socket is fed no more: what it has not taken waits here, where it can be dropped. */
const FEED_BYTES = 262_144;
/** Unsent BLOBs of one property beyond which the oldest is skipped. */
const BLOBS_BEHIND = 2;
/** A client that has so much to take yet misses a picture of a live stream (the limit of indiserver). */
const LIVE_BEHIND_BYTES = 5e6;

/** The writable side of a socket, as far as this needs it. */
export interface Sink {
  /** Takes nothing more, and has nothing waiting, whatever it is given. */
  readonly destroyed?: boolean;
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
  /** A picture of a stream, which is worth nothing when it is late. */
  live?: boolean;
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
  readonly #soon: (feed: () => void) => void;
  readonly #inTurn = () => {
    this.#scheduled = false;
    this.feed();
  };
  #queue: (Buffer | Sending)[] = [];
  /** Items of the queue that are gone; they are cut off now and then. */
  #first = 0;
  #queuedBytes = 0;
  #scheduled = false;
  #skipped = 0;

  /** @param soon calls once, later: everything said until then goes out in one write */
  constructor(sink: Sink, soon: (feed: () => void) => void = queueMicrotask) {
    this.#sink = sink;
    this.#soon = soon;
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
    const images = this.#queue.slice(this.#first).filter((item): item is Sending => 'head' in item);
    if (parcel.live && this.waitingBytes + sum(images.map(remaining)) > LIVE_BEHIND_BYTES) {
      this.#skipped++;
      parcel.done();
      return;
    }
    const unsent = images.filter(({ property, offset }) => property === parcel.property && offset < 0);
    if (unsent.length >= (parcel.live ? 1 : BLOBS_BEHIND)) this.#skip(unsent[0] as Sending);
    this.#queue.push({ ...parcel, offset: -1 });
    this.#schedule();
  }

  /** The socket took something: goes on feeding it. */
  feed(): void {
    const next = this.#queue[this.#first];
    if (!next || !this.#hungry) return;
    // One short message goes straight to the socket; what is corked counts as waiting, which ends a turn of slices.
    const corked = 'head' in next || this.#first + 1 < this.#queue.length;
    if (corked) this.#sink.cork();
    while (this.#first < this.#queue.length && this.#hungry) {
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
    if (corked) this.#sink.uncork();
  }

  /** The client is gone: lets go of every image. */
  clear(): void {
    for (const item of this.#queue.slice(this.#first)) if ('head' in item) item.done();
    this.#queue = [];
    this.#first = 0;
    this.#queuedBytes = 0;
  }

  get #hungry(): boolean {
    return !this.#sink.destroyed && this.#sink.writableLength < FEED_BYTES;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#soon(this.#inTurn);
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

const remaining = ({ bytes, offset }: Sending): number => base64Length(bytes.length - Math.max(0, offset));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
