/**
 * The shape of four stars, free of place, size, turn and mirror: the widest pair A, B spans a frame in which the other
 * two, C and D, have four coordinates (Lang et al. 2010, "Astrometry.net", section 2.1; there the frame's diagonal, here
 * its x axis is the pair). A lies where C and D are nearer to it, C left of D, and C above the axis.
 */
export interface Quad {
  /** The points of the widest pair. */
  a: number;
  b: number;
  /** C lay below the axis: all was mirrored. */
  mirrored: boolean;
  /** x of C in 0…½, y of C in 0…√¾, x of D in 0…1, y of D in −√¾…√¾. */
  readonly code: Float64Array;
}

export const emptyQuad = (): Quad => ({ a: 0, b: 0, mirrored: false, code: new Float64Array(4) });

/** The most that y can be, for A and B are the widest pair. */
export const TALLEST = Math.sqrt(0.75);

/** The pairs of four, and who is left. */
const PAIRS = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
  [0, 3, 1, 2],
  [1, 2, 0, 3],
  [1, 3, 0, 2],
  [2, 3, 0, 1],
] as const;

/**
 * Describes the four points `which` of a plane.
 * @returns false when they all fall into one
 */
export function describeQuad(
  quad: Quad,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  which: ArrayLike<number>,
): boolean {
  let widest = 0;
  let pair: (typeof PAIRS)[number] = PAIRS[0];
  for (const candidate of PAIRS) {
    const [m, n] = [which[candidate[0]]!, which[candidate[1]]!];
    const length = (xs[m]! - xs[n]!) ** 2 + (ys[m]! - ys[n]!) ** 2;
    if (length > widest) {
      widest = length;
      pair = candidate;
    }
  }
  if (widest === 0) return false;
  const [a, b, c, d] = [which[pair[0]]!, which[pair[1]]!, which[pair[2]]!, which[pair[3]]!];
  const [alongX, alongY] = [(xs[b]! - xs[a]!) / widest, (ys[b]! - ys[a]!) / widest];
  const [cx, cy, dx, dy] = [xs[c]! - xs[a]!, ys[c]! - ys[a]!, xs[d]! - xs[a]!, ys[d]! - ys[a]!];
  let [x1, y1] = [cx * alongX + cy * alongY, cy * alongX - cx * alongY];
  let [x2, y2] = [dx * alongX + dy * alongY, dy * alongX - dx * alongY];
  const turned = x1 + x2 > 1;
  if (turned) [x1, y1, x2, y2] = [1 - x1, -y1, 1 - x2, -y2];
  if (x1 > x2) [x1, y1, x2, y2] = [x2, y2, x1, y1];
  const mirrored = y1 < 0;
  quad.a = turned ? b : a;
  quad.b = turned ? a : b;
  quad.mirrored = mirrored;
  quad.code[0] = x1;
  quad.code[1] = mirrored ? -y1 : y1;
  quad.code[2] = x2;
  quad.code[3] = mirrored ? -y2 : y2;
  return true;
}
