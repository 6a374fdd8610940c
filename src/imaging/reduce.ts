import { blockSums } from './block-sums.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { Room } from './kernels/room.ts';
import type { Pixels } from './pixels.ts';

/** An image that is computed row by row, in physical values: one channel (grey) or three (red, green, blue). */
export interface RowSource {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** That row of each channel, NaN where the image has no values. In the kernels' memory: it holds until the next call. */
  row(y: number): readonly Float32Array[];
}

/** Which of red, green, blue the four pixels of a Bayer cell are: row by row. */
const COLOURS = { R: 0, G: 1, B: 2 } as const;
/** Sums of 256 × 256 pixels of 16 bits fit 32. */
const LARGEST_BLOCK = 256;

/** How many pixels make one, so that at least `width` columns are left: even for a Bayer image, unless it is 1. */
export function blockSize(view: Pixels, width: number): number {
  const fitting = Math.floor(view.width / Math.max(1, width));
  const factor = Math.max(1, Math.min(fitting, view.height, LARGEST_BLOCK));
  return view.bayer && factor > 1 ? factor & ~1 : factor;
}

/**
 * Averages square blocks of pixels; what is left over of the sides is left away. A Bayer image is debayered on the way:
 * its blocks hold whole 2 × 2 cells, so that every block has all colours (superpixels).
 * @param factor side of a block: 1 to 256, even for a Bayer image
 */
export function reducedRows(view: Pixels, factor: number, kernels: Kernels, room: Room): RowSource {
  const [width, height] = [Math.floor(view.width / factor), Math.floor(view.height / factor)];
  const cell = view.bayer ? 2 : 1;
  const sums = blockSums(view, { factor, cell, width }, kernels, room);
  const isColour = view.bayer || view.planes >= 3;
  const rows = Array.from({ length: isColour ? 3 : 1 }, () => {
    return new Float32Array(kernels.memory, room.take(4 * width), width);
  });
  return {
    width,
    height,
    channels: isColour ? 3 : 1,
    row(y) {
      if (!view.bayer) {
        rows.forEach((row, plane) => {
          sums.read(plane, y);
          row.set(sums.means(0, 0));
        });
        return rows;
      }
      sums.read(0, y);
      let greens = 0;
      for (let place = 0; place < 4; place++) {
        const colour = COLOURS[view.bayer[place] as keyof typeof COLOURS];
        const means = sums.means(place >> 1, place & 1);
        if (colour === COLOURS.G && greens++ > 0) average(rows[colour]!, means);
        else rows[colour]!.set(means);
      }
      return rows;
    },
  };
}

/** The mean of both, of one where the other is NaN. */
function average(row: Float32Array, other: Float32Array): void {
  for (let x = 0; x < row.length; x++) {
    const [first, second] = [row[x]!, other[x]!];
    row[x] = Number.isNaN(first) ? second : Number.isNaN(second) ? first : (first + second) / 2;
  }
}
