import { degrees, unsignedDegrees } from '../core/units.ts';
import type { Apparent, Direction } from './direction.ts';
import { added, cross, dot, scaled, spherical, unitVector, type Vector } from './vector.ts';

const vectorOf = ({ ra, dec }: Direction | Apparent): Vector => unitVector(ra, dec);

/** Unit vectors towards east and north on the sky; at a pole, those that its right ascension implies. */
function tangents(at: Direction | Apparent): { east: Vector; north: Vector } {
  const east = unitVector(at.ra + 90, 0);
  return { east, north: cross(vectorOf(at), east) };
}

/** Degrees 0…180 between two directions of the same kind; exact down to zero and up to 180. */
export function separation<Kind extends Direction | Apparent>(a: Kind, b: NoInfer<Kind>): number {
  const normal = cross(vectorOf(a), vectorOf(b));
  return degrees(Math.atan2(Math.hypot(...normal), dot(vectorOf(a), vectorOf(b))));
}

/** The direction of `to` as seen at `from`: degrees 0…360 from north through east. */
export function positionAngle<Kind extends Direction | Apparent>(from: Kind, to: NoInfer<Kind>): number {
  const { east, north } = tangents(from);
  return unsignedDegrees(degrees(Math.atan2(dot(east, vectorOf(to)), dot(north, vectorOf(to)))));
}

/** Where the great circle that leaves `from` at `angle` (from north through east) arrives after `distance` degrees. */
export function offset(from: Direction, angle: number, distance: number): Direction {
  const { east, north } = tangents(from);
  const [towardsNorth, towardsEast] = unitVector(angle, 0);
  const heading = added(scaled(north, towardsNorth), east, towardsEast);
  const [ahead, sideways] = unitVector(distance, 0);
  const { longitude, latitude } = spherical(added(scaled(vectorOf(from), ahead), heading, sideways));
  return { ra: longitude, dec: latitude };
}
