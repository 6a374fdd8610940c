import { degrees, radians, unsignedDegrees } from '../core/units.ts';
import { separation } from '../sky/angle.ts';
import type { Direction } from '../sky/direction.ts';
import { dot, unitVector } from '../sky/vector.ts';
import { directionOf, liftedFrom, planeAt } from './plane.ts';

/**
 * Tangent-plane world coordinates with SIP distortion (FITS 4.0, section 8; Shupe et al. 2005, "The SIP Convention").
 * Pixels as in `imaging/stars/star.ts`: 0-based, centres at integers, y with the rows as stored.
 */
export interface Wcs {
  readonly width: number;
  readonly height: number;
  /** ICRS degrees of the reference point. */
  readonly ra: number;
  readonly dec: number;
  /** The reference point's pixel. */
  readonly x: number;
  readonly y: number;
  /** Degrees a pixel: [∂ξ/∂x, ∂ξ/∂y, ∂η/∂x, ∂η/∂y], ξ towards east, η towards north. */
  readonly cd: readonly [number, number, number, number];
  readonly sip?: Sip;
}

/** Polynomials in pixels from the reference point; a term's entry is [p, q, coefficient of u^p v^q]. */
export interface Sip {
  readonly order: number;
  readonly a: readonly SipTerm[];
  readonly b: readonly SipTerm[];
  /** The inverse. */
  readonly ap: readonly SipTerm[];
  readonly bp: readonly SipTerm[];
}

export type SipTerm = readonly [p: number, q: number, value: number];

/** The value of a polynomial. */
export function sumOf(terms: readonly SipTerm[], u: number, v: number): number {
  let sum = 0;
  for (const [p, q, value] of terms) sum += value * u ** p * v ** q;
  return sum;
}

export function pixelToSky(wcs: Wcs, x: number, y: number): Direction {
  const [u, v] = [x - wcs.x, y - wcs.y];
  const [f, g] = wcs.sip ? [u + sumOf(wcs.sip.a, u, v), v + sumOf(wcs.sip.b, u, v)] : [u, v];
  const [xi, eta] = [wcs.cd[0] * f + wcs.cd[1] * g, wcs.cd[2] * f + wcs.cd[3] * g];
  return directionOf(liftedFrom(planeAt(wcs), radians(xi), radians(eta)));
}

/** @returns undefined for what the tangent plane does not show: more than 90° from the reference point */
export function skyToPixel(wcs: Wcs, sky: Direction): { x: number; y: number } | undefined {
  const { east, north, centre } = planeAt(wcs);
  const star = unitVector(sky.ra, sky.dec);
  const depth = dot(star, centre);
  if (depth <= 0) return undefined;
  const [xi, eta] = [degrees(dot(star, east) / depth), degrees(dot(star, north) / depth)];
  const [a, b, c, d] = wcs.cd;
  const area = a * d - b * c;
  const [f, g] = [(d * xi - b * eta) / area, (a * eta - c * xi) / area];
  const [u, v] = wcs.sip ? undistorted(wcs.sip, f, g) : [f, g];
  return { x: wcs.x + u, y: wcs.y + v };
}

/** The inverse polynomial is good to a part of a pixel; a few turns of the exact one remove the rest. */
function undistorted({ a, b, ap, bp }: Sip, f: number, g: number): [number, number] {
  let [u, v] = [f + sumOf(ap, f, g), g + sumOf(bp, f, g)];
  for (let turn = 0; turn < 50; turn++) {
    const [du, dv] = [f - u - sumOf(a, u, v), g - v - sumOf(b, u, v)];
    u += du;
    v += dv;
    if (Math.abs(du) + Math.abs(dv) < 1e-9) break;
  }
  return [u, v];
}

/** What the coordinates say of the image as a whole. */
export interface FieldOfView {
  /** The image's centre, ICRS degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Arc-seconds a pixel at the centre. */
  readonly scale: number;
  /** Position angle of the image's up direction, degrees 0…360 from north through east, its first stored row on top. */
  readonly rotation: number;
  /** 1 as the sky is seen, −1 mirrored. */
  readonly parity: 1 | -1;
  /** Degrees. */
  readonly fieldWidth: number;
  readonly fieldHeight: number;
}

export function describe(wcs: Wcs): FieldOfView {
  const [x, y] = [(wcs.width - 1) / 2, (wcs.height - 1) / 2];
  const centre = pixelToSky(wcs, x, y);
  // One pixel to each side is enough for direction and size, and stays true where the field is distorted.
  const [right, down] = [
    offset(centre, pixelToSky(wcs, x + 1, y)),
    offset(centre, pixelToSky(wcs, x, y + 1)),
  ];
  const area = right[0] * down[1] - right[1] * down[0];
  const middleOf = (x1: number, y1: number, x2: number, y2: number) =>
    separation(pixelToSky(wcs, x1, y1), pixelToSky(wcs, x2, y2));
  return {
    ra: centre.ra,
    dec: centre.dec,
    scale: 3600 * Math.sqrt(Math.abs(area)),
    rotation: unsignedDegrees(degrees(Math.atan2(-down[0], -down[1]))),
    parity: area > 0 ? 1 : -1,
    fieldWidth: middleOf(-0.5, y, wcs.width - 0.5, y),
    fieldHeight: middleOf(x, -0.5, x, wcs.height - 0.5),
  };
}

/** Degrees towards east and north, on the plane at `from`. */
function offset(from: Direction, to: Direction): [number, number] {
  const { east, north, centre } = planeAt(from);
  const star = unitVector(to.ra, to.dec);
  const depth = dot(star, centre);
  return [degrees(dot(star, east) / depth), degrees(dot(star, north) / depth)];
}
