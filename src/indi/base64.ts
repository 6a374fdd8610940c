import { Fault } from '../core/errors.ts';

/** Room taken ahead of the data; more comes as it is needed. */
const FIRST_BYTES = 65_536;

/** Decodes base64 text that arrives in pieces, white space anywhere, into at most `limit` bytes. */
export class Base64Sink {
  readonly #limit: number;
  #bytes: Buffer;
  #length = 0;
  #carry = '';
  #padded = false;

  /** @param expected the announced size: room is made for it, within the limit */
  constructor(expected: number, limit: number) {
    this.#limit = limit;
    const room = Number.isFinite(expected) && expected > 0 ? expected : FIRST_BYTES;
    this.#bytes = Buffer.allocUnsafe(Math.min(Math.ceil(room), limit));
  }

  /** @throws Fault `garbled` for text that is no base64, or more than the limit */
  push(text: Uint8Array): void {
    let piece = this.#carry + Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
    if (/\s/.test(piece)) piece = piece.replace(/\s+/g, '');
    const whole = piece.length - (piece.length % 4);
    this.#carry = piece.slice(whole);
    if (whole > 0) this.#decode(whole === piece.length ? piece : piece.slice(0, whole));
  }

  /** What was decoded. @throws Fault `garbled` when the text ended within a group of four */
  end(): Uint8Array {
    if (this.#carry !== '') throw new Fault('garbled', 'a BLOB ends in the middle of its base64');
    return this.#bytes.subarray(0, this.#length);
  }

  #decode(text: string): void {
    if (this.#padded) throw new Fault('garbled', 'a BLOB goes on after its end');
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    this.#padded = padding > 0;
    const length = (text.length / 4) * 3 - padding;
    this.#makeRoom(this.#length + length);
    if (this.#bytes.write(text, this.#length, 'base64') !== length) {
      throw new Fault('garbled', 'a BLOB is no base64');
    }
    this.#length += length;
  }

  #makeRoom(needed: number): void {
    if (needed > this.#limit) throw new Fault('garbled', `a BLOB is larger than ${this.#limit} bytes`);
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(needed, 2 * this.#bytes.length)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
