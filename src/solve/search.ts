import { radians } from '../core/units.ts';
import { unitVector, type Vector } from '../sky/vector.ts';
import type { ImageStars } from './image-stars.ts';
import { planeAround, unitOf } from './plane.ts';
import { describeQuad, emptyQuad, type Quad } from './quad.ts';
import { type QuadIndex, similarQuads } from './quad-index.ts';
import type { SolveHints } from './solution.ts';
import { type Trial, trialBy } from './trial.ts';
import { type Verified, verify } from './verify.ts';

/** How quads are compared. */
export interface Pass {
  /** Image stars that quads are made of, the brightest. */
  readonly stars: number;
  /** Of each, so many of the nearest make quads with it, by threes. */
  readonly neighbours: number;
  /** Of the widest pair's length: what lens and catalogue may do to a code. */
  readonly tolerance: number;
  /** The most that this and the error of centres may make together: smaller quads tell little. */
  readonly loosest: number;
  /** Half the diagonal that a wide lens is supposed to show, degrees: quads are taken from the sphere. Absent: flat. */
  readonly halfField?: number;
}

/** How far the centre of a star may be off, pixels. */
const CENTROID = 0.6;
/** A star's neighbours are sought among those not much fainter: a camera sees other colours than the catalogue. */
const FAINTER = 1.25;
/** Half the diagonal of anything that is a picture of the sky, degrees. */
const NARROWEST = 0.02;
const WIDEST = 55;
/** Beyond this the quads of the plane are no longer those of the sky. */
const WIDEST_FLAT = 42;
/** By how much a scale that is stated as certain may yet be off, and half fields that one supposed stands for. */
const SLACK = 0.97;
const STEP = 1.28;

export interface Search {
  /** log10 of the chance that a solution must fall below. */
  readonly gate: number;
  readonly check: () => void;
}

/**
 * Compares quads of the image with those of an index, the brightest first, until one of them places the image so that
 * the other stars agree.
 */
export function searchQuads(
  image: ImageStars,
  index: QuadIndex,
  hints: SolveHints,
  pass: Pass,
  { gate, check }: Search,
): Verified | undefined {
  const count = Math.min(image.count, pass.stars);
  const sphere = pass.halfField === undefined ? undefined : onSphere(image, count, pass.halfField);
  const [quad, flat] = [emptyQuad(), emptyQuad()];
  const [p, q] = [new Float64Array(3), new Float64Array(3)];
  const bounds = boundsOf(image, hints, pass);
  const suits = suiting(hints);
  let solved: Verified | undefined;
  for (let star = 3; star < count && !solved; star++) {
    check();
    const among = Math.min(count, Math.ceil(star * FAINTER) + 3);
    for (const which of quadsOf(star, nearest(image, star, among, pass.neighbours))) {
      if (!describeQuad(flat, image.us, image.vs, which)) continue;
      let seen = flat;
      if (sphere) {
        const [xs, ys] = sphere.around(which);
        // What looks the same on the plane was looked up before.
        if (!describeQuad(quad, xs, ys, which) || sameCode(quad, flat)) continue;
        seen = quad;
      }
      const { a, b, mirrored } = seen;
      const length = Math.hypot(image.us[a]! - image.us[b]!, image.vs[a]! - image.vs[b]!);
      const tolerance = Math.min(pass.loosest, pass.tolerance + CENTROID / length);
      const size = image.half / (sphere ? sphere.apart(a, b) * sphere.focal : length);
      similarQuads(index, seen, tolerance, (starA, starB, other) => {
        if (solved) return;
        index.stars.vector(starA, p);
        index.stars.vector(starB, q);
        const guess = size * Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!);
        if (guess < 0.8 * bounds.low || guess > 1.25 * bounds.high) return;
        const trial = trialBy(image, [a, b], [vectorOf(p), vectorOf(q)], mirrored !== other);
        if (!trial || trial.size < bounds.low || trial.size > bounds.high || !suits(trial)) return;
        const verified = verify(image, index.stars, trial);
        if (verified && verified.logChance < gate) solved = verified;
      });
      if (solved) break;
    }
  }
  return solved;
}

/** Nearer than this the quads of a wide lens are those of the plane. */
const SAME = 0.003;

const sameCode = (a: Quad, b: Quad): boolean =>
  a.a === b.a &&
  a.b === b.b &&
  a.mirrored === b.mirrored &&
  a.code.every((value, n) => Math.abs(value - b.code[n]!) < SAME);

const vectorOf = (three: Float64Array): Vector => [three[0]!, three[1]!, three[2]!];

/** The star with every three of its neighbours. */
function* quadsOf(star: number, near: readonly number[]): Generator<Uint32Array> {
  const which = new Uint32Array(4);
  which[0] = star;
  for (let k = 2; k < near.length; k++) {
    for (let j = 1; j < k; j++) {
      for (let i = 0; i < j; i++) {
        which[1] = near[i]!;
        which[2] = near[j]!;
        which[3] = near[k]!;
        yield which;
      }
    }
  }
}

/** The nearest of the stars up to a rank. */
function nearest({ us, vs }: ImageStars, star: number, among: number, wanted: number): number[] {
  const found: { other: number; distance: number }[] = [];
  for (let other = 0; other < among; other++) {
    if (other === star) continue;
    const distance = (us[other]! - us[star]!) ** 2 + (vs[other]! - vs[star]!) ** 2;
    if (found.length === wanted && distance >= found[wanted - 1]!.distance) continue;
    let at = found.length;
    while (at > 0 && found[at - 1]!.distance > distance) at--;
    found.splice(at, 0, { other, distance });
    if (found.length > wanted) found.pop();
  }
  return found.map(({ other }) => other);
}

/** How large half the field may be by what is known: its tangent. */
function boundsOf(
  image: ImageStars,
  { scale }: SolveHints,
  { halfField }: Pass,
): { low: number; high: number } {
  const supposed = halfField && Math.tan(radians(halfField));
  const known = (arcseconds: number) => radians(arcseconds / 3600) * image.half;
  return {
    low: Math.max(
      Math.tan(radians(NARROWEST)),
      scale ? SLACK * known(scale.low) : 0,
      supposed ? supposed / STEP : 0,
    ),
    high: Math.min(
      Math.tan(radians(supposed ? WIDEST : WIDEST_FLAT)),
      scale ? known(scale.high) / SLACK : Number.POSITIVE_INFINITY,
      supposed ? supposed * STEP : Number.POSITIVE_INFINITY,
    ),
  };
}

/** Whether a trial lies where the image is said to. */
function suiting({ near }: SolveHints): (trial: Trial) => boolean {
  if (!near) return () => true;
  const centre = unitVector(near.centre.ra, near.centre.dec);
  return ({
    size,
    plane: {
      centre: [x, y, z],
    },
  }) => {
    const reach = Math.min(Math.PI, radians(near.radiusDegrees) + 0.1 * Math.atan(size));
    return Math.hypot(x - centre[0], y - centre[1], z - centre[2]) <= 2 * Math.sin(reach / 2);
  };
}

/** The image's stars as a lens of that field sees them, flattened around any four of them. */
function onSphere(image: ImageStars, count: number, halfField: number) {
  const focal = image.half / Math.tan(radians(halfField));
  const vectors = Array.from({ length: count }, (_, i) => unitOf([image.us[i]!, image.vs[i]!, focal]));
  const [xs, ys] = [new Float64Array(count), new Float64Array(count)];
  return {
    focal,
    /** The chord between two. */
    apart: (a: number, b: number): number =>
      Math.hypot(...vectors[a]!.map((value, axis) => value - vectors[b]![axis]!)),
    around(which: Uint32Array): [Float64Array, Float64Array] {
      let sum: Vector = [0, 0, 0];
      for (const i of which)
        sum = [sum[0] + vectors[i]![0], sum[1] + vectors[i]![1], sum[2] + vectors[i]![2]];
      const plane = planeAround(unitOf(sum));
      for (const i of which) {
        const [x, y, z] = vectors[i]!;
        const depth = x * plane.centre[0] + y * plane.centre[1] + z * plane.centre[2];
        xs[i] = (x * plane.east[0] + y * plane.east[1] + z * plane.east[2]) / depth;
        ys[i] = (x * plane.north[0] + y * plane.north[1] + z * plane.north[2]) / depth;
      }
      return [xs, ys];
    },
  };
}
