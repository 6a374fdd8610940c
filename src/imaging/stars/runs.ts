import type { Kernels } from '../kernels/kernels.ts';

/** Beyond this much light the threshold is raised: some 40 MB. */
const MOST_RUNS = 1_000_000;
const MOST_PIXELS = 6_000_000;
const MOST_IN_ROW = 16_384;

/** Stretches of a plane's rows that lie above a threshold, joined to patches where they touch, corners included. */
export interface Runs {
  readonly count: number;
  readonly row: Int32Array;
  /** First column, and one after the last. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Where the run's values begin in `values`. */
  readonly first: Int32Array;
  readonly values: Int16Array;
  /** The run that stands for the patch a run belongs to: the patch's first. */
  patchOf(run: number): number;
}

/**
 * @param smoothed gives where a row lies, i16
 * @returns undefined where too much lies above the threshold
 */
export function runsAbove(
  { width, height }: { width: number; height: number },
  smoothed: (row: number) => number,
  threshold: number,
  kernels: Kernels,
  check: () => void,
): Runs | undefined {
  let [row, start, end, first, parent] = [0, 0, 0, 0, 0].map(() => new Int32Array(4096)) as FiveColumns;
  let values = new Int16Array(65_536);
  let [count, used] = [0, 0];

  const patchOf = (run: number): number => {
    while (parent[run] !== run) {
      parent[run] = parent[parent[run]!]!;
      run = parent[run]!;
    }
    return run;
  };

  const complete = kernels.within((room) => {
    const found = room.take(4 * MOST_IN_ROW);
    const ends = new Uint16Array(kernels.memory, found, 2 * MOST_IN_ROW);
    const memory = new Int16Array(kernels.memory);
    let above = 0;
    for (let y = 0; y < height; y++) {
      if (y % 64 === 0) check();
      const line = smoothed(y);
      const inRow = kernels.runsAbove(line, width, threshold, found, MOST_IN_ROW);
      if (inRow < 0 || count + inRow > MOST_RUNS || used > MOST_PIXELS) return false;
      if (count + inRow > row.length) {
        [row, start, end, first, parent] = [row, start, end, first, parent].map(doubled) as FiveColumns;
      }
      const here = count;
      for (let n = 0; n < inRow; n++) {
        const [from, to] = [ends[2 * n]!, ends[2 * n + 1]!];
        while (used + to - from > values.length) {
          const larger = new Int16Array(2 * values.length);
          larger.set(values);
          values = larger;
        }
        for (let x = from; x < to; x++) values[used + x - from] = memory[(line >> 1) + x]!;
        row[count] = y;
        start[count] = from;
        end[count] = to;
        first[count] = used;
        parent[count] = count;
        // Runs of the row above that end before this one are not touched by any later either.
        while (above < here && (row[above]! < y - 1 || end[above]! < from)) above++;
        for (let other = above; other < here && start[other]! <= to; other++) {
          const [a, b] = [patchOf(other), patchOf(count)];
          if (a < b) parent[b] = a;
          else parent[a] = b;
        }
        used += to - from;
        count++;
      }
      above = here;
    }
    return true;
  });
  return complete ? { count, row, start, end, first, values, patchOf } : undefined;
}

type FiveColumns = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

function doubled(column: Int32Array): Int32Array {
  const larger = new Int32Array(2 * column.length + MOST_IN_ROW);
  larger.set(column);
  return larger;
}

/** The runs of each patch, in the order of rows and columns. */
export function patchesOf(runs: Runs): Int32Array[] {
  const starts = new Int32Array(runs.count + 1);
  const patch = new Int32Array(runs.count);
  for (let run = 0; run < runs.count; run++) {
    patch[run] = runs.patchOf(run);
    starts[patch[run]! + 1]!++;
  }
  for (let run = 0; run < runs.count; run++) starts[run + 1]! += starts[run]!;
  const order = new Int32Array(runs.count);
  const filled = starts.slice(0, runs.count);
  for (let run = 0; run < runs.count; run++) order[filled[patch[run]!]!++] = run;
  const patches: Int32Array[] = [];
  for (let run = 0; run < runs.count; run++) {
    if (patch[run] === run) patches.push(order.subarray(starts[run]!, starts[run + 1]!));
  }
  return patches;
}
