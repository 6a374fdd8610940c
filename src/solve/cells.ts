import type { Vector } from '../sky/vector.ts';

/** Cells along a side of a cube's face: the sky is 6 × 64 × 64 cells of 1.0 to 1.8°. */
const SIDE = 64;
export const CELLS = 6 * SIDE * SIDE;
/** Steps across a cell in which places are kept: 0.1″ at most. */
const STEPS = 65536;
/** Cells are looked through in blocks of so many a side. */
const BLOCK = 8;
const BLOCKS = SIDE / BLOCK;

/** Where a direction lies on the cube around the sphere: face 2·axis + (behind), then row and column of its cell. */
export function placeOnCube([x, y, z]: Vector): { cell: number; across: number; up: number } {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  const axis = ax >= ay && ax >= az ? 0 : ay >= az ? 1 : 2;
  const [depth, a, b] = axis === 0 ? [x, y, z] : axis === 1 ? [y, z, x] : [z, x, y];
  const [column, across] = stepOf(a / Math.abs(depth));
  const [row, up] = stepOf(b / Math.abs(depth));
  return { cell: ((2 * axis + (depth < 0 ? 1 : 0)) * SIDE + row) * SIDE + column, across, up };
}

function stepOf(slope: number): [cell: number, step: number] {
  const at = Math.min(SIDE * STEPS - 1, Math.max(0, Math.floor(((slope + 1) / 2) * SIDE * STEPS)));
  return [Math.floor(at / STEPS), at % STEPS];
}

/** The unit vector of a place in a cell, steps counted from its corner; written at `at`. */
export function fromCube(cell: number, across: number, up: number, into: Float64Array, at = 0): void {
  const a = (2 * ((cell % SIDE) + across / STEPS)) / SIDE - 1;
  const b = (2 * ((Math.floor(cell / SIDE) % SIDE) + up / STEPS)) / SIDE - 1;
  const face = Math.floor(cell / (SIDE * SIDE));
  const length = 1 / Math.sqrt(1 + a * a + b * b);
  const axis = face >> 1;
  into[at + axis] = face & 1 ? -length : length;
  into[at + ((axis + 1) % 3)] = a * length;
  into[at + ((axis + 2) % 3)] = b * length;
}

/** Middle and half-diagonal of each block and of each cell. */
interface Caps {
  readonly middles: Float64Array;
  readonly reaches: Float64Array;
}

/** Calls `visit` for every cell that a cap of the sky may touch. */
export function cellsNear(centre: Vector, radius: number, visit: (cell: number) => void): void {
  caps ??= { blocks: capsOf(BLOCK), cells: capsOf(1) };
  const { blocks, cells } = caps;
  for (let block = 0; block < 6 * BLOCKS * BLOCKS; block++) {
    if (!touches(blocks, block, centre, radius)) continue;
    const face = Math.floor(block / (BLOCKS * BLOCKS));
    const corner =
      (face * SIDE + (Math.floor(block / BLOCKS) % BLOCKS) * BLOCK) * SIDE + (block % BLOCKS) * BLOCK;
    for (let row = 0; row < BLOCK; row++) {
      for (let cell = corner + row * SIDE; cell < corner + row * SIDE + BLOCK; cell++) {
        if (touches(cells, cell, centre, radius)) visit(cell);
      }
    }
  }
}

/** Computed once, in a millisecond. */
let caps: { readonly blocks: Caps; readonly cells: Caps } | undefined;

function touches({ middles, reaches }: Caps, n: number, [x, y, z]: Vector, radius: number): boolean {
  const squared =
    (middles[3 * n]! - x) ** 2 + (middles[3 * n + 1]! - y) ** 2 + (middles[3 * n + 2]! - z) ** 2;
  const reach = Math.min(Math.PI, radius + reaches[n]!);
  return squared <= (2 * Math.sin(reach / 2)) ** 2;
}

/** Of the squares of `size` cells a side, numbered as cells are. */
function capsOf(size: number): Caps {
  const side = SIDE / size;
  const count = 6 * side * side;
  const [middles, reaches] = [new Float64Array(3 * count), new Float64Array(count)];
  const corner = new Float64Array(3);
  for (let n = 0; n < count; n++) {
    const cell =
      (Math.floor(n / (side * side)) * SIDE + (Math.floor(n / side) % side) * size) * SIDE +
      (n % side) * size;
    const far = size * STEPS;
    fromCube(cell, far / 2, far / 2, middles, 3 * n);
    for (const [across, up] of [
      [0, 0],
      [0, far],
      [far, 0],
      [far, far],
    ] as const) {
      fromCube(cell, across, up, corner);
      const half =
        Math.hypot(
          corner[0]! - middles[3 * n]!,
          corner[1]! - middles[3 * n + 1]!,
          corner[2]! - middles[3 * n + 2]!,
        ) / 2;
      reaches[n] = Math.max(reaches[n]!, 2 * Math.asin(half));
    }
  }
  return { middles, reaches };
}
