import { degrees } from '../core/units.ts';
import type { Vector } from '../sky/vector.ts';
import type { ImageStars } from './image-stars.ts';
import { fitted, type Mapping, type Model, polynomial } from './model.ts';
import { directionOf, liftedFrom, type Plane, planeAround, unitOf } from './plane.ts';
import type { SipTerm, Wcs } from './wcs.ts';

/** Pairs of an image star (from the centre, in half diagonals) and the direction it shows. */
export interface Pairs {
  readonly image: readonly number[];
  readonly vectors: readonly Vector[];
}

/**
 * The coordinates that carry the image stars to their directions, their reference point at the image's centre. Terms
 * beyond the linear ones become SIP's.
 * @returns undefined where the pairs do not fix them
 */
export function wcsOf(image: ImageStars, pairs: Pairs, model: Model, start: Plane): Wcs | undefined {
  let plane = start;
  for (let turn = 0; turn < 12; turn++) {
    const map = fitted(model, pairs.image, onPlane(plane, pairs.vectors));
    if (!map) return undefined;
    const [x, y] = [map.toX[0]!, map.toY[0]!];
    // A part in 10¹³ of a radian: the reference point is the centre.
    if (Math.hypot(x, y) < 1e-13 || turn === 11) return assembled(image, plane, map);
    plane = planeAround(unitOf(liftedFrom(plane, x, y)));
  }
  return undefined;
}

function onPlane({ east, north, centre }: Plane, vectors: readonly Vector[]): number[] {
  return vectors.flatMap(([x, y, z]) => {
    const depth = x * centre[0] + y * centre[1] + z * centre[2];
    return [
      (x * east[0] + y * east[1] + z * east[2]) / depth,
      (x * north[0] + y * north[1] + z * north[2]) / depth,
    ];
  });
}

function assembled(image: ImageStars, plane: Plane, map: Mapping): Wcs {
  const { width, height, half } = image;
  const { ra, dec } = directionOf(plane.centre);
  // The first three terms are the constant, x and y.
  const [a, b, c, d] = [map.toX[1]!, map.toX[2]!, map.toY[1]!, map.toY[2]!];
  const cd = [a, b, c, d].map((slope) => degrees(slope) / half) as [number, number, number, number];
  const wcs = { width, height, ra, dec, x: (width - 1) / 2, y: (height - 1) / 2, cd };
  const area = a * d - b * c;
  const [f, g]: [SipTerm[], SipTerm[]] = [[], []];
  for (let n = 3; n < map.model.terms; n++) {
    const [xi, eta] = [map.toX[n]!, map.toY[n]!];
    for (const [p, q, factor] of map.model.powers[n]!) {
      const unit = factor * half ** (1 - p - q);
      f.push([p, q, ((d * xi - b * eta) / area) * unit]);
      g.push([p, q, ((a * eta - c * xi) / area) * unit]);
    }
  }
  if (f.length === 0) return wcs;
  const order = Math.max(...f.map(([p, q]) => p + q));
  return { ...wcs, sip: { order, a: f, b: g, ...inverse(image, [f, g], order) } };
}

/** A polynomial's inverse is none: a higher order comes near enough to it. */
const HIGHEST = 5;

/** SIP's inverse polynomials, fitted on a grid over the image and a little beyond: linear terms are theirs too. */
function inverse(image: ImageStars, [a, b]: [SipTerm[], SipTerm[]], order: number) {
  const { width, height, half } = image;
  const [from, to]: [number[], number[]] = [[], []];
  const STEPS = 12;
  for (let row = 0; row <= STEPS; row++) {
    for (let column = 0; column <= STEPS; column++) {
      const [u, v] = [(column / STEPS - 0.5) * width, (row / STEPS - 0.5) * height];
      const [f, g] = [u + sum(a, u, v), v + sum(b, u, v)];
      from.push(f / half, g / half);
      to.push((u - f) / half, (v - g) / half);
    }
  }
  const model = polynomial(Math.min(HIGHEST, order + 2));
  const map = fitted(model, from, to);
  const terms = (values: Float64Array | undefined): SipTerm[] =>
    [...(values ?? [])].map((value, n) => {
      const [p, q] = model.powers[n]![0]!;
      return [p, q, value * half ** (1 - p - q)] as const;
    });
  return { ap: terms(map?.toX), bp: terms(map?.toY) };
}

const sum = (terms: readonly SipTerm[], u: number, v: number): number =>
  terms.reduce((total, [p, q, value]) => total + value * u ** p * v ** q, 0);
