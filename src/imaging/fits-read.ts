import { BAYER_PATTERNS, type BayerPattern, shiftBayer } from '../core/bayer.ts';
import { BadInput } from '../core/errors.ts';
import { axisIn, bitpixIn, HDU_LIMIT, type Hdu, hduLength, readHdu } from './fits-hdu.ts';
import { type Header, numberIn, textIn } from './fits-header.ts';
import { shapeOfAxes } from './fits-shape.ts';
import { inPlanes, type PlainPixels, widened } from './fits-widen.ts';
import { type Frame, HEADER_ROOM, pixelBytes } from './frame.ts';
import { headerOfTiles } from './tiles/header.ts';
import { unpackTiles } from './tiles/unpack.ts';

/** Of pixels in memory: 64-bit integers are read as doubles. */
export type Bitpix = PlainPixels['bitpix'];

/** Pixels to look at: a frame or an image of a FITS file. Physical value = zero + scale × stored. */
export interface PixelView {
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly bitpix: Bitpix;
  readonly zero: number;
  readonly scale: number;
  readonly bayer?: BayerPattern;
  /** Exactly the stored pixels, big-endian, planes one after the other. */
  readonly data: Uint8Array;
}

export interface FitsImage extends PixelView {
  /** Of the unit that holds the image, as if unpacked; where it is silent, of the file's first unit. */
  readonly header: Header;
}

export function viewOf(frame: Frame): PixelView {
  const { width, height, planes, format } = frame;
  return {
    width,
    height,
    planes,
    bitpix: format === 'u16' ? 16 : format === 'i32' ? 32 : -32,
    zero: format === 'u16' ? 32768 : 0,
    scale: 1,
    ...(frame.bayer && { bayer: frame.bayer }),
    data: new Uint8Array(frame.buffer, HEADER_ROOM, pixelBytes(frame)),
  };
}

/**
 * The first image of a FITS file, two-dimensional or of up to four planes, plain or packed in tiles (`.fz`).
 * @param fileBytes of the whole file, where `file` is only its beginning: then `data` is cut short too
 * @param check called every few milliseconds of unpacking; it throws when the work is to stop
 * @throws BadInput naming what is wrong; never reads beyond its bytes
 */
export function readFits(file: Uint8Array, fileBytes = file.length, check?: () => void): FitsImage {
  // A Buffer's slice() would be no copy, which users of `data` take it for.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  const { hdu, dataStart, primary } = find(bytes, fileBytes);
  return imageOf(hdu, bytes.subarray(dataStart, dataStart + hdu.dataLength), primary, check);
}

/** What is said of the image that `readFits` would read, in no time: its `data` are empty. */
export function describeFits(file: Uint8Array): FitsImage {
  const { hdu, primary } = find(file, file.length);
  return imageOf(hdu, new Uint8Array(0), primary);
}

function find(bytes: Uint8Array, fileBytes: number): { hdu: Hdu; dataStart: number; primary: Header } {
  let start = 0;
  let primary: Header | undefined;
  for (let index = 0; index < HDU_LIMIT && (start < bytes.length || index === 0); index++) {
    const hdu = readHdu(bytes, start, index === 0, fileBytes - start);
    primary ??= hdu.header;
    if (hdu.kind !== 'other') return { hdu, dataStart: start + hdu.headerLength, primary };
    start += hduLength(hdu);
  }
  throw new BadInput('the FITS file holds no image');
}

/**
 * The image of a unit of kind `image` or `tiles`.
 * @param data the data unit; where it is cut short, the pixels are those that are there, as stored; of tiles none
 * @param primary header of the file's first unit
 */
export function imageOf(hdu: Hdu, data: Uint8Array, primary: Header, check?: () => void): FitsImage {
  const own = hdu.kind === 'tiles' ? headerOfTiles(hdu.header) : hdu.header;
  const header = own.get('INHERIT') === false ? own : inherited(own, primary);
  const axes = Array.from({ length: axisIn(own, 0) }, (_, index) => axisIn(own, index + 1));
  const stored = bitpixIn(own);
  const size = Math.abs(stored) / 8;
  const { interleaved, ...shape } = shapeOfAxes(axes, size);
  const { width, height, planes } = shape;
  const length = width * height * planes * size;
  const about = { ...shape, ...meaning(header, planes), header };
  if (data.length < hdu.dataLength) {
    const there = hdu.kind === 'image' ? data.subarray(0, length) : new Uint8Array(0);
    return { ...about, bitpix: stored === 64 ? -64 : stored, data: there };
  }
  const unpacked = hdu.kind === 'tiles' ? unpackTiles(hdu.header, data, check) : data.subarray(0, length);
  const sorted = interleaved ? inPlanes(unpacked, planes, size, check) : unpacked;
  return { ...about, ...widened({ bitpix: stored, data: sorted }, numberIn(own, 'BLANK'), check) };
}

function meaning(header: Header, planes: number): Pick<PixelView, 'zero' | 'scale' | 'bayer'> {
  const bayer = planes === 1 ? bayerOf(header) : undefined;
  return {
    zero: numberIn(header, 'BZERO') ?? 0,
    scale: numberIn(header, 'BSCALE') ?? 1,
    ...(bayer && { bayer }),
  };
}

function bayerOf(header: Header): BayerPattern | undefined {
  const named = textIn(header, 'BAYERPAT')?.trim();
  const pattern = BAYER_PATTERNS.find((candidate) => candidate === named);
  return pattern && shiftBayer(pattern, numberIn(header, 'XBAYROFF') ?? 0, numberIn(header, 'YBAYROFF') ?? 0);
}

/** What belongs to one unit alone. */
const OF_ITS_UNIT =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BZERO|BSCALE|BLANK|EXTNAME|EXTVER|CHECKSUM|DATASUM)$/;

/** Telescopes with many chips say once, in the first unit, what holds for all (FITS 4.0, appendix K). */
function inherited(own: Header, primary: Header): Header {
  if (own === primary) return own;
  const merged = new Map(own);
  for (const [keyword, value] of primary) {
    if (!merged.has(keyword) && !OF_ITS_UNIT.test(keyword)) merged.set(keyword, value);
  }
  return merged;
}
