/**
 * A k-d tree of unit vectors whose every node is the brightest star of its part of the sky: so the nearest stars that
 * are *brighter* than a given one are found without a look at the many fainter. Stars are numbered by brightness.
 */
export class BrightTree {
  readonly #vectors: Float64Array;
  /** Of the node at a position: its star; its left part follows at once, its right part behind that. */
  readonly #stars: Uint32Array;
  readonly #axes: Uint8Array;
  readonly #cuts: Float64Array;

  /** @param vectors x, y, z a star, brightest first */
  constructor(vectors: Float64Array) {
    const count = vectors.length / 3;
    this.#vectors = vectors;
    this.#stars = Uint32Array.from({ length: count }, (_, star) => star);
    this.#axes = new Uint8Array(count);
    this.#cuts = new Float64Array(count);
    this.#build(0, count);
  }

  #build(from: number, to: number): void {
    if (to - from < 2) return;
    const stars = this.#stars;
    let brightest = from;
    for (let i = from + 1; i < to; i++) if (stars[i]! < stars[brightest]!) brightest = i;
    const first = stars[brightest]!;
    stars[brightest] = stars[from]!;
    stars[from] = first;
    const axis = this.#widestAxis(from + 1, to);
    const middle = middleOf(from, to);
    select(stars, this.#vectors, axis, from + 1, to, middle);
    this.#axes[from] = axis;
    this.#cuts[from] = middle < to ? this.#vectors[3 * stars[middle]! + axis]! : 0;
    this.#build(from + 1, middle);
    this.#build(middle, to);
  }

  #widestAxis(from: number, to: number): number {
    let [widest, axis] = [-1, 0];
    for (let candidate = 0; candidate < 3; candidate++) {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = from; i < to; i++) {
        const value = this.#vectors[3 * this.#stars[i]! + candidate]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (high - low > widest) [widest, axis] = [high - low, candidate];
    }
    return axis;
  }

  /** The `found.length` nearest of the stars brighter than `star`, nearest first. @returns how many there are */
  nearestBrighter(star: number, found: Uint32Array): number {
    const wanted = found.length;
    const vectors = this.#vectors;
    const distances = new Float64Array(wanted).fill(Number.POSITIVE_INFINITY);
    const [x, y, z] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
    const place = [x, y, z];
    let count = 0;
    const look = (from: number, to: number): void => {
      if (from >= to) return;
      const other = this.#stars[from]!;
      if (other >= star) return;
      const distance =
        (vectors[3 * other]! - x) ** 2 +
        (vectors[3 * other + 1]! - y) ** 2 +
        (vectors[3 * other + 2]! - z) ** 2;
      if (distance < distances[wanted - 1]!) {
        let at = wanted - 1;
        for (; at > 0 && distances[at - 1]! > distance; at--) {
          distances[at] = distances[at - 1]!;
          found[at] = found[at - 1]!;
        }
        distances[at] = distance;
        found[at] = other;
        if (count < wanted) count++;
      }
      const middle = middleOf(from, to);
      const beyond = place[this.#axes[from]!]! - this.#cuts[from]!;
      if (beyond < 0) look(from + 1, middle);
      else look(middle, to);
      if (beyond * beyond >= distances[wanted - 1]!) return;
      if (beyond < 0) look(middle, to);
      else look(from + 1, middle);
    };
    look(0, this.#stars.length);
    return count;
  }
}

/** Where the right part of the node at `from` begins. */
const middleOf = (from: number, to: number): number => from + 1 + ((to - from - 1) >> 1);

/** Hoare's selection: afterwards what lies before `nth` is no greater along the axis, what lies behind no less. */
function select(
  stars: Uint32Array,
  vectors: Float64Array,
  axis: number,
  from: number,
  to: number,
  nth: number,
): void {
  let [left, right] = [from, to - 1];
  while (left < right) {
    const pivot = vectors[3 * stars[(left + right) >> 1]! + axis]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (vectors[3 * stars[i]! + axis]! < pivot) i++;
      while (vectors[3 * stars[j]! + axis]! > pivot) j--;
      if (i > j) break;
      const held = stars[i]!;
      stars[i++] = stars[j]!;
      stars[j--] = held;
    }
    if (nth <= j) right = j;
    else if (nth >= i) left = i;
    else return;
  }
}
