import type { Patch } from './measure.ts';

const BINS = 24;
const [counts, sums, places] = [0, 0, 0].map(() => new Float64Array(BINS)) as [
  Float64Array,
  Float64Array,
  Float64Array,
];

/**
 * Full width at half maximum of the mean profile: samples gathered in rings of equal area, the logarithm of their means a
 * parabola of r² down to a fifth of the peak. A donut, whose rings grow outwards first, ends where its profile last
 * falls below half of its highest ring.
 * @param fwhm about as wide
 * @param blur variance along each axis that the pixels add
 */
export function profileWidth({ side, pixels, x, y }: Patch, fwhm: number, blur: number): number {
  for (const bins of [counts, sums, places]) bins.fill(0);
  const reach = Math.max(2.2, 1.5 * fwhm);
  const scale = BINS / (reach * reach);
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(side - 1, y + reach); row++) {
    for (let column = Math.max(0, Math.ceil(x - reach)); column <= Math.min(side - 1, x + reach); column++) {
      const value = pixels[row * side + column]!;
      const u = (column - x) ** 2 + (row - y) ** 2;
      const bin = Math.floor(u * scale);
      if (bin >= BINS || Number.isNaN(value)) continue;
      counts[bin]!++;
      sums[bin]! += value;
      places[bin]! += u;
    }
  }
  let top = 0;
  let inner = -1;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    sums[bin]! /= counts[bin]!;
    places[bin]! /= counts[bin]!;
    if (inner < 0) inner = sums[bin]!;
    top = Math.max(top, sums[bin]!);
  }
  if (!(top > 0)) return fwhm;
  if (inner < 0.6 * top) return 2 * Math.sqrt(lastAbove(top / 2));
  const half2 = halfOfCore(top);
  return half2 > 0 ? Math.sqrt(Math.max(0.25, 4 * half2 - 8 * Math.LN2 * blur)) : fwhm;
}

/** r² at which the profile last falls through a level. */
function lastAbove(level: number): number {
  let [before, bin] = [-1, BINS - 1];
  for (; bin >= 0; bin--) {
    if (counts[bin] === 0) continue;
    if (sums[bin]! >= level) break;
    before = bin;
  }
  if (bin < 0 || before < 0) return places[Math.max(0, bin)]!;
  const share = (sums[bin]! - level) / (sums[bin]! - sums[before]!);
  return places[bin]! + share * (places[before]! - places[bin]!);
}

/** r² of half the peak. */
function halfOfCore(top: number): number {
  let [s0, s1, s2, s3, s4, t0, t1, t2] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    const [value, u] = [sums[bin]!, places[bin]!];
    if (value < 0.2 * top) break;
    const weight = counts[bin]! * value * value;
    const log = Math.log(value / top);
    const wu = weight * u;
    s0 += weight;
    s1 += wu;
    s2 += wu * u;
    s3 += wu * u * u;
    s4 += wu * u * u * u;
    t0 += weight * log;
    t1 += wu * log;
    t2 += wu * u * log;
  }
  const whole = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
  const b = (s0 * (t1 * s4 - s3 * t2) - t0 * (s1 * s4 - s2 * s3) + s2 * (s1 * t2 - t1 * s2)) / whole;
  const c = (s0 * (s2 * t2 - t1 * s3) - s1 * (s1 * t2 - t1 * s2) + t0 * (s1 * s3 - s2 * s2)) / whole;
  // b u + c u² = −ln 2, the nearer solution; a straight line where that has none.
  const inner = b * b - 4 * c * Math.LN2;
  if (b < 0 && inner > 0) return (2 * Math.LN2) / (-b + Math.sqrt(inner));
  const slope = (s0 * t1 - s1 * t0) / (s0 * s2 - s1 * s1);
  return slope < 0 ? -Math.LN2 / slope : Number.NaN;
}
