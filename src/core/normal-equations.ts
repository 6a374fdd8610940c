/**
 * Solves several least squares problems of one design at once, by normal equations and Cholesky's decomposition: good
 * for a few terms of order one.
 */
export class LeastSquares {
  readonly terms: number;
  readonly #normal: Float64Array;
  readonly #right: Float64Array[];

  constructor(terms: number, problems: number) {
    this.terms = terms;
    this.#normal = new Float64Array(terms * terms);
    this.#right = Array.from({ length: problems }, () => new Float64Array(terms));
  }

  /** @param row the terms of one observation; @param values what they should sum to, a problem each */
  add(row: ArrayLike<number>, ...values: readonly number[]): void {
    for (let i = 0; i < this.terms; i++) {
      for (let j = 0; j <= i; j++) this.#normal[i * this.terms + j]! += row[i]! * row[j]!;
      values.forEach((value, problem) => {
        this.#right[problem]![i]! += row[i]! * value;
      });
    }
  }

  /** The coefficients, a problem each; undefined where the observations do not fix them. */
  solve(): Float64Array[] | undefined {
    const n = this.terms;
    const lower = this.#normal.slice();
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = lower[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
        if (i > j) lower[i * n + j] = sum / lower[j * n + j]!;
        else if (sum <= 1e-12 * this.#normal[i * n + i]!) return undefined;
        else lower[i * n + i] = Math.sqrt(sum);
      }
    }
    return this.#right.map((right) => {
      const x = right.slice();
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
        x[i]! /= lower[i * n + i]!;
      }
      for (let i = n - 1; i >= 0; i--) {
        for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
        x[i]! /= lower[i * n + i]!;
      }
      return x;
    });
  }
}
