import type { PixelView } from './fits-read.ts';
import { rowReader } from './pixels.ts';

/** In ADU, over all planes. */
export interface PixelStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Exact for 16 bit images; of others to 1/65 536 of their range. */
  readonly median: number;
  /** Pixels at or above saturation. */
  readonly saturated: number;
}

const BINS = 65_536;

/** @param saturation ADU at which a pixel counts as saturated */
export function statisticsOf(view: PixelView, saturation = 65_535): PixelStatistics {
  const read = rowReader(view);
  const row = new Float32Array(view.width);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let saturated = 0;
  const eachRow = (use: () => void) => {
    for (let plane = 0; plane < view.planes; plane++) {
      for (let y = 0; y < view.height; y++) {
        read(plane, y, row);
        use();
      }
    }
  };
  eachRow(() => {
    let rowSum = 0;
    for (let x = 0; x < row.length; x++) {
      const value = row[x]!;
      if (value < min) min = value;
      if (value > max) max = value;
      if (value >= saturation) saturated++;
      rowSum += value;
    }
    sum += rowSum;
  });
  const count = view.width * view.height * view.planes;
  const isSixteenBit = view.scale === 1 && Math.abs(view.bitpix) <= 16;
  const low = isSixteenBit ? Math.min(0, min) : min;
  const scale = isSixteenBit ? 1 : (BINS - 1) / (max - min || 1);
  const bins = new Uint32Array(BINS);
  eachRow(() => {
    for (let x = 0; x < row.length; x++) bins[((row[x]! - low) * scale) | 0]!++;
  });
  let below = 0;
  const middle = bins.findIndex((pixels) => {
    below += pixels;
    return below * 2 >= count;
  });
  return { min, max, mean: sum / count, median: low + middle / scale, saturated };
}
