import type { PixelView } from '../fits-read.ts';
import { type SpanReader, spanReader } from './span.ts';

/** A column of a sensor that is brighter or darker than those about it, and the nearest good ones of its colour. */
export interface DefectiveColumn {
  readonly column: number;
  readonly left: number;
  readonly right: number;
}

export interface Defects {
  readonly none: boolean;
  /** Of the part of the sensor that the row lies in, from left to right. */
  columnsOf(row: number): readonly DefectiveColumn[];
}

/** A column may be defective from some row on. */
const PARTS = 4;
const ROWS_IN_PART = 32;
/** In a smaller picture a star is as tall as a part, and its columns would count as defective. */
const LEAST_HEIGHT = PARTS * ROWS_IN_PART;
/** Standard deviations that a column differs by: far more than chance, less than what looks like stars. */
const DIFFERENT = 0.9;
const CLIP = 3;

/** To the columns compared with, of the same colour: beside a defective one, or a pair, not all of them stand out. */
const LAGS = [1, 2, 3] as const;

/**
 * Each column's mean difference from those one, two and three to its sides, over rows from all of a part, clipped so that
 * stars do not count.
 */
export function defectsOf(view: PixelView): Defects {
  const { width, height } = view;
  const step = view.bayer ? 2 : 1;
  const read = spanReader(view);
  const row = new Float32Array(width);
  const part = height / PARTS;
  const noise = height >= LEAST_HEIGHT && width > 8 * step ? noiseOf(read, row, height, step) : 0;
  const columns = Array.from({ length: PARTS }, (_, index) => {
    if (noise === 0) return [];
    const sums = LAGS.map(() => new Float64Array(width));
    for (let n = 0; n < ROWS_IN_PART; n++) {
      read(0, Math.floor(part * (index + (n + 0.5) / ROWS_IN_PART)), 0, width, row, 0);
      LAGS.forEach((lag, at) => {
        addDifferences(row, lag * step, CLIP * noise, sums[at]!);
      });
    }
    return standingOut(sums, DIFFERENT * noise * ROWS_IN_PART, step);
  });
  return {
    none: columns.every(({ length }) => length === 0),
    columnsOf: (y) => columns[Math.min(PARTS - 1, Math.floor(y / part))]!,
  };
}

/** Adds what each sample differs by from the mean of those so far to its sides; no value, no difference. */
function addDifferences(row: Float32Array, apart: number, clip: number, sums: Float64Array): void {
  for (let x = apart; x < row.length - apart; x++) {
    const difference = row[x]! - 0.5 * (row[x - apart]! + row[x + apart]!);
    if (!Number.isNaN(difference)) sums[x]! += Math.min(clip, Math.max(-clip, difference));
  }
}

function standingOut(sums: readonly Float64Array[], least: number, step: number): DefectiveColumn[] {
  const width = sums[0]!.length;
  const isBad = (x: number) => sums.every((sum) => sum[x]! > least) || sums.every((sum) => sum[x]! < -least);
  const found: DefectiveColumn[] = [];
  for (let column = LAGS.length * step; column < width - LAGS.length * step; column++) {
    if (!isBad(column)) continue;
    let [left, right] = [column - step, column + step];
    while (left >= step && isBad(left)) left -= step;
    while (right < width - step && isBad(right)) right += step;
    found.push({ column, left, right });
  }
  return found;
}

/** By differences along some rows: of a pixel, not of a difference. */
function noiseOf(read: SpanReader, row: Float32Array, height: number, step: number): number {
  const differences: number[] = [];
  for (let n = 0; n < 8; n++) {
    read(0, Math.floor(((n + 0.5) * height) / 8), 0, row.length, row, 0);
    for (let x = step; x < row.length; x += 13) {
      const difference = Math.abs(row[x]! - row[x - step]!);
      if (Number.isFinite(difference)) differences.push(difference);
    }
  }
  const sorted = Float64Array.from(differences).sort();
  return (sorted[sorted.length >> 1] ?? 0) / 0.954;
}

/** The reader with defective columns replaced by the mean of good ones. */
export function repaired(read: SpanReader, { columnsOf, none }: Defects): SpanReader {
  if (none) return read;
  const one = new Float32Array(1);
  return (plane, row, x, count, into, at) => {
    read(plane, row, x, count, into, at);
    for (const { column, left, right } of columnsOf(row)) {
      if (column < x || column >= x + count) continue;
      const valueAt = (place: number) => {
        if (place >= x && place < x + count) return into[at + place - x]!;
        read(plane, row, place, 1, one, 0);
        return one[0]!;
      };
      into[at + column - x] = (valueAt(left) + valueAt(right)) / 2;
    }
  };
}
