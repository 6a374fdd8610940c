import { degrees, radians, unsignedDegrees } from '../core/units.ts';

/** Right-handed Cartesian components; x towards longitude 0, z towards the pole. */
export type Vector = readonly [x: number, y: number, z: number];
/** Rows of a rotation. */
export type Matrix = readonly [Vector, Vector, Vector];

/** The unit vector of spherical degrees. */
export function unitVector(longitude: number, latitude: number): Vector {
  const across = Math.cos(radians(latitude));
  return [
    across * Math.cos(radians(longitude)),
    across * Math.sin(radians(longitude)),
    Math.sin(radians(latitude)),
  ];
}

/** Spherical degrees of a vector of any length; `atan2` keeps full precision at the poles. */
export function spherical([x, y, z]: Vector): { longitude: number; latitude: number } {
  return {
    longitude: unsignedDegrees(degrees(Math.atan2(y, x))),
    latitude: degrees(Math.atan2(z, Math.hypot(x, y))),
  };
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** `a + factor·b`. */
export const added = (a: Vector, b: Vector, factor = 1): Vector => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];

export const scaled = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];

export const rotated = (matrix: Matrix, v: Vector): Vector => [
  dot(matrix[0], v),
  dot(matrix[1], v),
  dot(matrix[2], v),
];

/** The inverse of a rotation. */
export const transposed = ([a, b, c]: Matrix): Matrix => [
  [a[0], b[0], c[0]],
  [a[1], b[1], c[1]],
  [a[2], b[2], c[2]],
];

/** Components after the axes turned about x by `angle` radians (the R₁ of the IERS Conventions). */
export function turnedAboutX([x, y, z]: Vector, angle: number): Vector {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [x, cos * y + sin * z, cos * z - sin * y];
}

/** Components after the axes turned about z by `angle` radians (R₃). */
export function turnedAboutZ([x, y, z]: Vector, angle: number): Vector {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [cos * x + sin * y, cos * y - sin * x, z];
}
