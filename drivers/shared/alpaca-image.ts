import { Fault } from '../../src/core/errors.ts';
import type { RawLayout } from '../../src/device/driver.ts';
import type { PixelFormat } from '../../src/imaging/frame.ts';
import type { HttpReply } from '../../src/wire/link.ts';
import { alpacaFault, alpacaReply } from './alpaca.ts';

export const IMAGE_BYTES = 'application/imagebytes';
const HEADER_BYTES = 44;

/** An image as Alpaca sends it: column by column, colour innermost. */
export interface AlpacaImage {
  width: number;
  height: number;
  planes: 1 | 3;
  raw: Uint8Array;
  layout: RawLayout;
}

type Element = RawLayout['element'];

/** Transmission element types that a camera may use ("Alpaca ImageBytes", array types). */
const ELEMENTS: Readonly<Record<number, { element: Element; bytes: number }>> = {
  1: { element: 'i16', bytes: 2 },
  2: { element: 'i32', bytes: 4 },
  3: { element: 'f64', bytes: 8 },
  4: { element: 'f32', bytes: 4 },
  6: { element: 'u8', bytes: 1 },
  8: { element: 'u16', bytes: 2 },
  9: { element: 'u32', bytes: 4 },
};

/**
 * Reads either form of `imagearray`.
 * @param width of the frame that was asked for; nothing else is taken
 * @throws Fault `garbled`, or what the device says went wrong
 */
export function readImage(reply: HttpReply, width: number, height: number): AlpacaImage {
  const binary = (reply.headers['content-type'] ?? '').toLowerCase().startsWith(IMAGE_BYTES);
  const image = binary ? fromBytes(reply.body) : fromJson(alpacaReply(reply, 'imagearray'), width, height);
  if (image.width !== width || image.height !== height) {
    throw new Fault(
      'garbled',
      `the camera sent ${image.width} × ${image.height} pixels where ${width} × ${height} were asked for`,
    );
  }
  return image;
}

/** The format in which such an image is kept. @param maxAdu the camera's largest integer value */
export function formatOf({ layout: { element } }: AlpacaImage, maxAdu: number): PixelFormat {
  if (element === 'f32' || element === 'f64') return 'f32';
  return maxAdu <= 0xffff ? 'u16' : 'i32';
}

function fromBytes(body: Uint8Array): AlpacaImage {
  if (body.length < HEADER_BYTES) throw new Fault('garbled', `an ImageBytes answer of ${body.length} bytes`);
  const header = new DataView(body.buffer, body.byteOffset, HEADER_BYTES);
  const field = (index: number) => header.getInt32(4 * index, true);
  const [version, error, start, type, rank] = [field(0), field(1), field(4), field(6), field(7)];
  if (version !== 1) throw new Fault('garbled', `ImageBytes of version ${version}`);
  if (start < HEADER_BYTES || start > body.length) throw new Fault('garbled', `ImageBytes data at ${start}`);
  if (error !== 0) throw alpacaFault('imagearray', error, Buffer.from(body.subarray(start)).toString());
  const known = ELEMENTS[type];
  if (!known) throw new Fault('garbled', `ImageBytes elements of type ${type}`);
  const [width, height] = [field(8), field(9)];
  const planes = planesOf(rank, field(10));
  const raw = body.subarray(start);
  if (!(width > 0 && height > 0) || raw.length !== width * height * planes * known.bytes) {
    throw new Fault('garbled', `ImageBytes of ${width} × ${height} × ${planes} in ${raw.length} bytes`);
  }
  return { width, height, planes, raw, layout: { element: known.element, order: 'column-major' } };
}

/** Slow, and large: ten bytes a pixel parsed in one go. For servers that know nothing better. */
function fromJson(reply: Readonly<Record<string, unknown>>, width: number, height: number): AlpacaImage {
  const { Type, Rank, Value } = reply;
  const columns = listOf(Value, width);
  const planes =
    Rank === 3 ? planesOf(3, listOf(listOf(columns[0], height)[0]).length) : planesOf(Number(Rank), 0);
  const whole = Type !== 3;
  const elements = whole
    ? new Int32Array(width * height * planes)
    : new Float64Array(width * height * planes);
  let at = 0;
  const put = (value: unknown) => {
    if (!(whole ? isInt32(value) : Number.isFinite(value)))
      throw new Fault('garbled', 'a pixel is no number');
    elements[at++] = value as number;
  };
  for (const column of columns) {
    for (const pixel of listOf(column, height)) {
      if (planes === 1 && Rank === 2) put(pixel);
      else for (const value of listOf(pixel, planes)) put(value);
    }
  }
  const layout: RawLayout = { element: whole ? 'i32' : 'f64', order: 'column-major' };
  return { width, height, planes, raw: new Uint8Array(elements.buffer), layout };
}

function planesOf(rank: number, third: number): 1 | 3 {
  if (rank === 2 || (rank === 3 && third === 1)) return 1;
  if (rank === 3 && third === 3) return 3;
  throw new Fault('garbled', `an image of rank ${rank} with ${third} planes`);
}

function listOf(value: unknown, length?: number): readonly unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  const found = Array.isArray(value) ? `${value.length} values` : 'no list';
  throw new Fault('garbled', `imagearray: ${found} where ${length ?? 'some'} were expected`);
}

const isInt32 = (value: unknown): value is number => typeof value === 'number' && (value | 0) === value;
