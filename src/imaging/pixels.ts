import type { Bitpix, PixelView } from './fits-read.ts';

/** Reads one row of one plane as physical values into the start of `into`. */
export type RowReader = (plane: number, row: number, into: Float32Array) => void;

/** 32 and 64 bit values are rounded to what a float32 holds; NaN (no value, FITS 4.0 section 5.3) reads as 0. */
export function rowReader(view: PixelView): RowReader {
  const { width, height, bitpix, zero, scale } = view;
  const size = Math.abs(bitpix) / 8;
  const data = view.data.byteOffset % size === 0 ? view.data : view.data.slice();
  if (bitpix === 16 && scale === 1) {
    const words = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    if (zero === 32768) {
      return (plane, row, into) => {
        const start = (plane * height + row) * width;
        for (let x = 0; x < width; x++) {
          const word = words[start + x]! ^ 0x80;
          into[x] = ((word & 0xff) << 8) | (word >> 8);
        }
      };
    }
  }
  const bytes = new DataView(data.buffer, data.byteOffset, data.length);
  const stored = STORED[bitpix];
  return (plane, row, into) => {
    const start = (plane * height + row) * width * size;
    for (let x = 0; x < width; x++) {
      const value = zero + scale * stored(bytes, start + x * size);
      into[x] = Number.isNaN(value) ? 0 : value;
    }
  };
}

const STORED: Record<Bitpix, (bytes: DataView, offset: number) => number> = {
  8: (bytes, offset) => bytes.getUint8(offset),
  16: (bytes, offset) => bytes.getInt16(offset),
  32: (bytes, offset) => bytes.getInt32(offset),
  [-32]: (bytes, offset) => bytes.getFloat32(offset),
  [-64]: (bytes, offset) => bytes.getFloat64(offset),
};

/** One whole plane as physical values, row after row. */
export function planeOf(view: PixelView, plane = 0): Float32Array {
  const pixels = new Float32Array(view.width * view.height);
  const read = rowReader(view);
  for (let row = 0; row < view.height; row++) {
    read(plane, row, pixels.subarray(row * view.width, (row + 1) * view.width));
  }
  return pixels;
}
