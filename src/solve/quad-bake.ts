import { BrightTree } from './bright-tree.ts';
import { planeAround, unitOf } from './plane.ts';
import { describeQuad, emptyQuad } from './quad.ts';
import { MOST_STARS, placeQuad, type QuadIndex } from './quad-index.ts';
import type { IndexedStars } from './star-table.ts';

/**
 * Which of a star's nearest brighter neighbours make a quad with it. A star stands for the size of field in which it
 * is among the brightest, so that quads of every size are there, each as often as a field of its size needs.
 */
export const FEW: readonly (readonly number[])[] = [
  [0, 1, 2],
  [1, 2, 3],
];
/** Every three of five, for the few stars of a hinted search. */
export const MANY: readonly (readonly number[])[] = [
  [0, 1, 2],
  [0, 1, 3],
  [0, 2, 3],
  [1, 2, 3],
  [0, 1, 4],
  [0, 2, 4],
  [0, 3, 4],
  [1, 2, 4],
  [1, 3, 4],
  [2, 3, 4],
];

/**
 * An index of stars' quads; the same stars always give the same.
 * @param vectors x, y, z a star, brightest first
 * @param numbers of those stars in `stars`
 */
export function indexQuads(
  vectors: Float64Array,
  choices: readonly (readonly number[])[],
  bins: number,
  stars: IndexedStars,
  numbers?: Uint32Array,
): QuadIndex {
  const count = Math.min(MOST_STARS, vectors.length / 3);
  const tree = new BrightTree(vectors);
  const found = new Uint32Array(1 + Math.max(...choices.flat()));
  const room = count * choices.length;
  const [bin, low, high] = [new Uint32Array(room), new Uint32Array(room), new Uint32Array(room)];
  const firsts = new Uint32Array(bins ** 4 + 1);
  const near = new Flattened(found.length + 1, vectors);
  const which = new Uint32Array(4);
  const quad = emptyQuad();
  let quads = 0;
  for (let star = 3; star < count; star++) {
    const neighbours = tree.nearestBrighter(star, found);
    near.flatten(star, found, neighbours);
    for (const choice of choices) {
      if (Math.max(...choice) >= neighbours) continue;
      which.set([0, choice[0]! + 1, choice[1]! + 1, choice[2]! + 1]);
      if (!describeQuad(quad, near.xs, near.ys, which)) continue;
      const [a, b] = [near.stars[quad.a]!, near.stars[quad.b]!];
      const placed = placeQuad(quad, numbers?.[a] ?? a, numbers?.[b] ?? b, bins);
      bin[quads] = placed.bin;
      low[quads] = placed.low;
      high[quads++] = placed.high;
      firsts[placed.bin + 1]!++;
    }
  }
  for (let i = 0; i < bins ** 4; i++) firsts[i + 1]! += firsts[i]!;
  const next = firsts.slice();
  const words = new Uint32Array(2 * quads);
  for (let i = 0; i < quads; i++) {
    const at = next[bin[i]!]!++;
    words[2 * at] = low[i]!;
    words[2 * at + 1] = high[i]!;
  }
  return { bins, firsts, words, stars };
}

/** A star and its neighbours on the tangent plane in their midst. */
class Flattened {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly stars: Uint32Array;
  readonly #vectors: Float64Array;

  constructor(room: number, vectors: Float64Array) {
    this.xs = new Float64Array(room);
    this.ys = new Float64Array(room);
    this.stars = new Uint32Array(room);
    this.#vectors = vectors;
  }

  flatten(star: number, neighbours: Uint32Array, count: number): void {
    const vectors = this.#vectors;
    this.stars[0] = star;
    let [x, y, z] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
    for (let n = 0; n < count; n++) {
      const other = neighbours[n]!;
      this.stars[n + 1] = other;
      x += vectors[3 * other]!;
      y += vectors[3 * other + 1]!;
      z += vectors[3 * other + 2]!;
    }
    const { east, north, centre } = planeAround(unitOf([x, y, z]));
    for (let n = 0; n <= count; n++) {
      const at = 3 * this.stars[n]!;
      const [vx, vy, vz] = [vectors[at]!, vectors[at + 1]!, vectors[at + 2]!];
      const depth = vx * centre[0] + vy * centre[1] + vz * centre[2];
      this.xs[n] = (vx * east[0] + vy * east[1] + vz * east[2]) / depth;
      this.ys[n] = (vx * north[0] + vy * north[1] + vz * north[2]) / depth;
    }
  }
}
