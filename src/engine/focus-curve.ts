import { type LeastSquares, leastSquares, type Three } from '../core/least-squares.ts';

/** Every triple of so many samples, spread over all, is tried: 9880 of them. */
const MOST_SEEDS = 40;
/** Tukey's constant: 95 % as good as least squares where there is no outlier. */
const TUKEY = 4.685;
const ROUNDS = 10;
const SMALLEST_SPREAD = 1e-3;
/** Of a normal scatter to the median of so few, for HFR² (Rousseeuw & Leroy 1987: 1.4826 (1 + 5 ÷ 6) for nine samples). */
const FACTOR = 5;
/** What the scatter of HFR² is taken for before it is seen, as if three samples had shown it: few may agree by luck. */
const USUAL_SPREAD = 0.06;
const USUAL_COUNT = 3;

export interface Point {
  readonly x: number;
  /** HFR². */
  readonly y: number;
  readonly row: Three;
}

export const pointAt = (x: number, hfr: number): Point => ({ x, y: hfr * hfr, row: [1, x, x * x] });

export interface Curve {
  readonly fit: LeastSquares;
  /** Biweights, 0…1. */
  readonly weights: readonly number[];
  /** Relative scatter of HFR² about the curve. */
  readonly spread: number;
}

/** Least squares weighted by 1 ÷ (HFR² of the curve)², and by how well each sample fits. */
export function fitCurve(points: readonly Point[]): Curve {
  const rows = points.map(({ row }) => row);
  const heights = points.map(({ y }) => y);
  const start = startOf(points);
  let values = start.values;
  // The scale stays that of the start: taken anew each round it shrinks until only a few samples are left.
  const scale = Math.max(start.spread, SMALLEST_SPREAD);
  for (let round = 0; ; round++) {
    const expected = points.map(({ row, y }) => Math.max(valueAt(values, row), y / 10));
    const misses = points.map(({ row, y }, index) => (y - valueAt(values, row)) / expected[index]!);
    const weights = misses.map((miss) => Math.max(0, 1 - (miss / (TUKEY * scale)) ** 2) ** 2);
    const fit = leastSquares(
      rows,
      heights,
      weights.map((weight, index) => weight / expected[index]! ** 2),
    );
    if (!fit) return { fit: plain(points), weights: points.map(() => 1), spread: 1 };
    values = fit.values;
    if (round === ROUNDS) return { fit, weights, spread: scatterOf(misses, weights) };
  }
}

/** Least median of squares (Rousseeuw 1984) over all triples that make an upright parabola. */
function startOf(points: readonly Point[]): { values: Three; spread: number } {
  const agreeing = (points.length >> 1) + 1;
  let [values, spread] = [plain(points).values, Number.POSITIVE_INFINITY];
  const ones = [1, 1, 1];
  const stride = Math.ceil(points.length / MOST_SEEDS);
  const seeds = points.filter((_, index) => index % stride === 0);
  for (let i = 0; i < seeds.length; i++) {
    for (let j = i + 1; j < seeds.length; j++) {
      for (let k = j + 1; k < seeds.length; k++) {
        const three = [seeds[i]!, seeds[j]!, seeds[k]!];
        const fit = leastSquares(
          three.map(({ row }) => row),
          three.map(({ y }) => y),
          ones,
        );
        if (!fit || fit.values[2] <= 0) continue;
        const misses = points.map(({ row, y }) =>
          Math.abs(Math.sqrt(Math.max(0, valueAt(fit.values, row)) / y) - 1),
        );
        const worst = misses.sort((a, b) => a - b)[agreeing]!;
        if (worst < spread) [values, spread] = [fit.values, worst];
      }
    }
  }
  return { values, spread: Number.isFinite(spread) ? FACTOR * spread : 1 };
}

function plain(points: readonly Point[]): LeastSquares {
  const fit = leastSquares(
    points.map(({ row }) => row),
    points.map(({ y }) => y),
    points.map(({ y }) => 1 / (y * y)),
  );
  return (
    fit ?? {
      values: [0, 0, 0],
      covariance: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    }
  );
}

const valueAt = ([a, b, c]: Three, [p, q, r]: Three): number => a * p + b * q + c * r;

/** Weighted rms, with the three that the curve took given back. */
function scatterOf(misses: readonly number[], weights: readonly number[]): number {
  const used = weights.filter((weight) => weight > 0).length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = misses.reduce((sum, miss, index) => sum + weights[index]! * miss * miss, 0);
  const seen = (squares / total) * used;
  return Math.sqrt((seen + USUAL_COUNT * USUAL_SPREAD ** 2) / (USUAL_COUNT + Math.max(0, used - 3)));
}
