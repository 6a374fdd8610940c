import type { Kernels } from './kernels/kernels.ts';
import type { Room } from './kernels/room.ts';
import { bandReader, bandRows, copyRows, isU16, type Pixels, rowBytes } from './pixels.ts';

export interface Blocks {
  /** Pixels of a block's side, 1 to 256, whole cells. */
  readonly factor: number;
  /** Pixels of a Bayer cell's side, which are summed apart; 1 without. */
  readonly cell: 1 | 2;
  /** Blocks in a row of them. */
  readonly width: number;
}

/** The pixels of one row of square blocks after the other. */
export interface BlockSums {
  /** Sums that row of blocks of a plane. */
  read(plane: number, y: number): void;
  /** The mean of each block's pixels at that row and column of the Bayer cell. It holds until the next call. */
  means(cellRow: number, cellColumn: number): Float32Array;
}

/** The usual 16 bits are summed as whole numbers, everything else as f32 values, NaN left out. */
export const blockSums: MakeSums = (view, ...rest) => (isU16(view) ? wordSums : floatSums)(view, ...rest);

type MakeSums = (view: Pixels, blocks: Blocks, kernels: Kernels, room: Room) => BlockSums;

const wordSums: MakeSums = (view, { factor, cell, width }, kernels, room) => {
  const columns = width * factor;
  const most = cellRows(view, factor, cell);
  const raw = room.take(most * rowBytes(view));
  const sums = Array.from({ length: cell }, () => room.take(4 * columns));
  const out = new Float32Array(kernels.memory, room.take(4 * width), width);
  return {
    read(plane, y) {
      for (const sum of sums) new Uint32Array(kernels.memory, sum, columns).fill(0);
      for (let done = 0; done < factor; done += most) {
        const rows = Math.min(most, factor - done);
        copyRows(view, kernels, plane, y * factor + done, rows, raw);
        sums.forEach((sum, phase) => {
          kernels.addRows16(raw + phase * rowBytes(view), cell * view.width, rows / cell, columns, sum);
        });
      }
    },
    means(cellRow, cellColumn) {
      const weight = (cell * cell) / (factor * factor);
      kernels.meanBlocks16(sums[cellRow]! + 4 * cellColumn, factor, cell, weight, width, out.byteOffset);
      return out;
    },
  };
};

const floatSums: MakeSums = (view, { factor, cell, width }, kernels, room) => {
  const columns = width * factor;
  const most = cellRows(view, factor, cell);
  const raw = room.take(most * rowBytes(view));
  const pixels = room.take(most * 4 * view.width);
  const sums = Array.from({ length: cell }, () => ({
    sum: room.take(4 * columns),
    count: room.take(4 * columns),
  }));
  const out = new Float32Array(kernels.memory, room.take(4 * width), width);
  const read = bandReader(view, kernels);
  return {
    read(plane, y) {
      for (const { sum, count } of sums) {
        new Uint32Array(kernels.memory, sum, columns).fill(0);
        new Uint32Array(kernels.memory, count, columns).fill(0);
      }
      for (let done = 0; done < factor; done += most) {
        const rows = Math.min(most, factor - done);
        read(plane, y * factor + done, rows, raw, pixels);
        sums.forEach(({ sum, count }, phase) => {
          const from = pixels + phase * 4 * view.width;
          kernels.addRowsF32(from, cell * view.width, rows / cell, columns, sum, count);
        });
      }
    },
    means(cellRow, cellColumn) {
      const { sum, count } = sums[cellRow]!;
      const shift = 4 * cellColumn;
      kernels.meanBlocksF32(sum + shift, count + shift, factor, cell, width, out.byteOffset);
      return out;
    },
  };
};

/** Whole cells, at least one. */
const cellRows = (view: Pixels, factor: number, cell: number): number =>
  Math.max(cell, Math.min(factor, bandRows(view) - (bandRows(view) % cell)));
