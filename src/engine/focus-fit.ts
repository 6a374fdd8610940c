import { type Curve, fitCurve, type Point, pointAt } from './focus-curve.ts';

/** The half-flux radius of the stars at one position of the focuser. */
export interface FocusSample {
  /** Steps; smaller is inward. */
  readonly position: number;
  /** Pixels; what is not positive (no stars were found) is an outlier. */
  readonly hfr: number;
}

export interface FocusFound {
  readonly found: true;
  /** Where the stars are smallest, steps, not rounded. */
  readonly best: number;
  /** How small they should be there, pixels. */
  readonly hfr: number;
  /** One standard deviation of `best`, steps. */
  readonly uncertainty: number;
  /** Positions whose sample lies so far off the curve that it was given no say. */
  readonly outliers: readonly number[];
  /**
   * (steepness outside − inside) ÷ their mean: beyond ± 0.2 something is wrong with the optics, or the focuser slips.
   * NaN where a side has too few samples.
   */
  readonly asymmetry: number;
  /** Where more samples would make it sure: fewer than three lie on that side. */
  readonly extend?: 'in' | 'out';
}

/** Why not, and what to do. */
export interface FocusUnclear {
  readonly found: false;
  readonly reason: 'few' | 'flat' | 'scattered' | 'outside';
  readonly message: string;
  /** The side on which the minimum must lie. */
  readonly extend?: 'in' | 'out';
  readonly outliers: readonly number[];
}

/** Of each side of the minimum, and so that a curve means something. */
const ENOUGH_ON_A_SIDE = 3;
const FEWEST = 5;
/** A curvature this many times its own error is one. */
const SIGNIFICANT = 4;

/**
 * The best focus of a V-curve. It is a hyperbola, so HFR² is a parabola of the position, and errors of HFR are a share of
 * it, so those of HFR² weigh 1 ÷ HFR⁴. The start is the parabola through three samples that half of all agree with best,
 * so that no outlier pulls it; from there Tukey's biweight.
 */
export function fitFocus(samples: readonly FocusSample[]): FocusFound | FocusUnclear {
  const usable = samples.filter(({ position, hfr }) => Number.isFinite(position) && hfr > 0 && hfr < 1e6);
  const lost = samples.filter((sample) => !usable.includes(sample)).map(({ position }) => position);
  const positions = usable.map(({ position }) => position);
  const low = Math.min(...positions);
  const high = Math.max(...positions);
  if (positions.length < FEWEST || new Set(positions).size < FEWEST) {
    const message = `${positions.length} positions show stars, ${FEWEST} are needed: take more`;
    return { found: false, reason: 'few', message, outliers: lost };
  }
  // Columns of one size: positions from −1 to 1.
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const points = usable.map(({ position, hfr }) => pointAt((position - middle) / half, hfr));
  const curve = fitCurve(points);
  const outliers = [...lost, ...positions.filter((_, index) => curve.weights[index] === 0)];
  const [level, slope, bend] = curve.fit.values;
  const falls = slope > 0 ? 'in' : 'out';
  const bendError = curve.spread * Math.sqrt(curve.fit.covariance[2][2]);
  if (Math.abs(bend) < SIGNIFICANT * bendError && Math.abs(slope) < SIGNIFICANT * slopeError(curve)) {
    return { found: false, ...(heightRatio(points) < 1.5 ? flat : scattered), outliers };
  }
  const vertex = -slope / (2 * bend);
  if (!(bend > SIGNIFICANT * bendError) || Math.abs(vertex) > 1) {
    const message = `the minimum lies ${falls === 'in' ? 'further in' : 'further out'} than the samples reach`;
    return { found: false, reason: 'outside', message, extend: falls, outliers };
  }
  const side = (sign: number) =>
    points.filter(({ x }, index) => curve.weights[index]! > 0 && sign * (x - vertex) > 0);
  const [inside, outside] = [side(-1), side(1)];
  const short = inside.length <= outside.length ? 'in' : 'out';
  return {
    found: true,
    best: middle + half * vertex,
    hfr: Math.sqrt(Math.max(0, level - bend * vertex * vertex)),
    uncertainty: half * vertexError(curve, vertex),
    outliers,
    asymmetry: asymmetryOf(inside, outside, vertex, level - bend * vertex * vertex),
    ...(Math.min(inside.length, outside.length) < ENOUGH_ON_A_SIDE && { extend: short }),
  };
}

const flat = {
  reason: 'flat',
  message: 'the stars hardly change over these positions: use larger steps',
} as const;
const scattered = {
  reason: 'scattered',
  message: 'the samples lie on no curve: look for clouds or a slipping focuser, and repeat',
} as const;

const heightRatio = (points: readonly Point[]): number =>
  Math.sqrt(Math.max(...points.map(({ y }) => y)) / Math.min(...points.map(({ y }) => y)));

const slopeError = ({ fit, spread }: Curve): number => spread * Math.sqrt(fit.covariance[1][1]);

/** Of −b ÷ 2c, by the derivatives by b and c. */
function vertexError({ fit, spread }: Curve, vertex: number): number {
  const [, [, bb, bc], [, , cc]] = fit.covariance;
  const bend = fit.values[2];
  const [byB, byC] = [-1 / (2 * bend), -vertex / bend];
  return spread * Math.sqrt(Math.max(0, byB * byB * bb + 2 * byB * byC * bc + byC * byC * cc));
}

/** Each side's own steepness √((HFR² − least) ÷ distance²), by least squares through the vertex. */
function asymmetryOf(inside: readonly Point[], outside: readonly Point[], vertex: number, least: number) {
  if (Math.min(inside.length, outside.length) < 2) return Number.NaN;
  const steepness = (points: readonly Point[]) => {
    let [above, squares] = [0, 0];
    for (const { x, y } of points) {
      const distance = (x - vertex) ** 2;
      above += ((y - least) * distance) / (y * y);
      squares += distance ** 2 / (y * y);
    }
    return Math.sqrt(Math.max(0, above / squares));
  };
  const [left, right] = [steepness(inside), steepness(outside)];
  return (2 * (right - left)) / (left + right);
}
