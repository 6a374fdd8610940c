import type { Spread } from '../../hil/sky/spread.ts';

/** Parts of a cell in which the light is counted, and the width of a ring, both per cell's side. */
const PARTS = 4;
const RINGS = 64;

/**
 * Radius about the star's place that holds half of its light, pixels, of the light as square pixels gather it: the
 * spread convolved with one pixel. (Told from the shape itself, never from a rendered image.)
 */
export function halfFluxRadius(spread: Spread): number {
  const { fine, side, sums } = spread;
  const at = (row: number, column: number) => {
    const [r, c] = [Math.min(side, Math.max(0, row)), Math.min(side, Math.max(0, column))];
    return sums[r * (side + 1) + c]!;
  };
  const rings = new Float64Array(Math.ceil(side * Math.SQRT1_2 * RINGS) + RINGS * fine * 2);
  const margin = Math.ceil(fine / 2);
  const middle = side / 2;
  for (let row = -margin; row < side + margin; row++) {
    for (let column = -margin; column < side + margin; column++) {
      const [top, left] = [row + 0.5 - fine / 2, column + 0.5 - fine / 2];
      const light = boxLight(at, top, left, fine);
      if (light <= 0) continue;
      for (let part = 0; part < PARTS * PARTS; part++) {
        const x = column + ((part % PARTS) + 0.5) / PARTS - middle;
        const y = row + (Math.floor(part / PARTS) + 0.5) / PARTS - middle;
        rings[Math.floor(Math.hypot(x, y) * RINGS)]! += light;
      }
    }
  }
  const half = rings.reduce((sum, ring) => sum + ring, 0) / 2;
  let inside = 0;
  for (let ring = 0; ring < rings.length; ring++) {
    if (inside + rings[ring]! >= half) return (ring + (half - inside) / rings[ring]!) / RINGS / fine;
    inside += rings[ring]!;
  }
  return Number.NaN;
}

/** The light on a square of `fine` cells whose corner may lie half a cell off the grid. */
function boxLight(
  at: (row: number, column: number) => number,
  top: number,
  left: number,
  fine: number,
): number {
  const corner = (y: number, x: number) => {
    const [row, column] = [Math.floor(y), Math.floor(x)];
    const [v, u] = [y - row, x - column];
    const upper = (1 - u) * at(row, column) + (u > 0 ? u * at(row, column + 1) : 0);
    if (v === 0) return upper;
    return (1 - v) * upper + v * ((1 - u) * at(row + 1, column) + (u > 0 ? u * at(row + 1, column + 1) : 0));
  };
  return (
    corner(top + fine, left + fine) - corner(top, left + fine) - corner(top + fine, left) + corner(top, left)
  );
}

/**
 * Shares of the light that the pixels around a star get, the star at the centre of the middle one; and the pixels
 * over which it is as good as spread when its flux is measured best (1 / Σ share²).
 */
export function pixelShares(spread: Spread): { peak: number; effectivePixels: number } {
  const { fine, side, sums } = spread;
  const reach = Math.ceil(side / 2 / fine);
  const at = (pixels: number) => Math.min(side, Math.max(0, Math.round((pixels - 0.5) * fine + side / 2)));
  let squares = 0;
  let peak = 0;
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const [top, bottom, left, right] = [at(row), at(row + 1), at(column), at(column + 1)];
      const corner = (r: number, c: number) => sums[r * (side + 1) + c]!;
      const share = corner(bottom, right) - corner(top, right) - corner(bottom, left) + corner(top, left);
      squares += share * share;
      peak = Math.max(peak, share);
    }
  }
  return { peak, effectivePixels: 1 / squares };
}
