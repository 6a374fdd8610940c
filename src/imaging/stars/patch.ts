import type { PixelView } from '../fits-read.ts';
import { type Defects, repaired } from './defects.ts';
import { spanReader } from './span.ts';
import type { Trend } from './trend.ts';

/** Squares of the image about a star, in physical values: colours averaged, a Bayer pattern evened out. */
export interface PatchReader {
  /** Stored pixels from one sample to the next. */
  readonly binning: number;
  /** Where sample 0 lies, stored pixels. */
  readonly origin: number;
  /** Variance along each axis by which averaging widens a star, samples². */
  readonly blur: number;
  /** Fills side × side samples from sample `left`, `top` on; NaN beyond the image and where it has no value. */
  read(left: number, top: number, side: number, into: Float32Array): void;
}

/** @param trend what is taken off, but for its level in the middle of the square */
export function patchReader(view: PixelView, binning: number, defects: Defects, trend?: Trend): PatchReader {
  const overlapping = binning === 1 && view.bayer !== undefined;
  const block = overlapping ? 2 : binning;
  const colours = Math.min(3, view.planes);
  const width = overlapping ? view.width - 1 : Math.floor(view.width / binning);
  const height = overlapping ? view.height - 1 : Math.floor(view.height / binning);
  const read = repaired(spanReader(view), defects);
  let span = new Float32Array(0);
  let slope = new Float64Array(0);
  const origin = (block - 1) / 2;
  const level = (into: Float32Array, left: number, top: number, side: number) => {
    if (!trend) return;
    const stored = (at: number) => at * binning + origin;
    const middle = trend.at(stored(left + (side - 1) / 2), stored(top + (side - 1) / 2));
    if (slope.length !== side) slope = new Float64Array(side);
    for (let row = 0; row < side; row++) {
      trend.along(stored(top + row), stored(left), binning, slope);
      for (let x = 0; x < side; x++) into[row * side + x]! -= slope[x]! - middle;
    }
  };
  const share = 1 / (block * block * colours);
  return {
    binning,
    origin,
    // A pixel is a running mean of the light; two pixels' mean lies half a pixel to both sides.
    blur: 1 / 12 + (overlapping ? 1 / 4 : 0),
    read(left, top, side, into) {
      into.fill(Number.NaN, 0, side * side);
      const first = Math.max(0, left);
      const columns = Math.min(width, left + side) - first;
      if (columns <= 0) return;
      const stored = (columns - 1) * binning + block;
      if (span.length < stored) span = new Float32Array(2 * stored);
      for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
        const at = (y - top) * side + first - left;
        if (share === 1) {
          read(0, y, first, columns, into, at);
          continue;
        }
        into.fill(0, at, at + columns);
        for (let colour = 0; colour < colours; colour++) {
          for (let dy = 0; dy < block; dy++) {
            read(colour, y * binning + dy, first * binning, stored, span, 0);
            for (let x = 0; x < columns; x++) {
              let sum = 0;
              for (let c = x * binning; c < x * binning + block; c++) sum += span[c]!;
              into[at + x]! += sum * share;
            }
          }
        }
      }
      level(into, left, top, side);
    },
  };
}
