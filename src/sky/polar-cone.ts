import { leastSquares } from '../core/least-squares.ts';
import { modulo } from '../core/units.ts';
import { added, cross, dot, scaled, unitVector, type Vector } from './vector.ts';

/** A circle of directions about an axis; radians. */
export interface Cone {
  /** Unit vector. */
  readonly axis: Vector;
  /** Standard deviations of the axis, towards +z and square to that. */
  readonly upError: number;
  readonly sidewaysError: number;
  /** Weighted rms of what the directions miss the circle by. */
  readonly residual: number;
  /** Three of the directions lie at least so far from each other about the axis. */
  readonly turn: number;
}

const ROUNDS = 6;

/**
 * The circle through three directions, or nearest to more. If the axis is to be tilted by (u, s), a direction that
 * stands at the angle φ about it comes nearer by u cos φ + s sin φ: least squares for u, s and the radius, repeated.
 * @param errors standard deviations of the directions
 * @param towards the side of the sphere on which the axis lies
 * @returns undefined where they fix no circle
 */
export function fitCone(
  directions: readonly Vector[],
  errors: readonly number[],
  towards: Vector,
): Cone | undefined {
  // The area enclosed, as a vector, is square to the plane of the circle.
  const area = directions.reduce<Vector>(
    (sum, v, index) => added(sum, cross(v, directions[(index + 1) % directions.length]!)),
    [0, 0, 0],
  );
  const size = Math.hypot(...area);
  if (!(size > 1e-9)) return undefined;
  let axis = scaled(area, (dot(area, towards) < 0 ? -1 : 1) / size);
  for (let round = 0; ; round++) {
    const { up, sideways } = tangentsAt(axis);
    const weights = errors.map((error) => 1 / Math.max(error, 1e-9) ** 2);
    const rows = directions.map((v): Vector => {
      const [along, across] = [dot(v, up), dot(v, sideways)];
      const sine = Math.hypot(along, across);
      return sine > 0 ? [along / sine, across / sine, 1] : [0, 0, 1];
    });
    const radii = directions.map((v) => Math.atan2(Math.hypot(...cross(axis, v)), dot(axis, v)));
    const solution = leastSquares(rows, radii, weights);
    if (!solution) return undefined;
    const [u, s, radius] = solution.values;
    if (round === ROUNDS) {
      const angles = rows.map(([along, across]) => Math.atan2(across, along));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const squares = radii.reduce((sum, r, index) => sum + weights[index]! * (r - radius) ** 2, 0);
      return {
        axis,
        upError: Math.sqrt(solution.covariance[0][0]),
        sidewaysError: Math.sqrt(solution.covariance[1][1]),
        residual: Math.sqrt(squares / total),
        turn: thirdGap(angles),
      };
    }
    const tilted = added(added(axis, up, u), sideways, s);
    axis = scaled(tilted, 1 / Math.hypot(...tilted));
  }
}

/** Unit vectors square to `axis`: towards +z, and towards a greater longitude. */
function tangentsAt(axis: Vector): { up: Vector; sideways: Vector } {
  const sine = Math.hypot(axis[0], axis[1]);
  const sideways: Vector = sine > 1e-12 ? [-axis[1] / sine, axis[0] / sine, 0] : unitVector(90, 0);
  return { up: cross(axis, sideways), sideways };
}

function thirdGap(angles: readonly number[]): number {
  const sorted = [...angles].sort((a, b) => a - b);
  const gaps = sorted.map((angle, index) =>
    modulo(sorted[(index + 1) % sorted.length]! - angle, 2 * Math.PI),
  );
  return gaps.sort((a, b) => b - a)[2] ?? 0;
}
