import { clamp } from '../../core/units.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Room } from '../kernels/room.ts';
import type { Plane } from './plane.ts';
import { meshRow, type Sky } from './sky.ts';

/** Units of the smoothed plane that one standard deviation of an unsmoothed sample takes. */
export const UNITS = 16;

/**
 * Rows of the plane above its sky, in units of the local noise, smoothed by a star of 2.4 samples: what a faint star of
 * about that width rises in most. @returns where the row lies, i16, compressed as `aboveSky` says
 */
export function smoothRows(plane: Plane, sky: Sky, kernels: Kernels, room: Room): (row: number) => number {
  const { width, height } = plane;
  const ring = [0, 1, 2, 3, 4].map(() => ({ at: room.take(2 * width), row: -1 }));
  const [raw, between, smooth] = [room.take(2 * width), room.take(2 * width + 8), room.take(2 * width)];
  const level = new Float32Array(sky.columns);
  const gain = new Float32Array(sky.columns);
  const parts = segments(width, sky);
  const inverse = sky.deviation.map((deviation) => UNITS / deviation);

  const rowAt = (y: number): number => {
    const row = Math.min(height - 1, Math.max(0, y));
    const slot = ring[row % 5]!;
    if (slot.row !== row) {
      slot.row = row;
      plane.read(row, raw);
      meshRow(sky.level, sky, row, level);
      meshRow(inverse, sky, row, gain);
      for (const { x, end, from } of parts) {
        const next = Math.min(sky.columns - 1, from + 1);
        const [levelStep, gainStep] = [
          (level[next]! - level[from]!) / sky.tileWidth,
          (gain[next]! - gain[from]!) / sky.tileWidth,
        ];
        // From the centre of the tile to the middle of the first sample.
        const offset = x + 0.5 - (from + 0.5) * sky.tileWidth;
        const [l, g] = [level[from]! + offset * levelStep, gain[from]! + offset * gainStep];
        kernels.aboveSky(raw + 2 * x, slot.at + 2 * x, end - x, l, levelStep, g, gainStep);
      }
    }
    return slot.at;
  };

  return (row) => {
    const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((offset) => rowAt(row + offset)) as FiveRows;
    kernels.smoothRow(a, b, c, d, e, between, smooth, width);
    return smooth;
  };
}

type FiveRows = [number, number, number, number, number];

/** From centre to centre of the tiles; the outermost reach the edges. */
function segments(width: number, { columns, tileWidth }: Sky): { x: number; end: number; from: number }[] {
  if (columns === 1) return [{ x: 0, end: width, from: 0 }];
  const centre = (column: number) => Math.round((column + 0.5) * tileWidth);
  return Array.from({ length: columns - 1 }, (_, from) => ({
    x: from === 0 ? 0 : centre(from),
    end: from === columns - 2 ? width : centre(from + 1),
    from,
  }));
}

/** Samples apart at which the smoothed noise knows nothing of itself. */
const APART = 12;
const PLACES = 8;
const ROWS_AT_PLACE = 4;
/** Samples below which the most frequent height is uncertain, and broad stars fill much of the plane. */
const ENOUGH = 12_000;

/** In units of the smoothed plane. */
export interface SmoothedSky {
  /** More than that of white noise where pixels were interpolated. */
  readonly deviation: number;
  /** By how much the most frequent height differs from 0: the light of faint stars and of wings lifts the mesh. */
  readonly offset: number;
}

/** From rows all over the plane; the deviation by differences along them, for nebulae are no noise. */
export function smoothedSky(plane: Plane, smoothed: (row: number) => number, kernels: Kernels): SmoothedSky {
  const heights = new Uint32Array(4096);
  const differences = new Uint32Array(4096);
  const places = Math.min(PLACES, Math.ceil(plane.height / ROWS_AT_PLACE));
  for (let place = 0; place < places; place++) {
    const start = Math.floor(((place + 0.5) * plane.height) / places);
    for (let y = start; y < Math.min(plane.height, start + ROWS_AT_PLACE); y++) {
      const row = new Int16Array(kernels.memory, smoothed(y), plane.width);
      for (let x = APART; x < row.length; x++) {
        heights[row[x]! + 2048]!++;
        differences[Math.abs(row[x]! - row[x - APART]!)]!++;
      }
    }
  }
  const deviation = Math.max(1, medianDifference(differences) / 0.6745 / Math.SQRT2);
  const counted = places * ROWS_AT_PLACE * (plane.width - APART);
  return {
    deviation,
    offset: counted < ENOUGH ? 0 : clamp(mostFrequent(heights, deviation), -UNITS / 16, UNITS / 16),
  };
}

/** Median of the differences' amounts; those of a bin lie evenly within half a unit about it. */
function medianDifference(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [below, bin] = [0, 0];
  while (bin < counts.length - 1 && below + counts[bin]! <= total / 2) below += counts[bin++]!;
  const part = (total / 2 - below) / Math.max(1, counts[bin]!);
  return bin === 0 ? part / 2 : bin - 0.5 + part;
}

/** The windowed centroid of the heights, as of a star: what lies far off hardly counts. */
function mostFrequent(counts: Uint32Array, deviation: number): number {
  let centre = 0;
  for (let step = 0; step < 8; step++) {
    let [sum, moment] = [0, 0];
    const reach = Math.ceil(3 * deviation);
    for (let height = Math.round(centre) - reach; height <= Math.round(centre) + reach; height++) {
      const weight = (counts[height + 2048] ?? 0) * Math.exp(-0.5 * ((height - centre) / deviation) ** 2);
      sum += weight;
      moment += weight * (height - centre);
    }
    if (sum === 0) return 0;
    centre += (2 * moment) / sum;
    if (Math.abs(centre) > 2 * deviation) return 0;
  }
  return centre;
}
