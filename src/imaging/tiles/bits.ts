import { BadInput } from '../../core/errors.ts';

/** Bits and numbers of a packed tile, the highest first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @param count at most 16 @throws BadInput where the tile has ended */
  bits(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** The next bits, which stay; behind the end of the tile they are 0. */
  peek(count: number): number {
    const at = this.#at >>> 3;
    const bytes = this.#bytes;
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    return (word >>> (24 - (this.#at & 7) - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#at += count;
    if (this.#at > 8 * this.#bytes.length) throw new BadInput('a packed tile ends too early');
  }

  /** What is left of the byte at hand is dropped. */
  align(): void {
    this.#at = (this.#at + 7) & -8;
  }

  /** A signed big-endian number of 4 or 8 bytes. */
  integer(bytes: 4 | 8): number {
    let value = (this.bits(8) << 24) >> 24;
    for (let left = bytes - 1; left > 0; left--) value = value * 256 + this.bits(8);
    return value;
  }
}
