import type { Spread } from './spread.ts';

/** An image under way: light in electrons, first row on top. */
export interface Canvas {
  width: number;
  height: number;
  light: Float32Array;
}

/** Adds a star at a place in the canvas's pixels (centres at .5). */
export function addStar(canvas: Canvas, spread: Spread, x: number, y: number, electrons: number): void {
  const { fine, side, sums } = spread;
  const reach = side / 2 / fine;
  const left = Math.max(0, Math.floor(x - reach));
  const right = Math.min(canvas.width, Math.ceil(x + reach));
  const top = Math.max(0, Math.floor(y - reach));
  const bottom = Math.min(canvas.height, Math.ceil(y + reach));
  if (left >= right || top >= bottom) return;
  let above = new Float64Array(right - left + 1);
  let below = new Float64Array(right - left + 1);
  const readLine = (edge: number, into: Float64Array) => {
    const v = Math.min(side, Math.max(0, (edge - y) * fine + side / 2));
    const row = Math.min(side - 1, Math.floor(v));
    const part = v - row;
    for (let column = left; column <= right; column++) {
      const u = Math.min(side, Math.max(0, (column - x) * fine + side / 2));
      const cell = Math.min(side - 1, Math.floor(u));
      const at = row * (side + 1) + cell;
      const share = u - cell;
      const upper = sums[at]! + share * (sums[at + 1]! - sums[at]!);
      const lower = sums[at + side + 1]! + share * (sums[at + side + 2]! - sums[at + side + 1]!);
      into[column - left] = upper + part * (lower - upper);
    }
  };
  readLine(top, above);
  for (let row = top; row < bottom; row++) {
    readLine(row + 1, below);
    for (let column = left; column < right; column++) {
      const i = column - left;
      canvas.light[row * canvas.width + column]! +=
        electrons * (below[i + 1]! - below[i]! - above[i + 1]! + above[i]!);
    }
    [above, below] = [below, above];
  }
}
