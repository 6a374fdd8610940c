/** log10 of the probability of `least` or more events where `expected` come on average (Poisson). */
export function logChanceOf(least: number, expected: number): number {
  if (least <= expected || least <= 0) return 0;
  if (expected <= 0) return Number.NEGATIVE_INFINITY;
  let logFactorial = 0;
  for (let n = 2; n <= least; n++) logFactorial += Math.log(n);
  let [term, sum] = [1, 1];
  for (let n = least + 1; term > 1e-9 * sum; n++) {
    term *= expected / n;
    sum += term;
  }
  return (least * Math.log(expected) - expected - logFactorial + Math.log(sum)) / Math.LN10;
}
