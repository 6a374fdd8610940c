import { LeastSquares } from '../../core/normal-equations.ts';
import type { Detection } from './detect.ts';
import { medianOf } from './summary.ts';

/** The slow part of a sky, vignetting or the Moon's light: ADU of one stored pixel at places in stored pixels. */
export interface Trend {
  at(x: number, y: number): number;
  /** At `from`, `from + step` … along a row. */
  along(y: number, from: number, step: number, into: Float64Array): void;
}

/** Total degrees of the polynomial: what lenses and the Moon do is smooth. */
const DEGREES = [4, 2] as const;
/** Tiles to a term. */
const ENOUGH = 3;
const ROUNDS = 4;
/** Tiles further off, in standard deviations, are stars or a nebula. */
const CLIP = 2.5;

/** Of the mesh of a fine look; undefined where that has too few tiles, or nothing to tell. */
export function trendOf(detection: Detection, width: number, height: number): Trend | undefined {
  const { columns, rows } = detection.sky;
  const degree = DEGREES.find((most) => columns * rows >= ENOUGH * termsOf(most));
  if (degree === undefined) return undefined;
  const tiles = levelsOf(detection).map((level, index) => ({
    terms: powers(
      (2 * ((index % columns) + 0.5)) / columns - 1,
      (2 * (Math.floor(index / columns) + 0.5)) / rows - 1,
      degree,
    ),
    level,
  }));
  let kept = tiles;
  let found: Float64Array | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const fit = new LeastSquares(termsOf(degree), 1);
    for (const { terms, level } of kept) fit.add(terms, level);
    const [coefficients] = fit.solve() ?? [];
    if (!coefficients) return undefined;
    found = coefficients;
    const off = tiles.map(({ terms, level }) => Math.abs(level - sumOf(coefficients, terms)));
    const limit = CLIP * 1.4826 * medianOf(off);
    const next = tiles.filter((_, index) => off[index]! <= limit);
    if (next.length < ENOUGH * termsOf(degree)) break;
    kept = next;
  }
  const coefficients = found!;
  const place = (at: number, length: number) => (2 * (at + 0.5)) / length - 1;
  const ofU = new Float64Array(degree + 1);
  const along: Trend['along'] = (y, from, step, into) => {
    collapse(coefficients, place(y, height), degree, ofU);
    for (let index = 0; index < into.length; index++) {
      const u = place(from + index * step, width);
      let value = 0;
      for (let p = degree; p >= 0; p--) value = value * u + ofU[p]!;
      into[index] = value;
    }
  };
  const one = new Float64Array(1);
  const at: Trend['at'] = (x, y) => {
    along(y, x, 1, one);
    return one[0]!;
  };
  return { at, along };
}

/** The polynomial along a row: its coefficients of the powers of u at that v. */
function collapse(coefficients: Float64Array, v: number, degree: number, ofU: Float64Array): void {
  let at = 0;
  for (let p = 0; p <= degree; p++) {
    let [sum, power] = [0, 1];
    for (let q = 0; p + q <= degree; q++) {
      sum += coefficients[at++]! * power;
      power *= v;
    }
    ofU[p] = sum;
  }
}

/** Of each tile of the mesh, ADU of one stored pixel, what was taken off the plane included. */
export function levelsOf({ plane, sky }: Detection): number[] {
  return Array.from(sky.level, (level, index) => {
    const x = ((index % sky.columns) + 0.5) * sky.tileWidth - 0.5;
    const y = (Math.floor(index / sky.columns) + 0.5) * sky.tileHeight - 0.5;
    return plane.adu(level, x, y);
  });
}

const termsOf = (degree: number): number => ((degree + 1) * (degree + 2)) / 2;

function powers(u: number, v: number, degree: number): Float64Array {
  const terms = new Float64Array(termsOf(degree));
  let [at, ofU] = [0, 1];
  for (let p = 0; p <= degree; p++) {
    let both = ofU;
    for (let q = 0; p + q <= degree; q++) {
      terms[at++] = both;
      both *= v;
    }
    ofU *= u;
  }
  return terms;
}

const sumOf = (coefficients: Float64Array, terms: Float64Array): number =>
  terms.reduce((sum, term, index) => sum + term * coefficients[index]!, 0);
