/** The lowest bits of a split name its dimension, the others are its place (astrometry.net, libkd). */
const DIMENSION = 3;

/**
 * The runs of points, first and last, that a box may hold: leaves of a kd-tree of three dimensions in heap order,
 * neighbours joined.
 * @param splits by inner node: the plane that divides it
 * @param lasts by leaf: the number of its last point
 */
export function leavesIn(
  splits: Uint32Array,
  lasts: Uint32Array,
  low: readonly number[],
  high: readonly number[],
): [first: number, last: number][] {
  const runs: [number, number][] = [];
  const visit = (node: number): void => {
    if (node >= splits.length) {
      const leaf = node - splits.length;
      const first = leaf === 0 ? 0 : lasts[leaf - 1]! + 1;
      const last = lasts[leaf]!;
      const previous = runs.at(-1);
      if (previous && previous[1] === first - 1) previous[1] = last;
      else runs.push([first, last]);
      return;
    }
    const split = splits[node]!;
    const dimension = split & DIMENSION;
    // Cutting off the lowest bits moved the plane down by up to 3, and rounding a corner by 1.
    const plane = split - dimension;
    if (low[dimension]! <= plane + 4) visit(2 * node + 1);
    if (high[dimension]! + 4 >= plane) visit(2 * node + 2);
  };
  visit(0);
  return runs;
}
