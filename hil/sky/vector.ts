import { degrees, modulo, radians } from '../../src/core/units.ts';
import type { Place } from './geometry.ts';

export type Vector = readonly [number, number, number];
/** Rows. */
export type Matrix = readonly [Vector, Vector, Vector];

export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const unit = (a: Vector): Vector => scaled(a, 1 / Math.hypot(a[0], a[1], a[2]));
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const apply = (m: Matrix, v: Vector): Vector => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];

/** By the transpose, which inverts a rotation. */
export const applyInverse = (m: Matrix, v: Vector): Vector =>
  plus(plus(scaled(m[0], v[0]), scaled(m[1], v[1])), scaled(m[2], v[2]));

export function times(a: Matrix, b: Matrix): Matrix {
  const row = (r: Vector): Vector => applyInverse(b, r);
  return [row(a[0]), row(a[1]), row(a[2])];
}

/** Rotation of the axes about x by radians (R1 of the Explanatory Supplement). */
export function aboutX(angle: number): Matrix {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
}

/** Rotation of the axes about z by radians (R3). */
export function aboutZ(angle: number): Matrix {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
}

export function fromPlace({ ra, dec }: Place): Vector {
  const [a, d] = [radians(ra), radians(dec)];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}

export const toPlace = (v: Vector): Place => ({
  ra: modulo(degrees(Math.atan2(v[1], v[0])), 360),
  dec: degrees(Math.atan2(v[2], Math.hypot(v[0], v[1]))),
});

/** Degrees between two unit vectors, exact also where they almost agree. */
export const separation = (a: Vector, b: Vector): number =>
  degrees(Math.atan2(Math.hypot(...cross(a, b)), dot(a, b)));
