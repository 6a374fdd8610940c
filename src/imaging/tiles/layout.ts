import { BadInput } from '../../core/errors.ts';
import { countIn } from '../fits-hdu.ts';
import type { Header } from '../fits-header.ts';

/** How an image is cut into tiles; axes beyond the third have length 1 or are counted into the third. */
export interface Layout {
  readonly axes: readonly [number, number, number];
  readonly tile: readonly [number, number, number];
  readonly tilePixels: number;
  readonly count: number;
}

/** Where one tile's pixels go. */
export interface Place {
  readonly pixels: number;
  /** Of one row of the tile after the other: pixels from the start of the tile and of the image. */
  readonly runs: Iterable<{ from: number; to: number; length: number }>;
}

/** @param header tells ZTILEn; without it a tile is one row (FITS 4.0, section 10.1.2) */
export function layOut(header: Header, lengths: readonly number[]): Layout {
  const [width = 1, height = 1, depth = 1] = lengths;
  if (lengths.slice(3).some((length) => length !== 1))
    throw new BadInput('ZNAXIS: an image has at most three axes');
  const axes = [width, height, depth] as const;
  const side = (index: number, absent: number): number => {
    const length = countIn(header, `ZTILE${index}`, absent);
    if (length < 1) throw new BadInput(`ZTILE${index} = ${length}: a tile has at least one pixel`);
    return Math.min(length, axes[index - 1]!);
  };
  const tile = [side(1, width), side(2, 1), side(3, 1)] as const;
  return {
    axes,
    tile,
    tilePixels: tile[0] * tile[1] * tile[2],
    count: axes.reduce((product, length, index) => product * Math.ceil(length / tile[index]!), 1),
  };
}

/** The tiles in the order of the table's rows, the first axis fastest. */
export function* tilesOf({ axes, tile }: Layout): Generator<[index: number, place: Place]> {
  const [width, height, depth] = axes;
  let index = 0;
  for (let z = 0; z < depth; z += tile[2]) {
    for (let y = 0; y < height; y += tile[1]) {
      for (let x = 0; x < width; x += tile[0]) {
        const sides = [
          Math.min(tile[0], width - x),
          Math.min(tile[1], height - y),
          Math.min(tile[2], depth - z),
        ];
        yield [index++, placeOf(axes, [x, y, z], sides as [number, number, number])];
      }
    }
  }
}

function placeOf(
  [width, height]: Layout['axes'],
  [x, y, z]: readonly [number, number, number],
  [across, down, deep]: readonly [number, number, number],
): Place {
  const start = (z * height + y) * width + x;
  const pixels = across * down * deep;
  // Whole rows of one plane lie in the image as they lie in the tile.
  if (across === width && deep === 1) return { pixels, runs: [{ from: 0, to: start, length: pixels }] };
  return { pixels, runs: rows(start, width, height, [across, down, deep]) };
}

function* rows(
  start: number,
  width: number,
  height: number,
  [across, down, deep]: readonly [number, number, number],
): Place['runs'] & Generator<{ from: number; to: number; length: number }> {
  for (let plane = 0; plane < deep; plane++) {
    for (let row = 0; row < down; row++) {
      yield {
        from: (plane * down + row) * across,
        to: start + (plane * height + row) * width,
        length: across,
      };
    }
  }
}
