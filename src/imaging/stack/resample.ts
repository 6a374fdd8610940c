import type { RowSource } from '../reduce.ts';
import type { Similarity } from './similarity.ts';

/** Rows of the source that are kept: enough for a strip of any field turned by some degrees. */
const WINDOW_BYTES = 8 * 2 ** 20;
const FEWEST_ROWS = 48;
/** Values of the result between two looks at whether to stop: a few milliseconds. */
const BAND_PIXELS = 200_000;
const BAND_ROWS = 32;

/** One row of the result: `values[channel][x]` for x in first…end − 1; what lies left and right has no value. */
export type TakeRow = (y: number, first: number, end: number, values: readonly Float32Array[]) => void;

export interface Target {
  readonly width: number;
  readonly height: number;
  /** From pixels of the result to those of the source. */
  readonly toSource: Similarity;
}

/**
 * Bilinear resampling in bounded memory, however the source is turned: the result is made in upright strips so narrow
 * that what one band of a strip needs fits the rows that are kept. Without a turn there is one strip and every row is
 * read once; at a right angle a 24-megapixel frame is read some twenty times.
 * @param check called between bands of rows; throws when the work is to stop
 */
export function resample(source: RowSource, target: Target, take: TakeRow, check?: () => void): void {
  const window = new RowWindow(source);
  const { a, b } = target.toSource;
  const spare = window.capacity - 3 - Math.ceil(BAND_ROWS * Math.abs(a));
  const strip = Math.max(16, Math.min(target.width, Math.floor(spare / Math.max(1e-9, Math.abs(b)))));
  const band = Math.max(1, Math.min(BAND_ROWS, Math.floor(BAND_PIXELS / strip / source.channels)));
  const values = Array.from({ length: source.channels }, () => new Float32Array(target.width));
  for (let left = 0; left < target.width; left += strip) {
    const right = Math.min(target.width, left + strip);
    for (let top = 0; top < target.height; top += band) {
      check?.();
      const bottom = Math.min(target.height, top + band);
      window.hold(sourceRows(target.toSource, left, right - 1, top, bottom - 1));
      for (let y = top; y < bottom; y++) {
        const { first, end } = covered(source, target.toSource, y, left, right);
        if (first >= end) continue;
        window.channels.forEach((pixels, channel) => {
          interpolate(pixels, window.starts, source, target.toSource, y, first, end, values[channel]!);
        });
        take(y, first, end, values);
      }
    }
  }
}

/** Some rows of every channel, one after the other in a ring. */
class RowWindow {
  readonly capacity: number;
  readonly channels: readonly Float32Array[];
  /** Where each row of the source lies in the ring, if it is held. */
  readonly starts: Int32Array;
  readonly #held: Int32Array;
  readonly #source: RowSource;

  constructor(source: RowSource) {
    const { width, height, channels } = source;
    const fitting = Math.floor(WINDOW_BYTES / (4 * width * channels));
    this.capacity = Math.min(height, Math.max(FEWEST_ROWS, fitting));
    this.channels = Array.from({ length: channels }, () => new Float32Array(this.capacity * width));
    this.starts = Int32Array.from({ length: height }, (_, row) => (row % this.capacity) * width);
    this.#held = new Int32Array(this.capacity).fill(-1);
    this.#source = source;
  }

  /** Reads what is not there yet of rows first…last; rows outside of the image are passed over. */
  hold({ first, last }: { first: number; last: number }): void {
    for (let row = Math.max(0, first); row <= Math.min(last, this.#source.height - 1); row++) {
      if (this.#held[row % this.capacity] === row) continue;
      this.#held[row % this.capacity] = row;
      this.#source.row(row).forEach((pixels, channel) => {
        this.channels[channel]!.set(pixels, this.starts[row]!);
      });
    }
  }
}

function sourceRows({ a, b, dy }: Similarity, left: number, right: number, top: number, bottom: number) {
  const rows = [left, right].flatMap((x) => [top, bottom].map((y) => b * x + a * y + dy));
  return { first: Math.floor(Math.min(...rows)), last: Math.floor(Math.max(...rows)) + 1 };
}

/** The pixels of a row whose place in the source lies between centres of pixels. */
function covered(source: RowSource, { a, b, dx, dy }: Similarity, y: number, left: number, right: number) {
  const columns = between(a, dx - b * y, source.width - 1, left, right);
  return between(b, dy + a * y, source.height - 1, columns.first, columns.end);
}

/** Whole x in first…end − 1 for which 0 ≤ rate · x + start ≤ limit. */
function between(rate: number, start: number, limit: number, first: number, end: number) {
  // An untouched frame covers all of itself, whatever the last digit of a sum says.
  const [low, high] = [-1e-6, limit + 1e-6];
  if (Math.abs(rate) < 1e-12) return start >= low && start <= high ? { first, end } : { first, end: first };
  const [p, q] = [(low - start) / rate, (high - start) / rate];
  return {
    first: Math.max(first, Math.ceil(Math.min(p, q))),
    end: Math.min(end, Math.floor(Math.max(p, q)) + 1),
  };
}

function interpolate(
  pixels: Float32Array,
  starts: Int32Array,
  { width, height }: RowSource,
  { a, b, dx, dy }: Similarity,
  y: number,
  first: number,
  end: number,
  into: Float32Array,
): void {
  const [columns, rows] = [Math.max(0, width - 2), Math.max(0, height - 2)];
  const [startX, startY] = [dx - b * y, dy + a * y];
  for (let x = first; x < end; x++) {
    const sourceX = a * x + startX;
    const sourceY = b * x + startY;
    const column = Math.min(columns, sourceX | 0);
    const row = Math.min(rows, sourceY | 0);
    const across = sourceX - column;
    const top = starts[row]! + column;
    const bottom = starts[row + 1]! + column;
    const upper = pixels[top]! + across * (pixels[top + 1]! - pixels[top]!);
    const lower = pixels[bottom]! + across * (pixels[bottom + 1]! - pixels[bottom]!);
    into[x] = upper + (sourceY - row) * (lower - upper);
  }
}
