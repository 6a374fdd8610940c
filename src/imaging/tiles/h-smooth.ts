/**
 * Changes the differences of an H-transform, by no more than its packer's rounding may have, toward what neighbouring
 * blocks suggest; a block beyond its neighbours stays. Edges stay too. Blocks are 2 × 2: sum, slope right, slope down,
 * curvature.
 */
export function smoothH(
  values: Float64Array,
  height: number,
  width: number,
  stride: number,
  scale: number,
): void {
  const most = Math.floor(scale / 2);
  if (most <= 0) return;
  const below = 2 * stride;
  for (let y = 2; y < height - 2; y += 2) {
    for (let x = 0; x < width; x += 2) slope(values, y * stride + x, below, stride, most);
  }
  for (let y = 0; y < height; y += 2) {
    for (let x = 2; x < width - 2; x += 2) slope(values, y * stride + x, 2, 1, most);
  }
  for (let y = 2; y < height - 2; y += 2) {
    for (let x = 2; x < width - 2; x += 2) curvature(values, y * stride + x, stride, most);
  }
}

/** @param step to the next block; `to`: to the slope from the block's sum */
function slope(values: Float64Array, at: number, step: number, to: number, most: number): void {
  const [before, here, after] = [values[at - step]!, values[at]!, values[at + step]!];
  const highest = 4 * Math.max(Math.min(after - here, here - before), 0);
  const lowest = 4 * Math.min(Math.max(after - here, here - before), 0);
  if (lowest >= highest) return;
  nudge(values, at + to, bounded(after - before, lowest, highest), 8, most);
}

function curvature(values: Float64Array, at: number, stride: number, most: number): void {
  const below = 2 * stride;
  const here = values[at]!;
  // By position: m before, p after; first down, then right.
  const [mm, pm] = [values[at - below - 2]!, values[at + below - 2]!];
  const [mp, pp] = [values[at - below + 2]!, values[at + below + 2]!];
  const [down, right] = [2 * values[at + stride]!, 2 * values[at + 1]!];
  const highest =
    16 *
    Math.min(
      Math.max(pp - here, 0) - down - right,
      Math.max(here - pm, 0) + down - right,
      Math.max(here - mp, 0) - down + right,
      Math.max(mm - here, 0) + down + right,
    );
  const lowest =
    16 *
    Math.max(
      Math.min(pp - here, 0) - down - right,
      Math.min(here - pm, 0) + down - right,
      Math.min(here - mp, 0) - down + right,
      Math.min(mm - here, 0) + down + right,
    );
  if (lowest >= highest) return;
  nudge(values, at + stride + 1, bounded(pp + mm - mp - pm, lowest, highest), 64, most);
}

const bounded = (value: number, low: number, high: number) => Math.max(Math.min(value, high), low);

function nudge(values: Float64Array, at: number, wanted: number, weight: number, most: number): void {
  const change = Math.trunc((wanted - weight * values[at]!) / weight);
  values[at]! += bounded(change, -most, most);
}
