import type { Vector } from '../sky/vector.ts';
import { logChanceOf } from './chance.ts';
import { type ImageStars, MOST_IMAGE_STARS } from './image-stars.ts';
import { linear, type Mapping, mapped } from './model.ts';
import { liftedFrom, type Plane, planeAround, unitOf } from './plane.ts';

/**
 * A supposition of where the image lies. On the sky: the plane that touches it at the image's centre, in units of
 * `size`; on the image: from its centre, in units of half its diagonal.
 */
export interface Trial {
  readonly plane: Plane;
  /** Half the diagonal on the plane: the tangent of half the field. */
  readonly size: number;
  /** From the sky to the image. */
  readonly map: Mapping;
}

/** Places the image by two of its stars. @param mirrored the image shows the sky as in a mirror */
export function trialBy(
  image: ImageStars,
  [i, j]: readonly [number, number],
  [p, q]: readonly [Vector, Vector],
  mirrored: boolean,
): Trial | undefined {
  const side = mirrored ? -1 : 1;
  const [u1, v1] = [image.us[i]! / image.half, (side * image.vs[i]!) / image.half];
  const [u2, v2] = [image.us[j]! / image.half, (side * image.vs[j]!) / image.half];
  const [du, dv] = [u2 - u1, v2 - v1];
  const length = du * du + dv * dv;
  let plane = planeAround(unitOf([p[0] + q[0], p[1] + q[1], p[2] + q[2]]));
  // From the middle of the two to the image's centre, and again from there: in a wide field a plane elsewhere is another.
  for (let turn = 0; ; turn++) {
    const [x1, y1, depth1] = onPlane(plane, p);
    const [x2, y2, depth2] = onPlane(plane, q);
    if (depth1 < 0.1 || depth2 < 0.1) return undefined;
    // The complex number by which the image is turned and stretched.
    const re = ((x2 - x1) * du + (y2 - y1) * dv) / length;
    const im = ((y2 - y1) * du - (x2 - x1) * dv) / length;
    const [cx, cy] = [x1 - (re * u1 - im * v1), y1 - (im * u1 + re * v1)];
    const size = Math.hypot(re, im);
    if (turn === 5 || Math.hypot(cx, cy) < 1e-3 * size) {
      const [c, s] = [re / size, im / size];
      const [ox, oy] = [cx / size, cy / size];
      return {
        plane,
        size,
        map: {
          model: linear,
          toX: Float64Array.of(-(c * ox + s * oy), c, s),
          toY: Float64Array.of(-side * (c * oy - s * ox), -side * s, side * c),
        },
      };
    }
    if (Math.hypot(cx, cy) > 3) return undefined;
    plane = planeAround(unitOf(liftedFrom(plane, cx, cy)));
  }
}

function onPlane({ east, north, centre }: Plane, [x, y, z]: Vector): [number, number, number] {
  const depth = x * centre[0] + y * centre[1] + z * centre[2];
  return [
    (x * east[0] + y * east[1] + z * east[2]) / depth,
    (x * north[0] + y * north[1] + z * north[2]) / depth,
    depth,
  ];
}

/** Catalogue stars on the plane of a trial, x and y each, in units of its size; those behind it are left out. */
export function laidOut(
  { plane, size }: Trial,
  vectors: Float64Array,
  count: number,
  into = new Float64Array(2 * count),
): Float64Array {
  const { east, north, centre } = plane;
  let length = 0;
  for (let at = 0; at < 3 * count; at += 3) {
    const [x, y, z] = [vectors[at]!, vectors[at + 1]!, vectors[at + 2]!];
    const depth = (x * centre[0] + y * centre[1] + z * centre[2]) * size;
    if (depth <= 0) continue;
    into[length++] = (x * east[0] + y * east[1] + z * east[2]) / depth;
    into[length++] = (x * north[0] + y * north[1] + z * north[2]) / depth;
  }
  return into.subarray(0, length);
}

/** Catalogue stars that fall on image stars. */
export interface Agreement {
  /** Of the catalogue, as laid out, and of the image: x and y each, pair by pair. */
  readonly sky: number[];
  readonly image: number[];
  /** Catalogue stars within the image. */
  readonly inside: number;
  /** How many agreements stars at random would show. */
  readonly expected: number;
  /** Root mean square of the distances, pixels. */
  readonly rms: number;
  /** Pixels within which stars agree. */
  readonly radius: number;
}

const point = new Float64Array(2);
/** By image star: where its catalogue star lies among those laid out, and the square of their distance. */
const partners = new Int32Array(MOST_IMAGE_STARS);
const distances = new Float64Array(MOST_IMAGE_STARS);

/**
 * @param sky as laid out
 * @param radius pixels within which a pair agrees
 * @param most image stars looked at, the brightest
 * @param shift pixels by which all catalogue stars are moved: shows what chance would do
 */
export function agreement(
  image: ImageStars,
  map: Mapping,
  sky: Float64Array,
  radius: number,
  most = image.count,
  shift: readonly [number, number] = [0, 0],
): Agreement {
  const { half, us, vs } = image;
  partners.fill(-1, 0, image.count);
  let inside = 0;
  for (let at = 0; at < sky.length; at += 2) {
    mapped(map, sky[at]!, sky[at + 1]!, point);
    const [u, v] = [point[0]! * half + shift[0], point[1]! * half + shift[1]];
    if (!image.contains(u, v)) continue;
    inside++;
    const star = image.nearest(u, v, radius, most);
    if (star < 0) continue;
    const distance = (us[star]! - u) ** 2 + (vs[star]! - v) ** 2;
    if (partners[star]! >= 0 && distance >= distances[star]!) continue;
    partners[star] = at;
    distances[star] = distance;
  }
  const pairs = { sky: [] as number[], image: [] as number[] };
  let sum = 0;
  for (let star = 0; star < image.count; star++) {
    const at = partners[star]!;
    if (at < 0) continue;
    pairs.sky.push(sky[at]!, sky[at + 1]!);
    pairs.image.push(us[star]! / half, vs[star]! / half);
    sum += distances[star]!;
  }
  const crowd = (Math.min(most, image.count) * Math.PI * radius * radius) / (image.width * image.height);
  return {
    ...pairs,
    inside,
    expected: inside * Math.min(1, crowd),
    rms: Math.sqrt(sum / Math.max(1, pairs.sky.length / 2)),
    radius,
  };
}

/**
 * log10 of the probability of such an agreement by chance. As many pairs as a linear map can be made to fit, and the
 * one more that a quad has, prove nothing.
 */
export const chanceOf = (found: Agreement, expected = found.expected): number =>
  logChanceOf(found.sky.length / 2 - FREE, expected);

const FREE = 4;
