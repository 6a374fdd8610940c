import type { PixelView } from '../fits-read.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Room } from '../kernels/room.ts';
import { isU16 } from '../pixels.ts';
import { type Defects, repaired } from './defects.ts';
import { type SpanReader, spanReader } from './span.ts';
import type { Trend } from './trend.ts';

/**
 * What stars are looked for on: the image as u16 samples, each the sum of the stored ones of a block, less a level, times
 * `gain`, cut at both ends. The noise is some samples wide, so that nothing is lost by rounding.
 */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Stored pixels from one sample to the next. */
  readonly binning: number;
  /** Where its sample 0, 0 lies in stored pixels, along both axes. */
  readonly origin: number;
  /** Stored samples in a sum, all colours counted. */
  readonly samples: number;
  readonly gain: number;
  /** What was taken off. */
  readonly trend?: Trend;
  /** Of a level of the plane at a sample, ADU of one stored pixel: what was taken off before is in it. */
  adu(level: number, x: number, y: number): number;
  /** Writes a row into the kernels' memory. */
  read(row: number, to: number): void;
}

/** Colour images are looked at in the sum of their colours. */
const coloursOf = (view: PixelView) => Math.min(3, view.planes);

/**
 * @param room holds the plane's scratch as long as it is read
 * @param trend is taken off a binned plane, whose few tiles could not follow it
 */
export function openPlane(
  view: PixelView,
  binning: number,
  defects: Defects,
  kernels: Kernels,
  room: Room,
  trend?: Trend,
): Plane {
  const overlapping = binning === 1 && view.bayer !== undefined;
  const block = overlapping ? 2 : binning;
  const colours = coloursOf(view);
  const shape = {
    width: overlapping ? view.width - 1 : Math.floor(view.width / binning),
    height: overlapping ? view.height - 1 : Math.floor(view.height / binning),
    binning,
    origin: (block - 1) / 2,
    samples: block * block * colours,
  };
  const native = isU16(view) && colours === 1;
  if (native && block === 1) {
    return { ...shape, gain: 1, adu: (level) => level, read: nativeRows(view, defects, kernels) };
  }
  const blocks = { ...shape, block, colours };
  const allSums = sumsOf(repaired(spanReader(view), defects), view.width, blocks);
  const off = binning > 1 ? trend : undefined;
  const flat = (sums: Sums): Sums => (off ? withoutTrend(sums, off, shape) : sums);
  const { zero, gain, usual, deviation } = rangeOf(flat(allSums), shape);
  const { samples, origin } = shape;
  const adu: Plane['adu'] = (level, x, y) =>
    (level / gain + zero) / samples + (off?.at(x * binning + origin, y * binning + origin) ?? 0);
  if (native && block === 2 && !off) {
    const row = nativeRows(view, defects, kernels);
    const [upper, lower] = [room.take(2 * view.width), room.take(2 * view.width)];
    const sum = overlapping ? kernels.sumNeighbours : kernels.sumCells;
    const read = (y: number, to: number) => {
      row(y * binning, upper);
      row(y * binning + 1, lower);
      sum(upper, lower, to, shape.width, zero, gain);
    };
    return { ...shape, gain, adu, read };
  }
  const words = new Uint16Array(kernels.memory);
  const sums = flat(native ? nativeSums(view, blocks, defects, kernels, room) : allSums);
  const read = (y: number, to: number) => {
    const row = sums(y);
    for (let x = 0; x < shape.width; x++) {
      const level = (row[x]! - zero) * gain;
      const seen = Number.isNaN(level) ? usual + deviation * noiseAt(x, y) : level;
      words[(to >> 1) + x] = Math.max(0, Math.min(65_535, seen));
    }
  };
  return { ...shape, gain, adu, ...(off && { trend: off }), read };
}

/** A row of sums of blocks; the array is used again for the next. */
type Sums = (y: number) => Float64Array | Float32Array;

function withoutTrend(
  sums: Sums,
  trend: Trend,
  { width, binning, origin, samples }: { width: number; binning: number; origin: number; samples: number },
): Sums {
  const flat = new Float64Array(width);
  return (y) => {
    trend.along(y * binning + origin, origin, binning, flat);
    const row = sums(y);
    for (let x = 0; x < width; x++) flat[x] = row[x]! - samples * flat[x]!;
    return flat;
  };
}

function nativeRows({ width, data }: PixelView, { columnsOf }: Defects, kernels: Kernels): Plane['read'] {
  const bytes = new Uint8Array(kernels.memory);
  const words = new Uint16Array(kernels.memory);
  return (row, to) => {
    bytes.set(data.subarray(2 * row * width, 2 * (row + 1) * width), to);
    kernels.swap16(to, to, width);
    const start = to >> 1;
    for (const { column, left, right } of columnsOf(row)) {
      words[start + column] = (words[start + left]! + words[start + right]!) >> 1;
    }
  };
}

/** The sums of a row's blocks of usual pixels, by the kernels. */
function nativeSums(
  { width: columns, data }: PixelView,
  { width, block }: Blocks,
  { columnsOf }: Defects,
  kernels: Kernels,
  room: Room,
): Sums {
  const raw = room.take(2 * columns * block);
  const bytes = new Uint8Array(kernels.memory, raw, 2 * columns * block);
  const sums = new Uint32Array(kernels.memory, room.take(4 * columns), columns);
  const blocks = new Float32Array(kernels.memory, room.take(4 * width), width);
  return (y) => {
    bytes.set(data.subarray(2 * y * block * columns, 2 * (y + 1) * block * columns));
    sums.fill(0);
    kernels.addRows16(raw, columns, block, columns, sums.byteOffset);
    for (const { column, left, right } of columnsOf(y * block)) {
      sums[column] = (sums[left]! + sums[right]!) / 2;
    }
    kernels.meanBlocks16(sums.byteOffset, block, 1, 1, width, blocks.byteOffset);
    return blocks;
  };
}

/** Four bytes of a hash of the place, less their mean: nearly normal, of unit variance. */
function noiseAt(x: number, y: number): number {
  const mixed = Math.imul(Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77), 0xc2b2ae3d);
  const hash = mixed ^ (mixed >>> 15);
  return ((hash & 255) + ((hash >> 8) & 255) + ((hash >> 16) & 255) + (hash >>> 24) - 510) / 147.8;
}

interface Blocks {
  width: number;
  binning: number;
  block: number;
  colours: number;
}

/** The sums of a row's blocks; the array is used again for the next row. A block with a pixel that has no value has none. */
function sumsOf(read: SpanReader, columns: number, { width, binning, block, colours }: Blocks): Sums {
  const row = new Float32Array(columns);
  const sums = new Float64Array(width);
  return (y) => {
    sums.fill(0);
    for (let colour = 0; colour < colours; colour++) {
      for (let dy = 0; dy < block; dy++) {
        read(colour, y * binning + dy, 0, columns, row, 0);
        for (let x = 0; x < width; x++) {
          const end = x * binning + block;
          let sum = 0;
          for (let at = x * binning; at < end; at++) sum += row[at]!;
          sums[x]! += sum;
        }
      }
    }
    return sums;
  };
}

const SAMPLED_ROWS = 24;
const SAMPLES = 8192;
/** Units a standard deviation of the noise is given. */
const UNITS = 16;

/**
 * What brings the sky and some thousand deviations above it into 16 bits. What has no value becomes `usual` with such a deviation: a quiet
 * border would make the sky beside it look quiet too, and its noise like stars.
 */
function rangeOf(sums: Sums, { width, height }: { width: number; height: number }) {
  const step = Math.max(1, Math.floor((width * Math.min(height, SAMPLED_ROWS)) / SAMPLES));
  const [levels, differences]: [number[], number[]] = [[], []];
  for (let n = 0; n < Math.min(height, SAMPLED_ROWS); n++) {
    const row = sums(Math.floor(((n + 0.5) * height) / Math.min(height, SAMPLED_ROWS)));
    for (let x = n % step; x + 3 < width; x += step) {
      const difference = Math.abs(row[x + 3]! - row[x]!);
      if (!Number.isFinite(difference)) continue;
      levels.push(row[x]!);
      differences.push(difference);
    }
  }
  if (levels.length === 0) return { zero: 0, gain: 1, usual: 0, deviation: 0 };
  const [sorted, steps] = [Float64Array.from(levels).sort(), Float64Array.from(differences).sort()];
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  const noise = steps[steps.length >> 1]! / 0.954;
  const gain = Math.min(UNITS / (noise || 1), 32_768 / (at(0.98) - at(0.02) || 1));
  const zero = at(0.02) - 8192 / gain;
  return { zero, gain, usual: (at(0.5) - zero) * gain, deviation: noise * gain };
}
