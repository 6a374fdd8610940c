/** Reproducible chance: the same key gives the same numbers on every machine. */

/** Mixes two 32-bit integers into one, well spread (after Murmur3's finaliser). */
export function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0xc2b2ae35, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An instant as 32 bits. */
export const instantKey = (utc: number): number => mixed(Math.floor(utc / 2 ** 32), Math.floor(utc) | 0);

/** Numbers in [0, 1), one after the other. */
export function chance(seed: number): () => number {
  let count = 0;
  return () => mixed(seed, count++) / 2 ** 32;
}

/** A smooth curve through random knots in 0…1: the same at every reading, whatever was read before. */
export function drifting(seed: number, utc: number, knotMs: number): number {
  const knot = Math.floor(utc / knotMs);
  const part = utc / knotMs - knot;
  const eased = part * part * (3 - 2 * part);
  const at = (k: number) => mixed(seed, k | 0) / 2 ** 32;
  return at(knot) * (1 - eased) + at(knot + 1) * eased;
}
