/** Numbers that every program subtracts again, in the same order (FITS 4.0, appendix I). */
const COUNT = 10_000;

/** In [0, 1): the minimal standard generator of Park and Miller, from seed 1. */
export const DITHER: Float32Array = (() => {
  const numbers = new Float32Array(COUNT);
  let seed = 1;
  for (let index = 0; index < COUNT; index++) {
    seed = (16_807 * seed) % 2_147_483_647;
    numbers[index] = seed / 2_147_483_647;
  }
  return numbers;
})();

/** Stands for a 0 that has to come back as 0 (SUBTRACTIVE_DITHER_2). */
const EXACT_ZERO = -2_147_483_646;

export interface Quantisation {
  scale: number;
  zero: number;
  /** The integer that stands for no value. */
  blank: number | undefined;
  method: 'NO_DITHER' | 'SUBTRACTIVE_DITHER_1' | 'SUBTRACTIVE_DITHER_2';
  /** ZDITHER0 + tile − 1, tiles from 0. */
  seed: number;
}

/** The floats that were quantised to integers (FITS 4.0, section 10.2). @param into as many */
export function unquantise(
  integers: Int32Array,
  { scale, zero, blank, method, seed }: Quantisation,
  into: Float64Array,
): void {
  if (method === 'NO_DITHER') {
    for (let index = 0; index < integers.length; index++) {
      const stored = integers[index]!;
      into[index] = stored === blank ? Number.NaN : stored * scale + zero;
    }
    return;
  }
  let row = ((seed % COUNT) + COUNT) % COUNT;
  let next = Math.trunc(DITHER[row]! * 500);
  for (let index = 0; index < integers.length; index++) {
    const stored = integers[index]!;
    if (stored === blank) into[index] = Number.NaN;
    else if (stored === EXACT_ZERO && method === 'SUBTRACTIVE_DITHER_2') into[index] = 0;
    else into[index] = (stored - DITHER[next]! + 0.5) * scale + zero;
    if (++next < COUNT) continue;
    row = (row + 1) % COUNT;
    next = Math.trunc(DITHER[row]! * 500);
  }
}
