import { Fault } from '../core/errors.ts';
import { type Attributes, type Tag, TagReader } from './tag.ts';

export { type Attributes, unescaped } from './tag.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DASH = 0x2d;
const BANG = 0x21;
const QUESTION = 0x3f;

/** The longest tag that is read, with all its attributes. */
const TAG_BYTES = 16_384;
const NOTHING: Uint8Array = new Uint8Array(0);

/** What the scanner finds; text comes as it arrives, in as many pieces, entities not yet replaced. */
export interface Found {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(bytes: Uint8Array): void;
}

/**
 * The little XML that INDI is made of, from a stream cut anywhere: tags with attributes in either kind of quotes, text,
 * comments, and `<?xml …?>` wherever it comes (indiserver writes one before every definition). Keeps at most one tag.
 */
export class Scanner {
  readonly #found: Found;
  #mode: 'text' | 'lead' | 'tag' | 'skip' = 'text';
  /** Of a tag cut by the end of a chunk. */
  #held = NOTHING;
  readonly #tags = new TagReader();
  #quote = 0;
  #lead = 0;
  #closer = DASH;
  #closers = 0;

  constructor(found: Found) {
    this.#found = found;
  }

  /** @throws Fault `garbled`: what follows cannot be trusted, close the stream */
  push(bytes: Uint8Array): void {
    const chunk = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < chunk.length; ) {
      if (this.#mode === 'text') at = this.#text(chunk, at);
      else if (this.#mode === 'tag') at = this.#tag(chunk, at);
      else if (this.#mode === 'skip') at = this.#skip(chunk, at);
      else at = this.#beginning(chunk, at);
    }
  }

  #text(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LESS, at);
    if (end !== at) this.#found.text(chunk.subarray(at, end < 0 ? chunk.length : end));
    if (end < 0) return chunk.length;
    this.#mode = 'lead';
    this.#lead = 0;
    return end + 1;
  }

  /** What follows a `<`: a tag, `?` or `!--`. */
  #beginning(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (this.#lead === 0 && byte === BANG) this.#lead = 1;
    else if (this.#lead === 1 && byte === DASH) this.#lead = 2;
    else if (this.#lead === 2 && byte === DASH) this.#begin('skip', DASH);
    else if (this.#lead === 0 && byte === QUESTION) this.#begin('skip', QUESTION);
    else if (this.#lead > 0) throw new Fault('garbled', 'declarations and CDATA are no part of INDI');
    else {
      this.#begin('tag', 0);
      return at;
    }
    return at + 1;
  }

  #begin(mode: 'tag' | 'skip', closer: number): void {
    this.#mode = mode;
    this.#closer = closer;
    this.#closers = 0;
    this.#quote = 0;
  }

  /** To the end of a comment (`-->`) or of a processing instruction (`?>`). */
  #skip(chunk: Buffer, start: number): number {
    const needed = this.#closer === DASH ? 2 : 1;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === GREATER && this.#closers >= needed) {
        this.#mode = 'text';
        return at + 1;
      }
      this.#closers = byte === this.#closer ? this.#closers + 1 : 0;
    }
    return chunk.length;
  }

  #tag(chunk: Buffer, start: number): number {
    let quote = this.#quote;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
      else if (byte === GREATER) {
        this.#mode = 'text';
        this.#tell(this.#tags.read(this.#whole(chunk, start, at)));
        return at + 1;
      }
    }
    this.#quote = quote;
    if (this.#held.length + chunk.length - start > TAG_BYTES) throw tooLong();
    this.#held = Buffer.concat([this.#held, chunk.subarray(start)]);
    return chunk.length;
  }

  /** A tag, of which a beginning may be held. */
  #whole(chunk: Buffer, start: number, end: number): string {
    if (this.#held.length + end - start > TAG_BYTES) throw tooLong();
    if (this.#held.length === 0) return chunk.toString('utf8', start, end);
    const tag = Buffer.concat([this.#held, chunk.subarray(start, end)]);
    this.#held = NOTHING;
    return tag.toString('utf8');
  }

  #tell({ name, closes, attributes }: Tag): void {
    if (attributes) this.#found.open(name, attributes);
    if (closes) this.#found.close(name);
  }
}

const tooLong = () => new Fault('garbled', `a tag is longer than ${TAG_BYTES} bytes`);
