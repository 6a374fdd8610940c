export interface Plot {
  points: readonly { x: number; y: number }[];
  low: number;
  high: number;
}

/** The least range that fills the height, as a share of the values: noise shall not look like a mountain. */
const LEAST_RANGE = 0.15;

/** Values side by side from left to right, the largest on top. */
export function plotted(values: readonly number[], width: number, height: number): Plot {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = Math.max(high - low, LEAST_RANGE * high) || 1;
  const middle = (low + high) / 2;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const points = values.map((value, index) => ({
    x: round(index * step),
    y: round(height * (0.5 - (value - middle) / range)),
  }));
  return { points, low, high };
}

const round = (value: number) => Math.round(value * 10) / 10;
