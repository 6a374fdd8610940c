/** Three numbers that belong together: a row of the design matrix, the unknowns, their variances. */
export type Three = readonly [number, number, number];

export interface LeastSquares {
  readonly values: Three;
  /** The inverse of the normal matrix: covariances of the values where weights are 1 ÷ variance. Rows. */
  readonly covariance: readonly [Three, Three, Three];
}

/**
 * Weighted least squares for three unknowns (a parabola, a circle on a sphere) by the normal equations and Cramer's rule:
 * exact for three rows. Undefined where they are singular; columns should be of about one size.
 */
export function leastSquares(
  rows: readonly Three[],
  values: readonly number[],
  weights: readonly number[],
): LeastSquares | undefined {
  let [aa, ab, ac, bb, bc, cc] = [0, 0, 0, 0, 0, 0];
  let [ra, rb, rc] = [0, 0, 0];
  for (let index = 0; index < rows.length; index++) {
    const [a, b, c] = rows[index]!;
    const weight = weights[index]!;
    const value = values[index]! * weight;
    aa += weight * a * a;
    ab += weight * a * b;
    ac += weight * a * c;
    bb += weight * b * b;
    bc += weight * b * c;
    cc += weight * c * c;
    ra += value * a;
    rb += value * b;
    rc += value * c;
  }
  const [iaa, iab, iac] = [bb * cc - bc * bc, ac * bc - ab * cc, ab * bc - ac * bb];
  const determinant = aa * iaa + ab * iab + ac * iac;
  if (!(Math.abs(determinant) > 1e-12 * aa * bb * cc)) return undefined;
  const [ibb, ibc, icc] = [aa * cc - ac * ac, ab * ac - aa * bc, aa * bb - ab * ab];
  const row = (a: number, b: number, c: number): Three => [a / determinant, b / determinant, c / determinant];
  const covariance = [row(iaa, iab, iac), row(iab, ibb, ibc), row(iac, ibc, icc)] as const;
  const times = ([a, b, c]: Three) => a * ra + b * rb + c * rc;
  return { values: [times(covariance[0]), times(covariance[1]), times(covariance[2])], covariance };
}
