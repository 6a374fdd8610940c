import { RICE } from './rice.ts';

/** Pixels of a block, as fpack takes. */
export const RICE_BLOCK = 32;

/** Bytes that `count` pixels become at most: each as it is, and a code before each block. */
export const riceRoom = (count: number, bytesPerPixel: 2 | 4): number =>
  (count + 1) * bytesPerPixel + Math.ceil(count / RICE_BLOCK) + 8;

/** That can be put at once, beside the 7 that may wait. */
const MOST_BITS = 25;

/**
 * Packs one tile as RICE_1 (FITS 4.0, section 10.4.1), the counterpart of `unpackRice`.
 * @param out room for it from byte `start` on, see `riceRoom`
 * @returns the byte behind it
 */
export function packRice(pixels: Int32Array, bytesPerPixel: 2 | 4, out: Uint8Array, start: number): number {
  const { codeBits, plain } = RICE[bytesPerPixel];
  const spare = 32 - 8 * bytesPerPixel;
  let at = start;
  // Bits that wait for a whole byte, in the low end of `word`.
  let word = 0;
  let waiting = 0;
  const put = (value: number, count: number): void => {
    word = (word << count) | value;
    waiting += count;
    while (waiting >= 8) {
      waiting -= 8;
      out[at++] = word >>> waiting;
    }
    word &= 0xff;
  };
  /** A pixel or a code as it is, which may have more bits than fit beside those that wait. */
  const putWhole = (value: number): void => {
    if (bytesPerPixel === 4) put(value >>> 16, 16);
    put(value & 0xffff, 16);
  };
  const codes = new Int32Array(RICE_BLOCK);
  let last = pixels[0] ?? 0;
  putWhole(last);
  for (let begin = 0; begin < pixels.length; begin += RICE_BLOCK) {
    const count = Math.min(RICE_BLOCK, pixels.length - begin);
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const pixel = pixels[begin + index]!;
      const difference = ((pixel - last) << spare) >> spare;
      // Small ones of either sign become small counts.
      const code = ((difference << 1) ^ (difference >> 31)) & (bytesPerPixel === 2 ? 0xffff : -1);
      codes[index] = code;
      sum += code >>> 0;
      last = pixel;
    }
    const shift = shiftFor(sum, count);
    if (sum === 0) put(0, codeBits);
    else if (shift >= plain) {
      put(plain + 1, codeBits);
      for (let index = 0; index < count; index++) putWhole(codes[index]!);
    } else {
      put(shift + 1, codeBits);
      const mask = 2 ** shift - 1;
      for (let index = 0; index < count; index++) {
        const code = codes[index]!;
        let zeros = code >>> shift;
        while (zeros + 1 + shift > MOST_BITS) {
          const some = Math.min(zeros, 16);
          put(0, some);
          zeros -= some;
        }
        put((1 << shift) | (code & mask), zeros + 1 + shift);
      }
    }
  }
  if (waiting > 0) out[at++] = word << (8 - waiting);
  return at;
}

/** Low bits that are written as they are: about as many as half the mean has. */
function shiftFor(sum: number, count: number): number {
  const mean = Math.max(0, Math.floor((sum - count / 2 - 1) / count));
  return 32 - Math.clz32(mean >>> 1);
}
