/**
 * Normal numbers by table: 65536 quantiles, drawn by a hash of pixel and frame. A pixel's noise depends on nothing
 * else, so that a region of interest is the crop of the whole frame.
 */
const quantiles = Float32Array.from({ length: 65536 }, (_, i) => inverseNormal((i + 0.5) / 65536));

/** The `x`-th normal number of a row; unit variance. */
export function normalAt(rowKey: number, x: number): number {
  let h = Math.imul(x ^ rowKey, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return quantiles[(h ^ (h >>> 13)) & 0xffff]!;
}

/** Acklam's rational approximation (2003), relative error 1e-9. */
function inverseNormal(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const polynomial = (coefficients: readonly number[], x: number) =>
    coefficients.reduce((sum, k) => sum * x + k, 0);
  if (p > 0.5) return -inverseNormal(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(c, q) / polynomial(d, q);
  }
  const q = p - 0.5;
  return (polynomial(a, q * q) * q) / polynomial(b, q * q);
}
