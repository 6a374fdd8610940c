import type { Vector } from '../sky/vector.ts';
import type { IndexedStars } from './star-table.ts';

/** The stars of one region, brightest first: few enough to be gone through. */
export class LocalStars implements IndexedStars {
  readonly count: number;
  readonly #vectors: Float64Array;

  constructor(vectors: Float64Array) {
    this.#vectors = vectors;
    this.count = vectors.length / 3;
  }

  vector(star: number, into: Float64Array, at = 0): void {
    for (let axis = 0; axis < 3; axis++) into[at + axis] = this.#vectors[3 * star + axis]!;
  }

  brightest([x, y, z]: Vector, radius: number, wanted: number, into: Float64Array): number {
    const vectors = this.#vectors;
    const nearest = Math.cos(radius);
    const most = Math.min(wanted, into.length / 3);
    let count = 0;
    for (let at = 0; at < vectors.length && count < most; at += 3) {
      if (vectors[at]! * x + vectors[at + 1]! * y + vectors[at + 2]! * z < nearest) continue;
      into[3 * count] = vectors[at]!;
      into[3 * count + 1] = vectors[at + 1]!;
      into[3 * count + 2] = vectors[at + 2]!;
      count++;
    }
    return count;
  }
}
