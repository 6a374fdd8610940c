import type { Kernels } from '../kernels/kernels.ts';
import type { Plane } from './plane.ts';

/** Level and noise of the sky in tiles of a plane, in its units. */
export interface Sky {
  readonly columns: number;
  readonly rows: number;
  /** Samples, about 64. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly level: Float32Array;
  readonly deviation: Float32Array;
}

const TILE = 64;
/** Every fourth row tells enough: 1024 samples a tile, 4 % of the noise. */
const ROW_STEP = 4;

const tiles = (length: number) => Math.max(1, Math.round(length / TILE));

export function skyOf(plane: Plane, kernels: Kernels, check: () => void): Sky {
  const { width, height } = plane;
  const [columns, rows] = [tiles(width), tiles(height)];
  const [tileWidth, tileHeight] = [width / columns, height / rows];
  const level = new Float32Array(columns * rows);
  const deviation = new Float32Array(columns * rows);
  kernels.within((room) => {
    const most = Math.ceil((1.5 * TILE) / ROW_STEP);
    const band = room.take(2 * width * most);
    const scratch = room.take(2 * Math.ceil(1.5 * TILE) * most);
    const [counters, result] = [room.take(4 * 256), room.take(16)];
    const sky = new Float64Array(kernels.memory, result, 2);
    for (let row = 0; row < rows; row++) {
      check();
      const [top, bottom] = [Math.floor(row * tileHeight), Math.floor((row + 1) * tileHeight)];
      let read = 0;
      for (let y = top; y < bottom; y += ROW_STEP) plane.read(y, band + 2 * width * read++);
      for (let column = 0; column < columns; column++) {
        const [left, right] = [Math.floor(column * tileWidth), Math.floor((column + 1) * tileWidth)];
        kernels.skyOfTile(band + 2 * left, width, right - left, read, scratch, counters, result);
        level[row * columns + column] = sky[0]!;
        deviation[row * columns + column] = sky[1]!;
      }
    }
  });
  return {
    columns,
    rows,
    tileWidth,
    tileHeight,
    level: medianFiltered(level, deviation, columns, rows),
    deviation: medianFiltered(deviation, new Float32Array(deviation.length), columns, rows),
  };
}

/**
 * A tile that differs from the median of the nine about it by more than half the noise becomes that median: a galaxy or
 * a bright star is no sky. Beyond the edges the mesh goes on straight, so that gradients stay as they are there too.
 */
function medianFiltered(
  values: Float32Array,
  noise: Float32Array,
  columns: number,
  rows: number,
): Float32Array {
  if (columns < 2 || rows < 2) return values;
  const about = new Float32Array(9);
  const inRow = (y: number, x: number) => {
    const at = (column: number) => values[y * columns + column]!;
    return x < 0 ? 2 * at(0) - at(1) : x === columns ? 2 * at(x - 1) - at(x - 2) : at(x);
  };
  const at = (y: number, x: number) =>
    y < 0 ? 2 * inRow(0, x) - inRow(1, x) : y === rows ? 2 * inRow(y - 1, x) - inRow(y - 2, x) : inRow(y, x);
  return values.map((value, index) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    for (let n = 0; n < 9; n++) about[n] = at(y - 1 + Math.floor(n / 3), x - 1 + (n % 3));
    const middle = about.sort()[4]!;
    return Math.abs(value - middle) > noise[index]! / 2 ? middle : value;
  });
}

/** Place among the tiles' centres: the index before it and the share of the next; beyond the outermost it goes on straight. */
function between(at: number, count: number, tile: number): [number, number] {
  if (count === 1) return [0, 0];
  const place = (at + 0.5) / tile - 0.5;
  const index = Math.min(count - 2, Math.max(0, Math.floor(place)));
  return [index, place - index];
}

/** A row of the mesh, interpolated for a row of the plane. */
export function meshRow(
  values: Float32Array,
  { columns, rows, tileHeight }: Sky,
  y: number,
  into: Float32Array,
): void {
  const [row, share] = between(y, rows, tileHeight);
  const next = Math.min(rows - 1, row + 1);
  for (let column = 0; column < columns; column++) {
    const upper = values[row * columns + column]!;
    into[column] = upper + share * (values[next * columns + column]! - upper);
  }
}

/** Bilinear, at a place of the plane. */
export function meshAt(values: Float32Array, sky: Sky, x: number, y: number): number {
  const [row, down] = between(y, sky.rows, sky.tileHeight);
  const [column, right] = between(x, sky.columns, sky.tileWidth);
  const at = (r: number, c: number) =>
    values[Math.min(sky.rows - 1, r) * sky.columns + Math.min(sky.columns - 1, c)]!;
  const upper = at(row, column) + right * (at(row, column + 1) - at(row, column));
  const lower = at(row + 1, column) + right * (at(row + 1, column + 1) - at(row + 1, column));
  return upper + down * (lower - upper);
}
