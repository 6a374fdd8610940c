import { Fault } from '../core/errors.ts';
import { sumOf } from './checksum.ts';
import { bufferBytes, type Frame, HEADER_ROOM, pixelBytes } from './frame.ts';

export type ElementType = 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32' | 'f64';

/**
 * How a device sends its pixels, in little-endian order. `row-major`: x fastest; `column-major`: y fastest, as in
 * Alpaca's ImageBytes. Colour is interleaved in both: the plane is faster still.
 */
export interface RawLayout {
  element: ElementType;
  order: 'row-major' | 'column-major';
}

const ARRAYS = {
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
};

type Elements = InstanceType<(typeof ARRAYS)[ElementType]>;

/** Rows that are transposed together: their elements of one column share cache lines. */
const BAND = 64;

/** A device's bytes as numbers, ready to be arranged in slices of rows. */
export interface RawPixels {
  readonly elements: Elements;
  readonly order: RawLayout['order'];
}

/** @throws Fault `garbled` when the bytes are not exactly the frame's pixels */
export function rawPixels(source: Uint8Array, layout: RawLayout, frame: Frame): RawPixels {
  const View = ARRAYS[layout.element];
  const count = frame.width * frame.height * frame.planes;
  if (source.length !== count * View.BYTES_PER_ELEMENT) {
    throw new Fault(
      'garbled',
      `the camera sent ${source.length} bytes, ${count * View.BYTES_PER_ELEMENT} make ${frame.width} x ${frame.height} x ${frame.planes}`,
    );
  }
  const bytes = source.byteOffset % View.BYTES_PER_ELEMENT === 0 ? source : source.slice();
  // The buffer may be a shared one, which the array types allow and their common type does not say.
  const buffer = bytes.buffer as ArrayBuffer;
  return { elements: new View(buffer, bytes.byteOffset, count), order: layout.order };
}

/**
 * Fills the rows `rowsFrom` ≤ y < `rowsTo` of the frame. Values stay as they are (an f32 frame rounds what 24 bits
 * cannot hold).
 * @throws Fault `garbled` for a value that the frame's format cannot hold
 */
export function arrangeRows(
  { elements, order }: RawPixels,
  frame: Frame,
  rowsFrom: number,
  rowsTo: number,
): void {
  const { width, height, planes } = frame;
  const encode = ENCODERS[frame.format];
  const put = (source: Elements, plane: number, row: number) =>
    encode(source, frame.buffer, HEADER_ROOM + byteOffset(frame, plane, row));
  if (order === 'row-major' && planes === 1) {
    put(elements.subarray(rowsFrom * width, rowsTo * width), 0, rowsFrom);
    return;
  }
  const scratch = elements.slice(0, BAND * width);
  for (let from = rowsFrom; from < rowsTo; from += BAND) {
    const rows = Math.min(BAND, rowsTo - from);
    for (let plane = 0; plane < planes; plane++) {
      const [start, perColumn, perRow] =
        order === 'column-major'
          ? [from * planes + plane, height * planes, planes]
          : [from * width * planes + plane, planes, width * planes];
      gather(elements, start, perColumn, perRow, scratch, width, rows);
      put(scratch.subarray(0, rows * width), plane, from);
    }
  }
}

/** The whole frame, and its data sum taken. */
export function arrange(source: Uint8Array, layout: RawLayout, frame: Frame): Frame {
  arrangeRows(rawPixels(source, layout, frame), frame, 0, frame.height);
  return { ...frame, dataSum: sumOf(frame.buffer, HEADER_ROOM, bufferBytes(frame) - HEADER_ROOM) };
}

const byteOffset = (frame: Frame, plane: number, row: number): number =>
  (pixelBytes(frame) / frame.height / frame.planes) * (plane * frame.height + row);

function gather(
  from: Elements,
  start: number,
  perColumn: number,
  perRow: number,
  into: Elements,
  width: number,
  rows: number,
): void {
  for (let x = 0; x < width; x++) {
    let source = start + x * perColumn;
    for (let target = x; target < rows * width; target += width) {
      into[target] = from[source]!;
      source += perRow;
    }
  }
}

const ENCODERS: Record<Frame['format'], (from: Elements, into: SharedArrayBuffer, offset: number) => void> = {
  u16(from, buffer, offset) {
    const into = new Uint16Array(buffer, offset, from.length);
    let outside = false;
    for (let index = 0; index < from.length; index++) {
      const value = from[index]!;
      const word = value & 0xffff;
      outside ||= word !== value;
      into[index] = ((word << 8) | (word >> 8)) ^ 0x80;
    }
    if (outside) throw unfit('16 bits without sign');
  },
  i32(from, buffer, offset) {
    const into = new Int32Array(buffer, offset, from.length);
    let outside = false;
    for (let index = 0; index < from.length; index++) {
      const value = from[index]!;
      const word = value | 0;
      outside ||= word !== value;
      into[index] = swap32(word);
    }
    if (outside) throw unfit('32 bits with sign');
  },
  f32(from, buffer, offset) {
    const into = new Int32Array(buffer, offset, from.length);
    const bits = new Int32Array(Float32Array.from(from).buffer);
    for (let index = 0; index < from.length; index++) into[index] = swap32(bits[index]!);
  },
};

const swap32 = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

const unfit = (held: string): Fault =>
  new Fault('garbled', `the camera sent a pixel value that ${held} cannot hold`);
