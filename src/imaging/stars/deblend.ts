import type { Runs } from './runs.ts';

/** A summit of the smoothed plane and what slopes down from it to its neighbours'. */
export interface Blob {
  /** Its highest sample, in samples of the plane. */
  readonly x: number;
  readonly y: number;
  /** Compressed height, and light in units of the noise. */
  readonly height: number;
  readonly light: number;
  /** Samples. */
  readonly area: number;
  /** It lies on something long and thin: a satellite's trail, a column that is out of order. */
  readonly onLine: boolean;
  /** It shares its patch with others. */
  readonly blended: boolean;
}

/** How much light a compressed height means (see the kernel `aboveSky`). */
const LIGHT = Float64Array.from({ length: 2048 }, (_, height) =>
  height <= 512
    ? height
    : height <= 1024
      ? (height - 448) * 8
      : height <= 1536
        ? (height - 952) * 64
        : (height - 1463) * 512,
);

/** A patch as one blob. */
export function wholeBlob({ row, start, end, first, values }: Runs, patch: Int32Array): Blob {
  let [x, y, height, light, area] = [0, 0, 0, 0, 0];
  for (const run of patch) {
    const length = end[run]! - start[run]!;
    const from = first[run]!;
    for (let i = 0; i < length; i++) {
      const value = values[from + i]!;
      light += LIGHT[value]!;
      if (value > height) [x, y, height] = [start[run]! + i, row[run]!, value];
    }
    area += length;
  }
  return { x, y, height, light, area, onLine: false, blended: false };
}

/**
 * Parts a patch at its saddles. Samples are taken from the highest down; one without a taken neighbour is a summit, and
 * where two meet, the lower one stays a star of its own if it rises at least `rise` above their saddle. Heights are
 * compressed, so that bright stars ask for more.
 * @param whole the patch as one
 * @param threshold above which all of it lies: lower summits than that and `rise` are none of their own
 */
export function deblend(runs: Runs, patch: Int32Array, whole: Blob, threshold: number, rise: number): Blob[] {
  const onLine = isLine(runs, patch);
  if (whole.height <= threshold + rise) return [{ ...whole, onLine }];
  const slopes = slopesOf(runs, patch, rise);
  return slopes.map((slope) => ({ ...slope, onLine, blended: slopes.length > 1 }));
}

type Slope = { -readonly [Key in 'x' | 'y' | 'height' | 'light' | 'area']: Blob[Key] };

/** The patch's samples one after the other, with where each comes from. */
interface Samples {
  readonly size: number;
  readonly heights: Int16Array;
  /** Place of its run in the patch. */
  readonly runOf: Int32Array;
  /** Where each run's samples begin, and their end. */
  readonly offsets: Int32Array;
}

function slopesOf(runs: Runs, patch: Int32Array, rise: number): Slope[] {
  const samples = samplesOf(runs, patch);
  const { size, heights, runOf, offsets } = samples;
  const summitOf = descend(runs, patch, samples, rise);
  const slopes = new Map<number, Slope>();
  for (let at = 0; at < size; at++) {
    const summit = summitOf(at);
    let slope = slopes.get(summit);
    if (!slope) {
      const run = patch[runOf[summit]!]!;
      const x = runs.start[run]! + summit - offsets[runOf[summit]!]!;
      slope = { x, y: runs.row[run]!, height: heights[summit]!, light: 0, area: 0 };
      slopes.set(summit, slope);
    }
    slope.area++;
    slope.light += LIGHT[heights[at]!]!;
  }
  return [...slopes.values()];
}

function samplesOf({ start, end, first, values }: Runs, patch: Int32Array): Samples {
  const offsets = new Int32Array(patch.length + 1);
  for (let n = 0; n < patch.length; n++) offsets[n + 1] = offsets[n]! + end[patch[n]!]! - start[patch[n]!]!;
  const size = offsets[patch.length]!;
  const runOf = new Int32Array(size);
  const heights = new Int16Array(size);
  for (let n = 0; n < patch.length; n++) {
    const [to, from, length] = [offsets[n]!, first[patch[n]!]!, offsets[n + 1]! - offsets[n]!];
    for (let i = 0; i < length; i++) {
      runOf[to + i] = n;
      heights[to + i] = values[from + i]!;
    }
  }
  return { size, heights, runOf, offsets };
}

/** @returns the summit that a sample belongs to */
function descend(
  { row, start, end }: Pick<Runs, 'row' | 'start' | 'end'>,
  patch: Int32Array,
  { size, heights, runOf, offsets }: Samples,
  rise: number,
): (at: number) => number {
  const [above, below] = adjacent({ row, start, end }, patch);
  const parent = new Int32Array(size).fill(-1);
  const summitOf = (at: number): number => {
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const around = new Int32Array(8);
  let taken = 0;
  const take = (from: number, y: number, x: number) => {
    for (let m = from; m < patch.length && row[patch[m]!] === y && start[patch[m]!]! <= x + 1; m++) {
      const other = patch[m]!;
      const last = Math.min(x + 1, end[other]! - 1);
      for (let c = Math.max(x - 1, start[other]!); c <= last; c++) {
        const at = offsets[m]! + c - start[other]!;
        if (parent[at]! >= 0) around[taken++] = at;
      }
    }
  };
  for (const at of descending(heights)) {
    const n = runOf[at]!;
    const run = patch[n]!;
    const x = start[run]! + at - offsets[n]!;
    taken = 0;
    if (at > offsets[n]! && parent[at - 1]! >= 0) around[taken++] = at - 1;
    if (at + 1 < offsets[n + 1]! && parent[at + 1]! >= 0) around[taken++] = at + 1;
    take(above[n]!, row[run]! - 1, x);
    take(below[n]!, row[run]! + 1, x);
    if (taken === 0) {
      parent[at] = at;
      continue;
    }
    let best = around[0]!;
    for (let i = 1; i < taken; i++) if (heights[around[i]!]! > heights[best]!) best = around[i]!;
    parent[at] = summitOf(best);
    for (let i = 0; i < taken; i++) {
      const [a, b] = [summitOf(around[i]!), summitOf(at)];
      if (a === b) continue;
      const [lower, higher] = heights[a]! < heights[b]! ? [a, b] : [b, a];
      if (heights[lower]! - heights[at]! < rise) parent[lower] = higher;
    }
  }
  return summitOf;
}

/** For each run of the patch the first in the row before, and in the row after, that may touch it. */
function adjacent(
  { row, start, end }: Pick<Runs, 'row' | 'start' | 'end'>,
  patch: Int32Array,
): [Int32Array, Int32Array] {
  const above = new Int32Array(patch.length);
  const below = new Int32Array(patch.length);
  for (let n = 0, up = 0, down = 0; n < patch.length; n++) {
    const [y, x] = [row[patch[n]!]!, start[patch[n]!]!];
    while (row[patch[up]!]! < y - 1 || (row[patch[up]!] === y - 1 && end[patch[up]!]! < x)) up++;
    above[n] = up;
    while (
      down < patch.length &&
      (row[patch[down]!]! < y + 1 || (row[patch[down]!] === y + 1 && end[patch[down]!]! < x))
    ) {
      down++;
    }
    below[n] = down;
  }
  return [above, below];
}

/** The indices from the highest value to the lowest. */
function descending(heights: Int16Array): Int32Array {
  let highest = 0;
  for (let at = 0; at < heights.length; at++) if (heights[at]! > highest) highest = heights[at]!;
  const places = new Int32Array(highest + 2);
  for (let at = 0; at < heights.length; at++) places[highest - heights[at]! + 1]!++;
  for (let bin = 1; bin < places.length; bin++) places[bin]! += places[bin - 1]!;
  const order = new Int32Array(heights.length);
  for (let at = 0; at < heights.length; at++) order[places[highest - heights[at]!]!++] = at;
  return order;
}

const LINE_LENGTH = 60;
const LINE_RATIO = 8;

/** By the second moments of its outline. */
function isLine({ row, start, end }: Runs, patch: Int32Array): boolean {
  let [area, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  const [originX, originY] = [start[patch[0]!]!, row[patch[0]!]!];
  for (const run of patch) {
    const length = end[run]! - start[run]!;
    const x = (start[run]! + end[run]! - 1) / 2 - originX;
    const y = row[run]! - originY;
    area += length;
    sx += length * x;
    sy += length * y;
    sxx += length * (x * x + (length * length - 1) / 12);
    syy += length * y * y;
    sxy += length * x * y;
  }
  const [mx, my] = [sx / area, sy / area];
  const [xx, yy, xy] = [sxx / area - mx * mx, syy / area - my * my, sxy / area - mx * my];
  const [mean, apart] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  // A bar of length l has a variance of l²/12 along itself.
  const length = Math.sqrt(12 * (mean + apart));
  const thickness = Math.sqrt(12 * Math.max(0.1, mean - apart));
  return length > LINE_LENGTH && length > LINE_RATIO * thickness;
}
