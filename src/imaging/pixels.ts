import type { Bitpix, PixelView } from './fits-read.ts';
import { type Kernels, sharedKernels } from './kernels/kernels.ts';
import type { PixelFile } from './pixel-file.ts';

/** In memory, or in a file from which they are read in bands. */
export type Pixels = PixelView | PixelFile;

/** Reads one row of one plane as physical values into the start of `into`. */
export type RowReader = (plane: number, row: number, into: Float32Array) => void;

/** Reads whole rows of a plane to an offset of the kernels' memory. @param raw room for the rows as they are stored */
export type BandReader = (plane: number, row: number, rows: number, raw: number, to: number) => void;

const BAND_BYTES = 256 * 1024;

/** Of one row as stored. */
export const rowBytes = ({ width, bitpix }: Pixels): number => (width * Math.abs(bitpix)) / 8;

/** As many rows as are worth one call of a kernel and stay in the processor's cache; at least one. */
export const bandRows = (view: Pixels): number => Math.max(1, Math.floor(BAND_BYTES / rowBytes(view)));

/** The usual camera image, whose stored words the kernels take as they are: BITPIX 16, BZERO 32768. */
export const isU16 = ({ bitpix, zero, scale }: Pixels): boolean =>
  bitpix === 16 && zero === 32768 && scale === 1;

const PHYSICAL = {
  8: 'physical8',
  16: 'physical16',
  32: 'physical32',
  [-32]: 'physicalF32',
  [-64]: 'physicalF64',
} as const satisfies Record<Bitpix, keyof Kernels>;

/** Copies rows of a plane, as they are stored, to an offset of the kernels' memory. */
export function copyRows(
  view: Pixels,
  { memory }: Kernels,
  plane: number,
  row: number,
  rows: number,
  to: number,
): void {
  const size = rowBytes(view);
  const start = (plane * view.height + row) * size;
  readStored(view, start, new Uint8Array(memory, to, rows * size));
}

/** Fills `into` with the pixels as they are stored, from byte `start` of all planes on. */
function readStored(view: Pixels, start: number, into: Uint8Array): void {
  if ('data' in view) into.set(view.data.subarray(start, start + into.length));
  else view.read(start, into);
}

/** Physical values as f32, rounded to it; NaN for pixels without a value (FITS 4.0, section 5.3) and beyond its range. */
export function bandReader(view: Pixels, kernels: Kernels): BandReader {
  const physical = kernels[PHYSICAL[view.bitpix]];
  return (plane, row, rows, raw, to) => {
    copyRows(view, kernels, plane, row, rows, raw);
    physical(raw, to, rows * view.width, view.zero, view.scale);
  };
}

/** The same values row by row, for work that is not done by kernels. */
export function rowReader(view: Pixels, kernels = sharedKernels()): RowReader {
  const { width } = view;
  const read = bandReader(view, kernels);
  return (plane, row, into) =>
    kernels.within((room) => {
      const pixels = room.take(4 * width);
      read(plane, row, 1, room.take(rowBytes(view)), pixels);
      into.set(new Float32Array(kernels.memory, pixels, width));
    });
}

/** One whole plane as physical values, row after row. */
export function planeOf(view: PixelView, plane = 0): Float32Array {
  const pixels = new Float32Array(view.width * view.height);
  const read = rowReader(view);
  for (let row = 0; row < view.height; row++) {
    read(plane, row, pixels.subarray(row * view.width, (row + 1) * view.width));
  }
  return pixels;
}
