const { fround } = Math;

/** Slower and slower rises of `aboveSky`, as start and slope. Each takes over where it is the least. */
const RISES = [
  [448, 1 / 8],
  [952, 1 / 64],
  [1463, 1 / 512],
  [2047, 0],
] as const;

const FAR = 1.5 * 2 ** 23;

function compressed(value: number): number {
  let least = value;
  for (const [start, slope] of RISES) least = Math.min(least, fround(start + fround(value * slope)));
  // To the nearest integer, halves to the even one: so far out a float32 has no fractions.
  return fround(Math.max(-2047, least) + FAR) - FAR;
}

export function detectReference(memory: ArrayBuffer) {
  const words = new Uint16Array(memory);
  const signed = new Int16Array(memory);

  const fitted = (sum: number, zero: number, gain: number) =>
    Math.trunc(Math.min(65_535, Math.max(0, fround(fround(sum - fround(zero)) * fround(gain)))));

  return {
    /**
     * Sums of 2 × 2 u16 samples, side by side, as u16: (sum − zero) × gain, cut at both ends.
     * @param upper 2 × count samples, as `lower`
     */
    sumCells(upper: number, lower: number, to: number, count: number, zero: number, gain: number): void {
      const [a, b, target] = [upper >> 1, lower >> 1, to >> 1];
      for (let i = 0; i < count; i++) {
        const sum = words[a + 2 * i]! + words[a + 2 * i + 1]! + words[b + 2 * i]! + words[b + 2 * i + 1]!;
        words[target + i] = fitted(sum, zero, gain);
      }
    },

    /** As `sumCells` at every sample with its next: what evens out a Bayer pattern. @param upper count + 1 samples */
    sumNeighbours(upper: number, lower: number, to: number, count: number, zero: number, gain: number): void {
      const [a, b, target] = [upper >> 1, lower >> 1, to >> 1];
      for (let i = 0; i < count; i++) {
        const sum = words[a + i]! + words[a + i + 1]! + words[b + i]! + words[b + i + 1]!;
        words[target + i] = fitted(sum, zero, gain);
      }
    },

    /**
     * (sample − sky) × gain of u16 samples as i16 within ±2047, sky and gain changing evenly along the row. Above 512 it
     * rises eight times slower, above 1024 again and above 1536: order is kept, and bright stars do not overflow.
     */
    aboveSky(
      from: number,
      to: number,
      count: number,
      level: number,
      levelStep: number,
      gain: number,
      gainStep: number,
    ): void {
      const [l, ls, g, gs] = [fround(level), fround(levelStep), fround(gain), fround(gainStep)];
      for (let i = 0; i < count; i++) {
        const sky = fround(l + fround(i * ls));
        const by = fround(g + fround(i * gs));
        signed[(to >> 1) + i] = compressed(fround(fround(words[(from >> 1) + i]! - sky) * by));
      }
    },

    /**
     * One row of an i16 image (within ±2047) smoothed by 1 4 6 4 1 along columns and rows, each sum of 16 rounded; beyond
     * the ends the row goes on as it ends.
     * @param a the five rows about it, from above
     * @param between count + 4 samples of scratch
     */
    smoothRow(
      a: number,
      b: number,
      c: number,
      d: number,
      e: number,
      between: number,
      to: number,
      count: number,
    ): void {
      const [pa, pb, pc, pd, pe] = [a >> 1, b >> 1, c >> 1, d >> 1, e >> 1];
      const at = between >> 1;
      for (let x = 0; x < count; x++) {
        const outer = signed[pa + x]! + signed[pe + x]!;
        const inner = signed[pb + x]! + signed[pd + x]!;
        signed[at + 2 + x] = (outer + 4 * inner + 6 * signed[pc + x]! + 8) >> 4;
      }
      signed.fill(signed[at + 2]!, at, at + 2);
      signed.fill(signed[at + count + 1]!, at + count + 2, at + count + 4);
      for (let x = 0; x < count; x++) {
        const p = at + x;
        const sum = signed[p]! + signed[p + 4]! + 4 * (signed[p + 1]! + signed[p + 3]!) + 6 * signed[p + 2]!;
        signed[(to >> 1) + x] = (sum + 8) >> 4;
      }
    },

    /**
     * The runs of i16 samples greater than the threshold, as pairs of u16: first, one after last.
     * @returns how many; −1 where there are more than `most`
     */
    runsAbove(from: number, count: number, threshold: number, runs: number, most: number): number {
      const [at, out] = [from >> 1, runs >> 1];
      let found = 0;
      for (let x = 0; x < count; x++) {
        if (signed[at + x]! <= threshold) continue;
        if (found === most) return -1;
        words[out + 2 * found] = x;
        while (x < count && signed[at + x]! > threshold) x++;
        words[out + 2 * found + 1] = x;
        found++;
      }
      return found;
    },
  };
}
