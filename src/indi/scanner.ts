import { Fault } from '../core/errors.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DASH = 0x2d;
const BANG = 0x21;
const QUESTION = 0x3f;

/** The longest tag that is read, with all its attributes. */
const TAG_BYTES = 16_384;

export type Attributes = Readonly<Record<string, string>>;

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
  #held: Uint8Array = new Uint8Array(0);
  #quote = 0;
  #lead = 0;
  #closer = DASH;
  #closers = 0;

  constructor(found: Found) {
    this.#found = found;
  }

  /** @throws Fault `garbled`: what follows cannot be trusted, close the stream */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#mode === 'text') at = this.#text(chunk, at);
      else if (this.#mode === 'tag') at = this.#tag(chunk, at);
      else if (this.#mode === 'skip') at = this.#skip(chunk, at);
      else at = this.#beginning(chunk, at);
    }
  }

  #text(chunk: Uint8Array, at: number): number {
    const end = chunk.indexOf(LESS, at);
    if (end !== at) this.#found.text(chunk.subarray(at, end < 0 ? chunk.length : end));
    if (end < 0) return chunk.length;
    this.#mode = 'lead';
    this.#lead = 0;
    return end + 1;
  }

  /** What follows a `<`: a tag, `?` or `!--`. */
  #beginning(chunk: Uint8Array, at: number): number {
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
  #skip(chunk: Uint8Array, start: number): number {
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

  #tag(chunk: Uint8Array, start: number): number {
    let quote = this.#quote;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
      else if (byte === GREATER) {
        const tag = Buffer.concat([this.#held, chunk.subarray(start, at)]);
        this.#held = new Uint8Array(0);
        this.#mode = 'text';
        this.#read(tag);
        return at + 1;
      }
    }
    this.#quote = quote;
    if (this.#held.length + chunk.length - start > TAG_BYTES) throw tooLong();
    this.#held = Buffer.concat([this.#held, chunk.subarray(start)]);
    return chunk.length;
  }

  #read(bytes: Buffer): void {
    if (bytes.length > TAG_BYTES) throw tooLong();
    const tag = bytes.toString('utf8');
    const [, slash, name] = /^(\/?)([A-Za-z_][\w.-]*)/.exec(tag) ?? [];
    if (name === undefined) throw new Fault('garbled', `"<${tag.slice(0, 40)}>" is no tag`);
    const end = (slash?.length ?? 0) + name.length;
    if (slash) {
      if (tag.slice(end).trim() !== '') throw new Fault('garbled', `"<${tag.slice(0, 40)}>" is no tag`);
      this.#found.close(name);
      return;
    }
    const { attributes, rest } = readAttributes(tag, end);
    this.#found.open(name, attributes);
    if (rest === '/') this.#found.close(name);
    else if (rest !== '') throw new Fault('garbled', `in <${name}>: "${rest.slice(0, 40)}" is no attribute`);
  }
}

const tooLong = () => new Fault('garbled', `a tag is longer than ${TAG_BYTES} bytes`);

function readAttributes(tag: string, start: number): { attributes: Attributes; rest: string } {
  // Names like `__proto__` are keys like any other.
  const attributes: Record<string, string> = Object.create(null);
  const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  let end = start;
  attribute.lastIndex = end;
  for (let match = attribute.exec(tag); match; match = attribute.exec(tag)) {
    attributes[match[1] as string] = unescaped(match[2] ?? match[3] ?? '');
    end = attribute.lastIndex;
  }
  return { attributes, rest: tag.slice(end).trim() };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Replaces the five named entities and character references; what is none of them stays as it is. */
export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:([a-z]{2,4})|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name) return entities[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
