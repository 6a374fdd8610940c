import type { StoredBitpix } from './fits-hdu.ts';

/** Pixels as stored, big-endian. */
export interface StoredPixels {
  readonly bitpix: StoredBitpix;
  readonly data: Uint8Array;
}

/** As above without 64-bit integers, of which a double holds the first 53 bits. */
export interface PlainPixels {
  readonly bitpix: Exclude<StoredBitpix, 64>;
  readonly data: Uint8Array;
}

/** Pixels between two calls of `check`: some milliseconds. */
const CHECK_PIXELS = 1 << 18;

/**
 * The same numbers in a type that can say them all: 64-bit integers become doubles, and integers of which some are
 * BLANK (FITS 4.0, section 4.4.2.5) become floats (8 and 16 bits) or doubles (32 bits) with NaN in those places.
 */
export function widened(
  { bitpix, data }: StoredPixels,
  blank: number | undefined,
  check?: () => void,
): PlainPixels {
  if (bitpix < 0) return { bitpix: bitpix as -32 | -64, data };
  const count = data.length / (bitpix / 8);
  const bytes = new DataView(data.buffer, data.byteOffset, data.length);
  const read = INTEGER[bitpix as 8 | 16 | 32 | 64];
  const value = (index: number) => {
    if (index % CHECK_PIXELS === 0) check?.();
    return read(bytes, index);
  };
  if (bitpix !== 64 && (blank === undefined || !includes(count, value, blank))) {
    return { bitpix: bitpix as 8 | 16 | 32, data };
  }
  const wide = bitpix >= 32;
  const view = new DataView(new ArrayBuffer((wide ? 8 : 4) * count));
  for (let index = 0; index < count; index++) {
    const stored = value(index);
    const known = stored === blank ? Number.NaN : stored;
    if (wide) view.setFloat64(8 * index, known);
    else view.setFloat32(4 * index, known);
  }
  return { bitpix: wide ? -64 : -32, data: new Uint8Array(view.buffer) };
}

const INTEGER = {
  8: (bytes: DataView, index: number) => bytes.getUint8(index),
  16: (bytes: DataView, index: number) => bytes.getInt16(2 * index),
  32: (bytes: DataView, index: number) => bytes.getInt32(4 * index),
  // To the nearest double.
  64: (bytes: DataView, index: number) =>
    bytes.getInt32(8 * index) * 2 ** 32 + bytes.getUint32(8 * index + 4),
};

function includes(count: number, value: (index: number) => number, wanted: number): boolean {
  for (let index = 0; index < count; index++) if (value(index) === wanted) return true;
  return false;
}

/** Pixels whose colours lie side by side, as planes one after the other. @param size bytes of one value */
export function inPlanes(data: Uint8Array, planes: number, size: number, check?: () => void): Uint8Array {
  const pixels = data.length / (planes * size);
  const sorted = new Uint8Array(data.length);
  for (let plane = 0; plane < planes; plane++) {
    const start = plane * pixels * size;
    for (let index = 0; index < pixels; index++) {
      if (index % CHECK_PIXELS === 0) check?.();
      const from = (index * planes + plane) * size;
      for (let byte = 0; byte < size; byte++) sorted[start + index * size + byte] = data[from + byte]!;
    }
  }
  return sorted;
}
