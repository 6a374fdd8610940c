/** A turn by `atan2(b, a)`, a scaling by `√(a² + b²)` and a shift: (x, y) → (ax − by + dx, bx + ay + dy). Pixels. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const moved = ({ a, b, dx, dy }: Similarity, { x, y }: Point): Point => ({
  x: a * x - b * y + dx,
  y: b * x + a * y + dy,
});

export function inverse({ a, b, dx, dy }: Similarity): Similarity {
  const square = a * a + b * b;
  const [c, s] = [a / square, -b / square];
  return { a: c, b: s, dx: -(c * dx - s * dy), dy: -(s * dx + c * dy) };
}

/** The one that takes `from` nearest to `to`, weighted least squares in closed form. At least two points that differ. */
export function fitSimilarity(
  from: readonly Point[],
  to: readonly Point[],
  weights: readonly number[],
): Similarity {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = (points: readonly Point[], along: 'x' | 'y') =>
    points.reduce((sum, point, index) => sum + weights[index]! * point[along], 0) / total;
  const [fx, fy, tx, ty] = [centre(from, 'x'), centre(from, 'y'), centre(to, 'x'), centre(to, 'y')];
  let [along, across, squares] = [0, 0, 0];
  from.forEach(({ x, y }, index) => {
    const weight = weights[index]!;
    const [u, v] = [x - fx, y - fy];
    const [p, q] = [to[index]!.x - tx, to[index]!.y - ty];
    along += weight * (u * p + v * q);
    across += weight * (u * q - v * p);
    squares += weight * (u * u + v * v);
  });
  const [a, b] = [along / squares, across / squares];
  return { a, b, dx: tx - (a * fx - b * fy), dy: ty - (b * fx + a * fy) };
}

/**
 * The same between images of which one pixel is `factor` × `factor` of these: the centre of the first of them lies at
 * (factor − 1) ÷ 2.
 */
export function reducedBy({ a, b, dx, dy }: Similarity, factor: number): Similarity {
  const centre = (factor - 1) / 2;
  const [x, y] = [a * centre - b * centre + dx - centre, b * centre + a * centre + dy - centre];
  return { a, b, dx: x / factor, dy: y / factor };
}
