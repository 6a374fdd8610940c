import { Fault } from '../core/errors.ts';

/** Room taken ahead of the data; more comes as it is needed. */
const FIRST_BYTES = 65_536;
const NEWLINE = 0x0a;

/** Gives room for so many bytes, or more; what it holds is of no matter. */
export type Memory = (bytes: number) => Buffer;

/** Decodes base64 text that arrives in pieces, white space anywhere, into at most `limit` bytes. */
export class Base64Sink {
  readonly #limit: number;
  readonly #memory: Memory;
  #bytes: Buffer;
  #length = 0;
  #carry = '';
  #padded = false;

  /** @param expected the announced size: room is made for it, within the limit */
  constructor(expected: number, limit: number, memory: Memory = Buffer.allocUnsafe) {
    this.#limit = limit;
    this.#memory = memory;
    const room = Number.isFinite(expected) && expected > 0 ? expected : FIRST_BYTES;
    this.#bytes = memory(Math.min(Math.ceil(room), limit));
  }

  /** @throws Fault `garbled` for text that is no base64, or more than the limit */
  push(text: Uint8Array): void {
    const { buffer, byteOffset, byteLength } = text;
    const piece = this.#carry + Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
    if (this.#take(piece, piece.length - lineEnds(text))) return;
    // Not in even lines, or no base64.
    const bare = piece.replace(/\s+/g, '');
    if (!this.#take(bare, bare.length)) throw new Fault('garbled', this.#whatIsWrong(bare));
  }

  /** What was decoded. @throws Fault `garbled` when the text ended within a group of four */
  end(): Uint8Array {
    if (this.#carry !== '') throw new Fault('garbled', 'a BLOB ends in the middle of its base64');
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Node decodes at memory's speed and passes over all that is no base64: the length tells whether there was any.
   * @param digits all but line ends
   * @returns false, and nothing has changed, when there is something else among them
   */
  #take(piece: string, digits: number): boolean {
    let end = piece.length;
    for (let odd = digits % 4; odd > 0; ) if (piece.charCodeAt(--end) !== NEWLINE) odd--;
    const groups = piece.slice(0, end).trimEnd();
    const length = bytesIn(groups, digits);
    if (length > 0) {
      if (this.#padded || !this.#makeRoom(this.#length + length)) return false;
      if (this.#bytes.write(groups, this.#length, 'base64') !== length) return false;
      this.#length += length;
      this.#padded = groups.endsWith('=');
    }
    this.#carry = piece.slice(end).replace(/\s+/g, '');
    return true;
  }

  #whatIsWrong(bare: string): string {
    if (this.#padded) return 'a BLOB goes on after its end';
    const large = this.#length + bytesIn(bare, bare.length) > this.#limit;
    return large ? `a BLOB is larger than ${this.#limit} bytes` : 'a BLOB is no base64';
  }

  #makeRoom(needed: number): boolean {
    if (needed > this.#limit) return false;
    if (needed <= this.#bytes.length) return true;
    const larger = this.#memory(Math.min(this.#limit, Math.max(needed, 2 * this.#bytes.length)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    return true;
  }
}

/** Of whole groups of four, of which the last may be padded. */
function bytesIn(groups: string, digits: number): number {
  const padding = groups.endsWith('==') ? 2 : groups.endsWith('=') ? 1 : 0;
  return Math.floor(digits / 4) * 3 - padding;
}

/** Those of lines that are equally long, as libindi writes them: looking at one byte a line costs nothing. */
function lineEnds(text: Uint8Array): number {
  let count = 0;
  let [before, at] = [-1, text.indexOf(NEWLINE)];
  while (at >= 0) {
    count++;
    const next = at + at - before;
    before = at;
    at = text[next] === NEWLINE ? next : text.indexOf(NEWLINE, at + 1);
  }
  return count;
}
