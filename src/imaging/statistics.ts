import { type Kernels, sharedKernels } from './kernels/kernels.ts';
import type { Room } from './kernels/room.ts';
import { bandReader, bandRows, copyRows, isU16, type Pixels, rowBytes } from './pixels.ts';

/** In ADU, over all planes. Pixels without a value count nowhere; where none has one, all but `saturated` are NaN. */
export interface PixelStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Exact for images of 16 bits; of others to 1/65 536 of their range. */
  readonly median: number;
  /** Pixels at or above saturation. */
  readonly saturated: number;
}

const BINS = 65_536;

/** @param saturation ADU at which a pixel counts as saturated; @param check called between bands of rows */
export function statisticsOf(
  view: Pixels,
  saturation = 65_535,
  check?: () => void,
  kernels = sharedKernels(),
): PixelStatistics {
  return kernels.within((room) =>
    isU16(view)
      ? ofWords(view, saturation, check, kernels, room)
      : ofValues(view, saturation, check, kernels, room),
  );
}

type Check = (() => void) | undefined;

/** All that is asked stands in the histogram. */
function ofWords(view: Pixels, saturation: number, check: Check, kernels: Kernels, room: Room) {
  const bins = new Uint32Array(kernels.memory, room.take(4 * BINS), BINS).fill(0);
  const most = bandRows(view);
  const raw = room.take(most * rowBytes(view));
  for (const { plane, row, rows } of bandsOf(view, most)) {
    check?.();
    copyRows(view, kernels, plane, row, rows, raw);
    kernels.swap16(raw, raw, rows * view.width);
    kernels.histogram16(raw, rows * view.width, bins.byteOffset);
  }
  let [sum, saturated] = [0, 0];
  bins.forEach((count, value) => {
    sum += count * value;
    if (value >= saturation) saturated += count;
  });
  const count = view.width * view.height * view.planes;
  return {
    min: bins.findIndex((pixels) => pixels > 0),
    max: bins.findLastIndex((pixels) => pixels > 0),
    mean: sum / count,
    median: middleOf(bins, count),
    saturated,
  };
}

function ofValues(view: Pixels, saturation: number, check: Check, kernels: Kernels, room: Room) {
  const most = bandRows(view);
  const raw = room.take(most * rowBytes(view));
  const pixels = new Float32Array(kernels.memory, room.take(4 * most * view.width), most * view.width);
  const read = bandReader(view, kernels);
  const eachBand = (use: (values: Float32Array) => void) => {
    for (const { plane, row, rows } of bandsOf(view, most)) {
      check?.();
      read(plane, row, rows, raw, pixels.byteOffset);
      use(pixels.subarray(0, rows * view.width));
    }
  };
  let [min, max, sum, count, saturated] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  eachBand((values) => {
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      if (Number.isNaN(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
      if (value >= saturation) saturated++;
      sum += value;
      count++;
    }
  });
  if (count === 0)
    return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, median: Number.NaN, saturated };
  // Whole numbers of 16 bits have a bin each.
  const scale = view.scale === 1 && Math.abs(view.bitpix) <= 16 ? 1 : (BINS - 1) / (max - min || 1);
  const bins = new Uint32Array(BINS);
  eachBand((values) => {
    for (let index = 0; index < values.length; index++) {
      if (!Number.isNaN(values[index]!)) bins[((values[index]! - min) * scale) | 0]!++;
    }
  });
  return { min, max, mean: sum / count, median: min + middleOf(bins, count) / scale, saturated };
}

function* bandsOf({ planes, height }: Pixels, most: number) {
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < height; row += most) yield { plane, row, rows: Math.min(most, height - row) };
  }
}

/** The bin by which half of the count is reached. */
function middleOf(bins: Uint32Array, count: number): number {
  let below = 0;
  return bins.findIndex((pixels) => {
    below += pixels;
    return below * 2 >= count;
  });
}
