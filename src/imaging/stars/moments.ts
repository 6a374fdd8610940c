import type { Patch } from './measure.ts';

const STEPS = 12;
const CLOSE = 0.01;
const REACH = 3;

interface Sums {
  sum: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

/**
 * Moves the patch's star to its windowed centroid: weights of a Gaussian of that sigma, steps doubled as SExtractor's
 * XWIN does. A faint star's that runs away stays where it was. @returns false where there is no light
 */
export function centreOf(patch: Patch, sigma: number): boolean {
  const start = { x: patch.x, y: patch.y };
  const limit = Math.max(1.5, 1.7 * sigma);
  for (let step = 0; step < STEPS; step++) {
    const { sum, x, y } = weighed(patch, sigma);
    if (!(sum > 0)) return false;
    const [mx, my] = [(2 * x) / sum, (2 * y) / sum];
    patch.x += mx;
    patch.y += my;
    if (!((patch.x - start.x) ** 2 + (patch.y - start.y) ** 2 <= limit * limit)) {
      Object.assign(patch, start);
      return true;
    }
    if (mx * mx + my * my < CLOSE * CLOSE) return true;
  }
  return true;
}

/** @param blur variance that the pixels add */
export function shapeOf(
  patch: Patch,
  sigma: number,
  blur: number,
): { eccentricity: number; elongationDegrees: number } {
  const { sum, xx, yy, xy } = weighed(patch, sigma);
  const mean = (xx + yy) / 2 / sum;
  const apart = Math.hypot((xx - yy) / 2, xy) / sum;
  // The window's own narrowing undone for each axis: of Gaussians, inverse variances add.
  const window = 1 / (sigma * sigma);
  const widened = (variance: number) =>
    Math.max(0.02, 1 / Math.max(0.02 * window, 1 / Math.max(1e-6, variance) - window) - blur);
  const [major, minor] = [widened(mean + apart), widened(mean - apart)];
  const angle = (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI;
  return {
    eccentricity: Math.sqrt(Math.max(0, 1 - minor / major)),
    elongationDegrees: angle < 0 ? angle + 180 : angle,
  };
}

const columnWeights = new Float64Array(512);

function weighed({ side, pixels, x, y }: Patch, sigma: number): Sums {
  const reach = REACH * sigma + 0.5;
  const scale = -0.5 / (sigma * sigma);
  const [top, bottom] = [Math.max(0, Math.ceil(y - reach)), Math.min(side - 1, Math.floor(y + reach))];
  const [left, right] = [Math.max(0, Math.ceil(x - reach)), Math.min(side - 1, Math.floor(x + reach))];
  for (let column = left; column <= right; column++) {
    columnWeights[column - left] = Math.exp(scale * (column - x) ** 2);
  }
  const sums: Sums = { sum: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };
  for (let row = top; row <= bottom; row++) {
    const dy = row - y;
    let [s, sx, sxx] = [0, 0, 0];
    for (let column = left; column <= right; column++) {
      const value = pixels[row * side + column]!;
      if (Number.isNaN(value)) continue;
      const dx = column - x;
      const weighted = value * columnWeights[column - left]!;
      s += weighted;
      sx += weighted * dx;
      sxx += weighted * dx * dx;
    }
    const weight = Math.exp(scale * dy * dy);
    sums.sum += weight * s;
    sums.x += weight * sx;
    sums.y += weight * s * dy;
    sums.xx += weight * sxx;
    sums.yy += weight * s * dy * dy;
    sums.xy += weight * sx * dy;
  }
  return sums;
}
