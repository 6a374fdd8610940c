import type { Direction } from '../sky/direction.ts';
import { cross, spherical, unitVector, type Vector } from '../sky/vector.ts';

/** The plane that touches the sky at a point: ξ towards east, η towards north, in radians (Calabretta & Greisen 2002). */
export interface Plane {
  readonly east: Vector;
  readonly north: Vector;
  readonly centre: Vector;
}

export const planeAt = (sky: Direction): Plane => planeAround(unitVector(sky.ra, sky.dec));

/** At a pole east is where it is on the meridian of right ascension 0. */
export function planeAround(centre: Vector): Plane {
  const across = Math.hypot(centre[0], centre[1]);
  const east: Vector = across < 1e-15 ? [0, 1, 0] : [-centre[1] / across, centre[0] / across, 0];
  return { east, north: cross(centre, east), centre };
}

export const directionOf = (vector: Vector): Direction => {
  const { longitude, latitude } = spherical(vector);
  return { ra: longitude, dec: latitude };
};

/** The direction of a point of the plane, of any length. */
export const liftedFrom = ({ east, north, centre }: Plane, xi: number, eta: number): Vector => [
  centre[0] + xi * east[0] + eta * north[0],
  centre[1] + xi * east[1] + eta * north[1],
  centre[2] + xi * east[2] + eta * north[2],
];

export const unitOf = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};
