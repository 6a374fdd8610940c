import type { PixelView } from '../fits-read.ts';
import type { PatchReader } from './patch.ts';

/** Formats of 16 bits and less have a top, which a negative scale turns; cameras stop a little below. */
function topOf({ bitpix, zero, scale }: PixelView): number {
  const ends = bitpix === 16 ? [-32_000, 32_000] : bitpix === 8 ? [5, 250] : undefined;
  return ends ? Math.max(...ends.map((stored) => zero + scale * stored)) : Number.POSITIVE_INFINITY;
}

/** Samples across beyond which stars, donuts above all, have level tops of their own. */
const BROAD = 4.5;
const REACH = 4;
/** Share of the highest within which samples are on one level. */
const LEVEL = 0.95;

/**
 * The value from which on a sample counts as full: the format's top, or lower where the brightest stars end in a plateau
 * at one level, as at the sensor's full well.
 * @param spots of bright stars, in the reader's samples
 * @param fwhm in the same
 */
export function fullFrom(
  view: PixelView,
  reader: PatchReader,
  spots: readonly { readonly x: number; readonly y: number }[],
  fwhm: number,
): number {
  const top = topOf(view);
  if (fwhm > BROAD) return top;
  const side = 2 * REACH + 1;
  const pixels = new Float32Array(side * side);
  const plateaus: number[] = [];
  for (const { x, y } of spots) {
    reader.read(Math.round(x) - REACH, Math.round(y) - REACH, side, pixels);
    const seen = pixels.filter((value) => !Number.isNaN(value));
    const [highest, least] = [Math.max(...seen), Math.min(...seen)];
    const level = highest - (1 - LEVEL) * (highest - least);
    // A round top of that width has 0.06 fwhm² samples so near its peak.
    if (seen.filter((value) => value >= level).length > 4 + 0.2 * fwhm * fwhm) plateaus.push(level);
  }
  const full = Math.max(...plateaus);
  return plateaus.filter((level) => level > 0.97 * full).length >= 2 ? Math.min(top, LEVEL * full) : top;
}
