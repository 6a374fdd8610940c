import { arrange } from './arrange.ts';
import type { Bitpix, PixelView } from './fits-read.ts';
import { allocateFrame, type Frame, type FrameShape } from './frame.ts';

/** A value for each pixel: for tests. */
export type Pixels = (x: number, y: number, plane: number) => number;

/** A frame of u16. */
export function frameOf(shape: Omit<FrameShape, 'format'>, value: Pixels): Frame {
  const planes = shape.planes ?? 1;
  const pixels = Uint16Array.from({ length: shape.width * shape.height * planes }, (_, index) => {
    const pixel = Math.floor(index / planes);
    return value(pixel % shape.width, Math.floor(pixel / shape.width), index % planes);
  });
  const frame = allocateFrame({ ...shape, format: 'u16' });
  return arrange(new Uint8Array(pixels.buffer), { element: 'u16', order: 'row-major' }, frame);
}

const WRITE: Record<Bitpix, (bytes: DataView, at: number, value: number) => void> = {
  8: (bytes, at, value) => bytes.setUint8(at, value),
  16: (bytes, at, value) => bytes.setInt16(at, value),
  32: (bytes, at, value) => bytes.setInt32(at, value),
  [-32]: (bytes, at, value) => bytes.setFloat32(at, value),
  [-64]: (bytes, at, value) => bytes.setFloat64(at, value),
};

/** An image of any BITPIX whose physical values, up to rounding, are those given. */
export function viewWith(
  shape: Partial<PixelView> & Pick<PixelView, 'width' | 'height' | 'bitpix'>,
  value: Pixels,
): PixelView {
  const { width, height, bitpix, planes = 1, zero = 0, scale = 1 } = shape;
  const size = Math.abs(bitpix) / 8;
  // One byte in, so that nothing may rely on alignment.
  const data = new Uint8Array(1 + planes * width * height * size).subarray(1);
  const bytes = new DataView(data.buffer, 1);
  for (let plane = 0, at = 0; plane < planes; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at += size)
        WRITE[bitpix](bytes, at, (value(x, y, plane) - zero) / scale);
    }
  }
  return { ...shape, planes, zero, scale, data };
}
