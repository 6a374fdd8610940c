import { BAYER_PATTERNS, type BayerPattern, shiftBayer } from '../core/bayer.ts';
import { BadInput } from '../core/errors.ts';
import { type Header, numberIn, readHeader, textIn } from './fits-header.ts';
import { FITS_BLOCK, type Frame, HEADER_ROOM, pixelBytes } from './frame.ts';

export type Bitpix = 8 | 16 | 32 | -32 | -64;

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
  /** Of the HDU that holds the image. */
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

/** A side of 65 535 pixels and three planes bound everything that is later allocated from a header. */
const SIDE_LIMIT = 65_535;
const HDU_LIMIT = 64;

/**
 * The first image HDU of a FITS file, two-dimensional or a cube of up to four planes.
 * @param fileBytes of the whole file, where `bytes` is only its beginning: then `data` is cut short too
 * @throws BadInput naming what is wrong; never reads beyond `bytes`
 */
export function readFits(bytes: Uint8Array, fileBytes = bytes.length): FitsImage {
  if (Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== 'SIMPLE') {
    throw new BadInput('no FITS file: it does not begin with SIMPLE');
  }
  let start = 0;
  for (let hdu = 0; hdu < HDU_LIMIT && start < bytes.length; hdu++) {
    const { header, dataStart } = readHeader(bytes, start);
    if (header.get('ZIMAGE') === true)
      throw new BadInput('the image is tile-compressed: unpack it with funpack');
    const length = dataLength(header);
    if (dataStart + length > fileBytes) {
      throw new BadInput(`truncated: ${dataStart + length} bytes announced, ${fileBytes} there`);
    }
    const isImage = hdu === 0 || textIn(header, 'XTENSION') === 'IMAGE';
    if (isImage && axis(header, 0) >= 2) return image(header, bytes.subarray(dataStart, dataStart + length));
    start = dataStart + Math.ceil(length / FITS_BLOCK) * FITS_BLOCK;
  }
  throw new BadInput('the FITS file holds no image');
}

function image(header: Header, data: Uint8Array): FitsImage {
  const [width, height, planes] = [
    axis(header, 1),
    axis(header, 2),
    axis(header, 0) > 2 ? axis(header, 3) : 1,
  ];
  for (let extra = 4; extra <= axis(header, 0); extra++) {
    if (axis(header, extra) !== 1) throw new BadInput(`NAXIS${extra}: an image has at most three axes`);
  }
  if (width < 1 || height < 1 || width > SIDE_LIMIT || height > SIDE_LIMIT) {
    throw new BadInput(`image size ${width} x ${height}: each side must be 1 to ${SIDE_LIMIT}`);
  }
  if (planes < 1 || planes > 4) throw new BadInput(`NAXIS3 = ${planes}: one to four planes can be read`);
  const pattern = bayerOf(header);
  return {
    width,
    height,
    planes,
    bitpix: bitpix(header),
    zero: numberIn(header, 'BZERO') ?? 0,
    scale: numberIn(header, 'BSCALE') ?? 1,
    ...(pattern && planes === 1 && { bayer: pattern }),
    header,
    data,
  };
}

function bayerOf(header: Header): BayerPattern | undefined {
  const named = textIn(header, 'BAYERPAT')?.trim();
  const pattern = BAYER_PATTERNS.find((candidate) => candidate === named);
  return pattern && shiftBayer(pattern, numberIn(header, 'XBAYROFF') ?? 0, numberIn(header, 'YBAYROFF') ?? 0);
}

/** Bytes of the data unit (FITS 4.0, equation 2). */
function dataLength(header: Header): number {
  const axes = axis(header, 0);
  if (axes === 0) return 0;
  let elements = 1;
  for (let index = 1; index <= axes; index++) elements *= axis(header, index);
  const groups = count(header, 'GCOUNT', 1);
  const length = (Math.abs(bitpix(header)) / 8) * groups * (count(header, 'PCOUNT', 0) + elements);
  if (!Number.isSafeInteger(length)) throw new BadInput('NAXISn: the image would be larger than any file');
  return length;
}

/** NAXIS for 0, NAXISn for n. */
function axis(header: Header, index: number): number {
  const value = count(header, index === 0 ? 'NAXIS' : `NAXIS${index}`, undefined);
  if (index === 0 && value > 999) throw new BadInput(`NAXIS = ${value} is out of range`);
  return value;
}

function count(header: Header, keyword: string, absent: number | undefined): number {
  const value = header.get(keyword) ?? absent;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new BadInput(`${keyword} is missing or no count: ${String(value)}`);
  }
  return value;
}

function bitpix(header: Header): Bitpix {
  const value = header.get('BITPIX');
  if (value === 8 || value === 16 || value === 32 || value === -32 || value === -64) return value;
  throw new BadInput(`BITPIX = ${String(value)}: 8, 16, 32, -32 and -64 can be read`);
}
