/** The colour of the first row and column, as stored (`RGGB` …). */
export const BAYER_PATTERNS = ['RGGB', 'GRBG', 'GBRG', 'BGGR'] as const;
export type BayerPattern = (typeof BAYER_PATTERNS)[number];

/** The pattern as it begins at an offset: what a region of a sensor with an odd corner has. */
export function shiftBayer(pattern: BayerPattern, columns: number, rows: number): BayerPattern {
  const odd = (offset: number) => Math.abs(Math.trunc(offset)) % 2;
  return BAYER_PATTERNS[BAYER_PATTERNS.indexOf(pattern) ^ (odd(columns) + 2 * odd(rows))]!;
}
