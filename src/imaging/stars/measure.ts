import { completed, type Growth, growthOf, meanRadiusOf, type Wings } from './growth.ts';
import { centreOf, shapeOf } from './moments.ts';
import type { PatchReader } from './patch.ts';
import { profileWidth } from './profile.ts';
import type { Star } from './star.ts';

/** What is known of the image when a star is measured; lengths in samples of the patches. */
export interface Conditions {
  /** Full width at half maximum that stars have here. */
  readonly fwhm: number;
  /** Standard deviation of the sky, a sample. */
  readonly noise: number;
  /** A sample at or above it is full. */
  readonly saturation: number;
  readonly wings: Wings;
  /** Radius of the aperture, full widths. */
  readonly aperture: number;
}

/** A square about a star, the sky taken off. */
export interface Patch {
  readonly side: number;
  /** NaN: not to be counted. */
  readonly pixels: Float32Array;
  /** Of the star, in samples of the patch. */
  x: number;
  y: number;
}

/** Where a star is looked for, in samples of the patches. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** Level of the sky there by the mesh. */
  readonly sky: number;
}

/** Takes out what is not this star's: sets it NaN. */
export type Mask = (left: number, top: number, side: number, pixels: Float32Array) => void;

/** In samples of the patches. */
export interface Measured extends Star {
  readonly growth: Growth;
  /** Mean of the eight samples about the highest one, over it: near 0 for a hot pixel. */
  readonly softness: number;
  /** Standard deviation of what lies about it beyond the sky's noise. */
  readonly unrest: number;
}

/** What a variance along both axes adds to HFR²: of a Gaussian 2 ln 2 = 1.39, of a Moffat profile (β = 3) 1.8. */
const WIDENING = 1.8;
/** For faint stars: most of their light, little of the sky's noise. */
export const NARROW = 1.4;
/** For bright ones that tell how wide the wings are. */
export const WIDE = 3.5;
/** From the aperture to the ring whose level is the sky's, and its width, full widths. */
const GAP = 0.9;
const RING = 1.2;

const sideFor = (fwhm: number, aperture: number): number =>
  2 * Math.ceil((aperture + GAP + RING) * fwhm + 1) + 1;

/** @returns undefined where there is no star */
export function measure(
  reader: PatchReader,
  at: Spot,
  { fwhm, noise, saturation, wings, aperture }: Conditions,
  mask: Mask = () => {},
): Measured | undefined {
  const side = sideFor(fwhm, aperture);
  const half = (side - 1) / 2;
  const [left, top] = [Math.round(at.x) - half, Math.round(at.y) - half];
  const pixels = scratchOf(side * side);
  reader.read(left, top, side, pixels);
  const { peak, softness } = summitOf(pixels, side);
  if (!Number.isFinite(peak)) return undefined;
  mask(left, top, side, pixels);
  const patch: Patch = { side, pixels, x: at.x - left, y: at.y - top };
  const ring = ringOf(patch, (aperture + GAP) * fwhm, (aperture + GAP + RING) * fwhm);
  const sky = agreed(at.sky, ring, noise);
  for (let i = 0; i < pixels.length; i++) pixels[i]! -= sky;
  const sigma = fwhm / 2.3548;
  if (!centreOf(patch, sigma)) return undefined;
  const growth = growthOf(patch, aperture * fwhm);
  const whole = completed(growth, wings);
  if (!whole) return undefined;
  return {
    x: left + patch.x,
    y: top + patch.y,
    flux: whole.flux,
    peak: peak - sky,
    // The sky counts on as many pixels as 9.3 HFR²: of a Gaussian 9.1, of a Moffat profile (β = 3) 9.5.
    snr: whole.flux / (noise * Math.sqrt(9.3) * Math.min(2 * fwhm, Math.max(whole.hfr, 0.35 * fwhm))),
    hfr: asRecorded(whole.hfr, reader.blur),
    meanRadius: asRecorded(meanRadiusOf(growth), reader.blur),
    fwhm: profileWidth(patch, fwhm, reader.blur),
    ...shapeOf(patch, sigma, reader.blur),
    saturated: peak >= saturation,
    growth,
    softness: softness(sky),
    unrest: Math.sqrt(Math.max(0, ring.spread ** 2 - 1.5 * noise ** 2)),
  };
}

/** A radius as it was before sampling, which widens twice: a pixel gathers its light, the growth curve spreads it again. */
export const withoutBlur = (radius: number, blur: number): number =>
  Math.sqrt(Math.max(0.04, radius * radius - WIDENING * (blur + 1 / 12)));

/** A radius of the picture that the sensor recorded: what each pixel gathers belongs to it, the growth curve's spread does not. */
const asRecorded = (radius: number, blur: number): number => withoutBlur(radius, blur - 1 / 12);

let scratch = new Float32Array(4096);

function scratchOf(size: number): Float32Array {
  if (scratch.length < size) scratch = new Float32Array(2 * size);
  return scratch.subarray(0, size);
}

/** The highest sample near the middle. */
function summitOf(pixels: Float32Array, side: number): { peak: number; softness: (sky: number) => number } {
  const half = (side - 1) / 2;
  let [peak, at] = [Number.NEGATIVE_INFINITY, 0];
  for (let y = half - 2; y <= half + 2; y++) {
    for (let x = half - 2; x <= half + 2; x++) {
      const value = pixels[y * side + x]!;
      if (value > peak) [peak, at] = [value, y * side + x];
    }
  }
  let [sum, count] = [0, 0];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const value = pixels[at + dy * side + dx];
      if ((dx === 0 && dy === 0) || value === undefined || Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return { peak, softness: (sky) => (sum / count - sky) / (peak - sky) };
}

interface Ring {
  readonly level: number;
  /** Standard deviation. */
  readonly spread: number;
  readonly samples: number;
}

/** The mesh knows the sky more steadily; the ring is right where it differs by more than chance: in a nebula. */
function agreed(mesh: number, { level, samples }: Ring, noise: number): number {
  if (samples === 0) return mesh;
  const difference = level - mesh;
  const chance = (9 * 1.5 * noise * noise) / samples;
  return mesh + (difference * difference * difference) / (difference * difference + chance || 1);
}

const ringSamples = new Float32Array(80);

/** Of the middle half of a ring's samples: neighbours' light is left out. */
function ringOf({ side, pixels, x, y }: Patch, inner: number, outer: number): Ring {
  const expected = Math.PI * (outer * outer - inner * inner);
  const step = Math.max(1, Math.ceil(expected / ringSamples.length));
  let [count, seen] = [0, 0];
  for (let row = 0; row < side; row++) {
    const dy2 = (row - y) ** 2;
    if (dy2 > outer * outer) continue;
    const half = Math.sqrt(outer * outer - dy2);
    const hole = Math.sqrt(Math.max(0, inner * inner - dy2));
    for (let column = Math.max(0, Math.ceil(x - half)); column <= Math.min(side - 1, x + half); column++) {
      if (Math.abs(column - x) < hole) {
        column = Math.ceil(x + hole) - 1;
        continue;
      }
      const value = pixels[row * side + column]!;
      if (Number.isNaN(value) || seen++ % step !== 0 || count === ringSamples.length) continue;
      ringSamples[count++] = value;
    }
  }
  if (count === 0) return { level: 0, spread: 0, samples: 0 };
  const sorted = ringSamples.subarray(0, count).sort();
  let sum = 0;
  const [from, to] = [count >> 2, count - (count >> 2)];
  for (let i = from; i < to; i++) sum += sorted[i]!;
  return { level: sum / (to - from), spread: (sorted[to - 1]! - sorted[from]!) / 1.349, samples: count };
}
