import { smoothH } from './h-smooth.ts';

/**
 * Undoes the H-transform in place: from the mean of the whole down to pixels, each 2 × 2 block from its sum and its three
 * differences. The packer dropped the low bits of these, which follow from each other; in two's complement, which
 * doubles stand for here (a floor for a mask), for values of 32-bit images do not fit into 32 bits.
 * @param smoothing the packer's scale where rounding is to be smoothed out, else 0
 */
export function invertH(values: Float64Array, rows: number, columns: number, smoothing: number): void {
  const depth = Math.ceil(Math.log2(Math.max(rows, columns)));
  if (depth === 0) return;
  const spare = new Float64Array(Math.max(rows, columns));
  // Weight of the lowest bit that a sum, a slope and a curvature have at this level.
  let bit = 2 ** (depth - 1);
  values[0] = rounded(values[0]!, 4 * bit);
  for (let level = depth - 1; level >= 0; level--, bit /= 2) {
    const height = Math.ceil(rows / 2 ** level);
    const width = Math.ceil(columns / 2 ** level);
    for (let y = 0; y < height; y++) interleave(values, y * columns, width, 1, spare);
    for (let x = 0; x < width; x++) interleave(values, x, height, columns, spare);
    if (smoothing > 0) smoothH(values, height, width, columns, smoothing);
    expand(values, { height, width, stride: columns }, bit, level === 0 ? 4 : 2);
  }
}

interface Area {
  height: number;
  width: number;
  stride: number;
}

function expand(values: Float64Array, { height, width, stride }: Area, bit: number, divisor: number): void {
  const put = (index: number, value: number) => {
    values[index] = Math.floor(value / divisor);
  };
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const at = y * stride + x;
      const below = at + stride;
      const sum = values[at]!;
      const hasBelow = y + 1 < height;
      const hasRight = x + 1 < width;
      if (hasBelow && hasRight) {
        const curve = rounded(values[below + 1]!, bit);
        const low = bitOf(curve, bit) * bit;
        const down = toward(rounded(values[below]!, 2 * bit), low);
        const right = toward(rounded(values[at + 1]!, 2 * bit), low);
        const parity = bitOf(curve, 2 * bit) ^ bitOf(down, 2 * bit) ^ bitOf(right, 2 * bit);
        const high = 2 * bit * parity;
        const mean = sum >= 0 ? sum + low - high : sum + (low === 0 ? high : low - high);
        put(below + 1, mean + down + right + curve);
        put(below, mean + down - right - curve);
        put(at + 1, mean - down + right - curve);
        put(at, mean - down - right + curve);
      } else if (hasBelow || hasRight) {
        const other = hasBelow ? below : at + 1;
        const slope = rounded(values[other]!, 2 * bit);
        const mean = toward(sum, 2 * bit * bitOf(slope, 2 * bit));
        put(other, mean + slope);
        put(at, mean - slope);
      } else put(at, sum);
    }
  }
}

/** To a multiple of `unit`, halves away from zero; below 2, as it is. */
function rounded(value: number, unit: number): number {
  if (unit <= 1) return value;
  return Math.floor((value + (value >= 0 ? unit / 2 : unit / 2 - 1)) / unit) * unit;
}

const toward = (value: number, by: number): number => (value >= 0 ? value - by : value + by);

/** The bit of weight `unit`, 0 or 1. */
function bitOf(value: number, unit: number): number {
  const quotient = Math.floor(value / unit);
  return quotient - 2 * Math.floor(quotient / 2);
}

/** Sums lie in the first half and differences in the second: one after the other again. */
function interleave(
  values: Float64Array,
  start: number,
  count: number,
  step: number,
  spare: Float64Array,
): void {
  const half = (count + 1) >> 1;
  for (let index = half; index < count; index++) spare[index - half] = values[start + index * step]!;
  for (let index = half - 1; index >= 0; index--)
    values[start + 2 * index * step] = values[start + index * step]!;
  for (let index = 0; index < count - half; index++) values[start + (2 * index + 1) * step] = spare[index]!;
}
