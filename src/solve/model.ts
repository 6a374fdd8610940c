import { LeastSquares } from '../core/normal-equations.ts';

/** A map of a plane into a plane by sums of terms; coordinates are of order one. */
export interface Model {
  /** What is free in it. */
  readonly parameters: number;
  /** Of each axis. */
  readonly terms: number;
  /** Writes the terms of a point. */
  fill(x: number, y: number, row: Float64Array): void;
  /** What a term is made of: exponents of x and y, and a factor. */
  readonly powers: readonly (readonly Power[])[];
  /** Turned, stretched alike both ways and perhaps mirrored: terms beyond the constant come in pairs of one vector. */
  readonly rigid: boolean;
}

type Power = readonly [p: number, q: number, factor: number];

const LINEAR: readonly (readonly Power[])[] = [[[0, 0, 1]], [[1, 0, 1]], [[0, 1, 1]]];
const CUBIC: readonly (readonly Power[])[] = [
  [
    [3, 0, 1],
    [1, 2, 1],
  ],
  [
    [2, 1, 1],
    [0, 3, 1],
  ],
];
const QUINTIC: readonly (readonly Power[])[] = [
  [
    [5, 0, 1],
    [3, 2, 2],
    [1, 4, 1],
  ],
  [
    [4, 1, 1],
    [2, 3, 2],
    [0, 5, 1],
  ],
];

function fillLinear(x: number, y: number, row: Float64Array): void {
  row[0] = 1;
  row[1] = x;
  row[2] = y;
}

function fillRadial(x: number, y: number, row: Float64Array): void {
  const square = x * x + y * y;
  fillLinear(x, y, row);
  row[3] = x * square;
  row[4] = y * square;
}

function fillQuintic(x: number, y: number, row: Float64Array): void {
  const square = x * x + y * y;
  fillRadial(x, y, row);
  row[5] = x * square * square;
  row[6] = y * square * square;
}

/** A camera without flaws. */
export const similar: Model = { parameters: 4, terms: 3, fill: fillLinear, powers: LINEAR, rigid: true };

/** What a lens does first of all: displaced along the radius by its cube. */
const similarRadial: Model = {
  parameters: 6,
  terms: 5,
  fill: fillRadial,
  powers: [...LINEAR, ...CUBIC],
  rigid: true,
};

export const linear: Model = { parameters: 6, terms: 3, fill: fillLinear, powers: LINEAR, rigid: false };

const radial: Model = {
  parameters: 10,
  terms: 5,
  fill: fillRadial,
  powers: [...LINEAR, ...CUBIC],
  rigid: false,
};

/** The next that it does, and what turning the first around takes. */
const similarQuintic: Model = {
  parameters: 8,
  terms: 7,
  fill: fillQuintic,
  powers: [...LINEAR, ...CUBIC, ...QUINTIC],
  rigid: true,
};

/** A full polynomial of that order, by degree and then by falling powers of x. */
export function polynomial(order: number): Model {
  const terms = ((order + 1) * (order + 2)) / 2;
  const powers = Array.from({ length: order + 1 }, (_, degree) =>
    Array.from({ length: degree + 1 }, (_, q) => [[degree - q, q, 1] as const]),
  ).flat();
  return {
    parameters: 2 * terms,
    terms,
    powers,
    rigid: false,
    fill(x, y, row) {
      row[0] = 1;
      let n = 1;
      for (let degree = 1; degree <= order; degree++) {
        // Each degree is x times the terms of the one before, and y times the last of them.
        for (let q = 0; q < degree; q++) row[n + q] = row[n + q - degree]! * x;
        row[n + degree] = row[n - 1]! * y;
        n += degree + 1;
      }
    },
  };
}

/** From the simplest on. */
export const MODELS: readonly Model[] = [
  similar,
  similarRadial,
  linear,
  similarQuintic,
  radial,
  polynomial(2),
  polynomial(3),
  polynomial(4),
];

/** A model with its coefficients. */
export interface Mapping {
  readonly model: Model;
  readonly toX: Float64Array;
  readonly toY: Float64Array;
}

/** Scratch: more terms than any model has. */
const row = new Float64Array(64);

export function mapped({ model, toX, toY }: Mapping, x: number, y: number, into: Float64Array): void {
  model.fill(x, y, row);
  let [u, v] = [0, 0];
  for (let n = 0; n < model.terms; n++) {
    u += toX[n]! * row[n]!;
    v += toY[n]! * row[n]!;
  }
  into[0] = u;
  into[1] = v;
}

/** The mapping that carries `from` to `to` best: x, y a point. Undefined where the points do not fix it. */
export function fitted(model: Model, from: ArrayLike<number>, to: ArrayLike<number>): Mapping | undefined {
  if (model.rigid) return fittedRigid(model, from, to);
  const squares = new LeastSquares(model.terms, 2);
  for (let i = 0; i < from.length; i += 2) {
    model.fill(from[i]!, from[i + 1]!, row);
    squares.add(row, to[i]!, to[i + 1]!);
  }
  const solved = squares.solve();
  return solved && { model, toX: solved[0]!, toY: solved[1]! };
}

/** Both axes at once, as it is and mirrored: whichever fits. */
function fittedRigid(model: Model, from: ArrayLike<number>, to: ArrayLike<number>): Mapping | undefined {
  let best: { map: Mapping; misfit: number } | undefined;
  for (const side of [1, -1]) {
    const squares = new LeastSquares(model.terms + 1, 1);
    const across = new Float64Array(model.terms + 1);
    const down = new Float64Array(model.terms + 1);
    for (let i = 0; i < from.length; i += 2) {
      model.fill(from[i]!, from[i + 1]!, row);
      // Constants of x and of y; then each pair of terms (p, q) with its a and b: x = ap − bq, y = ±(bp + aq).
      across[0] = 1;
      down[1] = 1;
      for (let n = 1; n < model.terms; n += 2) {
        across[n + 1] = row[n]!;
        across[n + 2] = -row[n + 1]!;
        down[n + 1] = side * row[n + 1]!;
        down[n + 2] = side * row[n]!;
      }
      squares.add(across, to[i]!);
      squares.add(down, to[i + 1]!);
    }
    const terms = squares.solve()?.[0];
    if (!terms) continue;
    const map = { model, toX: new Float64Array(model.terms), toY: new Float64Array(model.terms) };
    map.toX[0] = terms[0]!;
    map.toY[0] = terms[1]!;
    for (let n = 1; n < model.terms; n += 2) {
      const [a, b] = [terms[n + 1]!, terms[n + 2]!];
      map.toX.set([a, -b], n);
      map.toY.set([side * b, side * a], n);
    }
    const misfit = misfitOf(map, from, to);
    if (!best || misfit < best.misfit) best = { map, misfit };
  }
  return best?.map;
}

/** The sum of the squares of what is left. */
function misfitOf(map: Mapping, from: ArrayLike<number>, to: ArrayLike<number>): number {
  const point = new Float64Array(2);
  let sum = 0;
  for (let i = 0; i < from.length; i += 2) {
    mapped(map, from[i]!, from[i + 1]!, point);
    sum += (point[0]! - to[i]!) ** 2 + (point[1]! - to[i + 1]!) ** 2;
  }
  return sum;
}
