import type { Bitpix, PixelView } from '../fits-read.ts';
import { isU16 } from '../pixels.ts';

/** Reads `count` physical values of a row from column `x` on into `into`, from index `at` on; NaN stays NaN. */
export type SpanReader = (
  plane: number,
  row: number,
  x: number,
  count: number,
  into: Float32Array,
  at: number,
) => void;

const STORED: Record<Bitpix, (bytes: DataView, offset: number) => number> = {
  8: (bytes, offset) => bytes.getUint8(offset),
  16: (bytes, offset) => bytes.getInt16(offset),
  32: (bytes, offset) => bytes.getInt32(offset),
  [-32]: (bytes, offset) => bytes.getFloat32(offset),
  [-64]: (bytes, offset) => bytes.getFloat64(offset),
};

/** Parts of rows, where whole ones would be too much: a star is some twenty pixels wide. */
export function spanReader(view: PixelView): SpanReader {
  const { width, height, bitpix, zero, scale, data } = view;
  if (isU16(view) && data.byteOffset % 2 === 0) {
    const words = new Uint16Array(data.buffer, data.byteOffset, data.length >> 1);
    return (plane, row, x, count, into, at) => {
      const start = (plane * height + row) * width + x;
      for (let i = 0; i < count; i++) {
        const word = words[start + i]! ^ 0x80;
        into[at + i] = ((word & 0xff) << 8) | (word >> 8);
      }
    };
  }
  const bytes = new DataView(data.buffer, data.byteOffset, data.length);
  const size = Math.abs(bitpix) / 8;
  const stored = STORED[bitpix];
  return (plane, row, x, count, into, at) => {
    const start = ((plane * height + row) * width + x) * size;
    for (let i = 0; i < count; i++) into[at + i] = zero + scale * stored(bytes, start + i * size);
  };
}
