import { type Quad, TALLEST } from './quad.ts';
import type { IndexedStars } from './star-table.ts';

/** Two 32-bit words a quad: 21 bits a star, 10 bits of code each, and whether it was mirrored. */
const STAR_BITS = 21;
const STAR_MASK = 2 ** STAR_BITS - 1;
export const MOST_STARS = 2 ** STAR_BITS;
const MIRRORED = 0x80000000;
/** Within its bin each number of the code is kept in this many parts: five bits. */
const PARTS = 32;

/** What brings the numbers of a code into 0…1. */
const FACTORS = [2, 1 / TALLEST, 1, 0.5 / TALLEST] as const;
const SHIFTS = [0, 0, 0, 0.5] as const;

/** Quads of stars by their shape: each of the four numbers in equal bins. */
export interface QuadIndex {
  /** A number's. */
  readonly bins: number;
  /** By bin, the last number of the code fastest: its first quad; then their number. */
  readonly firsts: Uint32Array;
  readonly words: Uint32Array;
  readonly stars: IndexedStars;
}

/** A quad as it is put in. */
export interface PlacedQuad {
  readonly bin: number;
  readonly low: number;
  readonly high: number;
}

/** @param a @param b numbers of the stars of the widest pair */
export function placeQuad(quad: Quad, a: number, b: number, bins: number): PlacedQuad {
  let bin = 0;
  let parts = 0;
  for (let n = 0; n < 4; n++) {
    const at = Math.min(bins * PARTS - 1, Math.floor(scaled(quad, n) * bins * PARTS));
    bin = bin * bins + Math.floor(at / PARTS);
    parts = parts * PARTS + (at % PARTS);
  }
  return {
    bin,
    low: (a | ((parts >> 10) << STAR_BITS)) >>> 0,
    high: (b | ((parts & 1023) << STAR_BITS) | (quad.mirrored ? MIRRORED : 0)) >>> 0,
  };
}

const scaled = (quad: Quad, n: number): number =>
  Math.min(1, Math.max(0, quad.code[n]! * FACTORS[n]! + SHIFTS[n]!));

/** Bounds of the code's numbers, in parts of bins, both inclusive. */
const lows = new Int32Array(4);
const highs = new Int32Array(4);

/** Visits the quads whose four numbers each differ by at most `tolerance`, of the length of the widest pair. */
export function similarQuads(
  { bins, firsts, words }: QuadIndex,
  quad: Quad,
  tolerance: number,
  visit: (a: number, b: number, mirrored: boolean) => void,
): void {
  const steps = bins * PARTS;
  for (let n = 0; n < 4; n++) {
    const [value, reach] = [scaled(quad, n) * steps - 0.5, tolerance * FACTORS[n]! * steps];
    lows[n] = Math.max(0, Math.ceil(value - reach));
    highs[n] = Math.min(steps - 1, Math.floor(value + reach));
  }
  const [l0, l1, l2, l3] = [lows[0]!, lows[1]!, lows[2]!, lows[3]!];
  const [h0, h1, h2, h3] = [highs[0]!, highs[1]!, highs[2]!, highs[3]!];
  for (let b0 = l0 >> 5; b0 <= h0 >> 5; b0++) {
    for (let b1 = l1 >> 5; b1 <= h1 >> 5; b1++) {
      for (let b2 = l2 >> 5; b2 <= h2 >> 5; b2++) {
        // The bins of the last number lie side by side.
        const row = ((b0 * bins + b1) * bins + b2) * bins;
        for (let b3 = l3 >> 5; b3 <= h3 >> 5; b3++) {
          const end = 2 * firsts[row + b3 + 1]!;
          for (let i = 2 * firsts[row + b3]!; i < end; i += 2) {
            const low = words[i]!;
            const v0 = (b0 << 5) | (low >>> 26);
            if (v0 < l0 || v0 > h0) continue;
            const v1 = (b1 << 5) | ((low >>> 21) & 31);
            if (v1 < l1 || v1 > h1) continue;
            const high = words[i + 1]!;
            const v2 = (b2 << 5) | ((high >>> 26) & 31);
            if (v2 < l2 || v2 > h2) continue;
            const v3 = (b3 << 5) | ((high >>> 21) & 31);
            if (v3 < l3 || v3 > h3) continue;
            visit(low & STAR_MASK, high & STAR_MASK, high >= MIRRORED);
          }
        }
      }
    }
  }
}
