import type { Vector } from '../sky/vector.ts';
import { CELLS, cellsNear, fromCube, placeOnCube } from './cells.ts';

/** The stars a quad index was made of, by number. */
export interface IndexedStars {
  readonly count: number;
  /** Writes the unit vector of a star at `at`. */
  vector(star: number, into: Float64Array, at?: number): void;
  /**
   * Unit vectors of about the `wanted` brightest stars of a cap (radians), more where the sky is crowded.
   * @returns how many were written
   */
  brightest(centre: Vector, radius: number, wanted: number, into: Float64Array): number;
}

/** Magnitudes in thousandths above this one. */
const BRIGHTEST = -2;
/** Stars are counted at every quarter of a magnitude from `BRIGHTEST` on. */
const LEVEL = 250;
export const LEVELS = 80;

/** Stars by cell of the cube, brightest first within a cell; three u16 each: steps across and up, magnitude. */
export class StarTable implements IndexedStars {
  /** By cell: its first star; then their number. */
  readonly firsts: Uint32Array;
  /** Brighter than −2 + n/4 magnitudes. */
  readonly brighter: Uint32Array;
  readonly stars: Uint16Array;
  readonly count: number;

  constructor(firsts: Uint32Array, brighter: Uint32Array, stars: Uint16Array) {
    this.firsts = firsts;
    this.brighter = brighter;
    this.stars = stars;
    this.count = stars.length / 3;
  }

  vector(star: number, into: Float64Array, at = 0): void {
    let [low, high] = [0, CELLS];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.firsts[middle]! <= star) low = middle;
      else high = middle;
    }
    fromCube(low, this.stars[3 * star]! + 0.5, this.stars[3 * star + 1]! + 0.5, into, at);
  }

  brightest(centre: Vector, radius: number, wanted: number, into: Float64Array): number {
    const limit = this.#limit(wanted / Math.sin(Math.min(Math.PI, radius) / 2) ** 2);
    const room = into.length / 3;
    const widest = (2 * Math.sin(Math.min(Math.PI, radius) / 2)) ** 2;
    let count = 0;
    cellsNear(centre, radius, (cell) => {
      const end = this.firsts[cell + 1]!;
      for (let star = this.firsts[cell]!; star < end && count < room; star++) {
        if (this.stars[3 * star + 2]! >= limit) break;
        const at = 3 * count;
        fromCube(cell, this.stars[3 * star]! + 0.5, this.stars[3 * star + 1]! + 0.5, into, at);
        const off =
          (into[at]! - centre[0]) ** 2 + (into[at + 1]! - centre[1]) ** 2 + (into[at + 2]! - centre[2]) ** 2;
        if (off <= widest) count++;
      }
    });
    return count;
  }

  /** The magnitude, as stored, down to which the whole sky holds so many stars. */
  #limit(stars: number): number {
    let level = 0;
    while (level < LEVELS && this.brighter[level]! < stars) level++;
    return level === LEVELS ? 65536 : level * LEVEL;
  }
}

/**
 * @param vectors x, y, z a star, brightest first, with the magnitudes
 * @returns the table and each star's number in it
 */
export function tabulate(
  vectors: Float64Array,
  magnitudes: Float32Array,
): { table: StarTable; numbers: Uint32Array } {
  const count = magnitudes.length;
  const places = new Uint32Array(3 * count);
  const firsts = new Uint32Array(CELLS + 1);
  const brighter = new Uint32Array(LEVELS);
  for (let i = 0; i < count; i++) {
    const { cell, across, up } = placeOnCube([vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!]);
    places.set([cell, across, up], 3 * i);
    firsts[cell + 1]!++;
  }
  for (let cell = 0; cell < CELLS; cell++) firsts[cell + 1]! += firsts[cell]!;
  const next = firsts.slice();
  const stars = new Uint16Array(3 * count);
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const number = next[places[3 * i]!]!++;
    const magnitude = Math.min(65535, Math.max(0, Math.round((magnitudes[i]! - BRIGHTEST) * 1000)));
    stars.set([places[3 * i + 1]!, places[3 * i + 2]!, magnitude], 3 * number);
    numbers[i] = number;
    for (let level = Math.floor(magnitude / LEVEL) + 1; level < LEVELS; level++) brighter[level]!++;
  }
  return { table: new StarTable(firsts, brighter, stars), numbers };
}
