import type { CatalogueStars } from './catalogue.ts';

/** More rows than are ever sorted at once. */
const ROWS = 2 ** 30;
const rank = (magnitude: number): number => Math.round((magnitude + 50) * 1000) * ROWS;

/** Stars found so far, in the order they are added; grows by doubling. */
export class Gathered {
  length = 0;
  #vectors = new Float64Array(3 * 256);
  #magnitudes = new Float32Array(256);

  add(x: number, y: number, z: number, magnitude: number): void {
    if (this.length === this.#magnitudes.length) this.#grow();
    const at = 3 * this.length;
    this.#vectors[at] = x;
    this.#vectors[at + 1] = y;
    this.#vectors[at + 2] = z;
    this.#magnitudes[this.length++] = magnitude;
  }

  /** Adds the brightest of others, brightest first; equals in the order they have there. */
  addBrightest(others: Gathered, most: number): void {
    // Sorting plain numbers is many times faster than sorting with a function.
    const order = Float64Array.from(
      { length: others.length },
      (_, i) => rank(others.#magnitudes[i]!) + i,
    ).sort();
    const end = Math.min(order.length, most);
    const at = others.#vectors;
    for (let n = 0; n < end; n++) {
      const row = order[n]! % ROWS;
      this.add(at[3 * row]!, at[3 * row + 1]!, at[3 * row + 2]!, others.#magnitudes[row]!);
    }
  }

  /** Without those that stand where another one does, within so many radians. */
  without(radius: number): Gathered {
    const kept = new Gathered();
    const at = this.#vectors;
    const close = (i: number, j: number, axis: number) => Math.abs(at[i + axis]! - at[j + axis]!) <= radius;
    const byX = Array.from({ length: this.length }, (_, i) => 3 * i).sort((a, b) => at[a]! - at[b]! || a - b);
    byX.forEach((i, n) => {
      for (let m = n - 1; m >= 0 && close(i, byX[m]!, 0); m--)
        if (close(i, byX[m]!, 1) && close(i, byX[m]!, 2)) return;
      kept.add(at[i]!, at[i + 1]!, at[i + 2]!, this.#magnitudes[i / 3]!);
    });
    return kept;
  }

  /** In the order of adding. */
  asAdded(): CatalogueStars {
    return {
      length: this.length,
      vectors: this.#vectors.slice(0, 3 * this.length),
      magnitudes: this.#magnitudes.slice(0, this.length),
    };
  }

  #grow(): void {
    const vectors = new Float64Array(2 * this.#vectors.length);
    vectors.set(this.#vectors);
    this.#vectors = vectors;
    const magnitudes = new Float32Array(2 * this.#magnitudes.length);
    magnitudes.set(this.#magnitudes);
    this.#magnitudes = magnitudes;
  }
}
