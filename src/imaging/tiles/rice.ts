import { BadInput } from '../../core/errors.ts';

/** By bytes of a pixel: bits of the code that precedes a block, and the code that says "not packed". */
export const RICE = {
  1: { codeBits: 3, plain: 6 },
  2: { codeBits: 4, plain: 14 },
  4: { codeBits: 5, plain: 25 },
} as const;
export type RiceBytes = keyof typeof RICE;

/** Bits that are certain to be there in a 32-bit word that begins at any bit of a byte. */
const CERTAIN = 25;
/** So that a word can be read wherever a bit may be. */
const SLACK = 8;

/**
 * Unpacks one tile of RICE_1 (FITS 4.0, section 10.4.1; White and Becker 1998): differences of neighbours, in blocks,
 * each as a unary quotient and `shift` low bits.
 * @param bytesPerPixel of the integers that were packed (BYTEPIX); 2 and 4 are signed, 1 is not
 * @param block pixels in a block (BLOCKSIZE)
 * @throws BadInput for bytes that end too early
 */
export function unpackRice(
  packed: Uint8Array,
  bytesPerPixel: RiceBytes,
  block: number,
  into: Int32Array,
): void {
  const { codeBits, plain } = RICE[bytesPerPixel];
  const pixelBits = 8 * bytesPerPixel;
  const words = padded(packed);
  const end = 8 * packed.length;
  const spare = 32 - pixelBits;
  let at = pixelBits;
  let last = words.getInt32(0) >> spare;
  for (let start = 0; start < into.length; start += block) {
    const stop = Math.min(into.length, start + block);
    if (at + codeBits > end) throw endsEarly();
    const shift = bitsAt(words, at, codeBits) - 1;
    at += codeBits;
    if (shift < 0) {
      into.fill(last, start, stop);
      continue;
    }
    if (shift >= plain) {
      if (at + (stop - start) * pixelBits > end) throw endsEarly();
      for (let index = start; index < stop; index++, at += pixelBits) {
        const code = bitsAt(words, at, pixelBits);
        last = ((last + ((code >>> 1) ^ -(code & 1))) << spare) >> spare;
        into[index] = last;
      }
      continue;
    }
    for (let index = start; index < stop; index++) {
      if (at >= end) throw endsEarly();
      const word = words.getUint32(at >>> 3) << (at & 7);
      let zeros = Math.clz32(word);
      let low: number;
      if (zeros + 1 + shift <= CERTAIN) {
        // In two steps each, because a shift by 32 is one by 0.
        low = (((word << zeros) << 1) >>> 1) >>> (31 - shift);
        at += zeros + 1 + shift;
      } else {
        zeros = zerosAt(words, at, end);
        at += zeros + 1;
        low = shift === 0 ? 0 : bitsAt(words, at, shift);
        at += shift;
      }
      const code = (zeros << shift) | low;
      last = ((last + ((code >>> 1) ^ -(code & 1))) << spare) >> spare;
      into[index] = last;
    }
  }
  if (at > end) throw endsEarly();
  if (bytesPerPixel === 1)
    for (let index = 0; index < into.length; index++) into[index] = into[index]! & 0xff;
}

const endsEarly = () => new BadInput('a tile of Rice-packed pixels ends too early');

/** 1 to 32 bits, beginning with bit `at`. */
function bitsAt(words: DataView, at: number, count: number): number {
  if (count <= CERTAIN) return (words.getUint32(at >>> 3) << (at & 7)) >>> (32 - count);
  const high = bitsAt(words, at, 16);
  return (high << (count - 16)) | bitsAt(words, at + 16, count - 16);
}

/** Zeros before the next one. @throws BadInput where there is none before bit `end` */
function zerosAt(words: DataView, at: number, end: number): number {
  for (let next = at; next < end; next++) if (bitsAt(words, next, 1) === 1) return next - at;
  throw endsEarly();
}

/** One tile after the other is copied into the same memory. */
let scratch = new DataView(new ArrayBuffer(1 << 16));

function padded(packed: Uint8Array): DataView {
  if (scratch.byteLength < packed.length + SLACK)
    scratch = new DataView(new ArrayBuffer(2 * packed.length + SLACK));
  const bytes = new Uint8Array(scratch.buffer);
  bytes.set(packed);
  bytes.fill(0, packed.length, packed.length + SLACK);
  return scratch;
}
