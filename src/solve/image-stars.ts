import type { StarList } from './solution.ts';

/** More than this many add nothing to a solution. */
export const MOST_IMAGE_STARS = 400;
/** Cells along a side of the grid in which a near star is looked for. */
const SIDE = 32;

/** The stars of an image, brightest first, in pixels from its centre; and which is nearest to a point. */
export class ImageStars {
  readonly width: number;
  readonly height: number;
  /** Half of its diagonal, pixels. */
  readonly half: number;
  readonly count: number;
  readonly us: Float64Array;
  readonly vs: Float64Array;
  /** By cell of the grid: its first place in `#inCells`; within a cell brightest first. */
  readonly #firsts = new Uint32Array(SIDE * SIDE + 1);
  readonly #inCells: Uint32Array;

  constructor(list: StarList) {
    this.width = list.width;
    this.height = list.height;
    this.half = Math.hypot(list.width, list.height) / 2;
    const kept = withoutTwins(list, this.half / 500);
    this.count = kept.length;
    this.us = Float64Array.from(kept, ({ x }) => x - (list.width - 1) / 2);
    this.vs = Float64Array.from(kept, ({ y }) => y - (list.height - 1) / 2);
    const cells = Uint32Array.from({ length: this.count }, (_, i) => {
      return this.#along(this.vs[i]!, this.height) * SIDE + this.#along(this.us[i]!, this.width);
    });
    for (const cell of cells) this.#firsts[cell + 1]!++;
    for (let cell = 0; cell < SIDE * SIDE; cell++) this.#firsts[cell + 1]! += this.#firsts[cell]!;
    const next = this.#firsts.slice();
    this.#inCells = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) this.#inCells[next[cells[i]!]!++] = i;
  }

  #along(value: number, size: number): number {
    return Math.min(SIDE - 1, Math.max(0, Math.floor((value / size + 0.5) * SIDE)));
  }

  contains(u: number, v: number): boolean {
    return Math.abs(u) <= this.width / 2 && Math.abs(v) <= this.height / 2;
  }

  /** The nearest of the `most` brightest stars within `radius` pixels, or −1. */
  nearest(u: number, v: number, radius: number, most: number): number {
    const [left, right] = [this.#along(u - radius, this.width), this.#along(u + radius, this.width)];
    const [top, bottom] = [this.#along(v - radius, this.height), this.#along(v + radius, this.height)];
    let least = radius * radius;
    let nearest = -1;
    for (let row = top; row <= bottom; row++) {
      for (let cell = row * SIDE + left; cell <= row * SIDE + right; cell++) {
        const end = this.#firsts[cell + 1]!;
        for (let n = this.#firsts[cell]!; n < end; n++) {
          const i = this.#inCells[n]!;
          if (i >= most) break;
          const distance = (this.us[i]! - u) ** 2 + (this.vs[i]! - v) ** 2;
          if (distance > least) continue;
          least = distance;
          nearest = i;
        }
      }
    }
    return nearest;
  }
}

/** A bright star or a trail broken into many would count as many agreements: of those too close one stays. */
function withoutTwins({ stars }: StarList, apart: number): { x: number; y: number }[] {
  const kept: { x: number; y: number }[] = [];
  const taken = new Map<number, { x: number; y: number }[]>();
  const key = (x: number, y: number) => Math.floor(y / apart) * 1_000_003 + Math.floor(x / apart);
  for (const { x, y } of stars) {
    if (kept.length === MOST_IMAGE_STARS) break;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const twin = [-apart, 0, apart].some((dy) =>
      [-apart, 0, apart].some((dx) =>
        taken.get(key(x + dx, y + dy))?.some((other) => Math.hypot(other.x - x, other.y - y) < apart),
      ),
    );
    if (twin) continue;
    const star = { x, y };
    kept.push(star);
    const cell = taken.get(key(x, y));
    if (cell) cell.push(star);
    else taken.set(key(x, y), [star]);
  }
  return kept;
}
