import { BadInput } from '../core/errors.ts';
import { type Header, readHeader, textIn } from './fits-header.ts';
import { FITS_BLOCK } from './frame.ts';

/** What FITS can store (FITS 4.0, table 8). */
export type StoredBitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** One header-and-data unit: an image, an image packed in tiles, or something to step over. */
export interface Hdu {
  readonly kind: 'image' | 'tiles' | 'other';
  readonly header: Header;
  /** Bytes, whole blocks. */
  readonly headerLength: number;
  /** Bytes, without the padding. */
  readonly dataLength: number;
}

/** The next unit begins this far behind the start of this one. */
export const hduLength = ({ headerLength, dataLength }: Hdu): number =>
  headerLength + Math.ceil(dataLength / FITS_BLOCK) * FITS_BLOCK;

/** Units that are looked at before the image; also bounds the walk through a file of empty ones. */
export const HDU_LIMIT = 64;

/**
 * The unit that begins at `start`.
 * @param fileBytes the data unit may not end behind them
 * @throws BadInput for a header that is damaged or says what cannot be
 */
export function readHdu(bytes: Uint8Array, start: number, isFirst: boolean, leftInFile: number): Hdu {
  if (isFirst && Buffer.from(bytes.subarray(start, start + 6)).toString('latin1') !== 'SIMPLE') {
    throw new BadInput('no FITS file: it does not begin with SIMPLE');
  }
  const { header, dataStart } = readHeader(bytes, start);
  const headerLength = dataStart - start;
  const dataLength = dataLengthOf(header);
  if (headerLength + dataLength > leftInFile) {
    throw new BadInput(`truncated: ${headerLength + dataLength} bytes announced, ${leftInFile} there`);
  }
  return { kind: kindOf(header, isFirst), header, headerLength, dataLength };
}

function kindOf(header: Header, isFirst: boolean): Hdu['kind'] {
  const extension = textIn(header, 'XTENSION');
  if (header.get('ZIMAGE') === true) return countIn(header, 'ZNAXIS') >= 2 ? 'tiles' : 'other';
  return (isFirst || extension === 'IMAGE') && axisIn(header, 0) >= 2 ? 'image' : 'other';
}

/** Bytes of the data unit (FITS 4.0, equation 2). */
function dataLengthOf(header: Header): number {
  const axes = axisIn(header, 0);
  if (axes === 0) return 0;
  let elements = 1;
  for (let index = 1; index <= axes; index++) elements *= axisIn(header, index);
  const size = Math.abs(bitpixIn(header)) / 8;
  const length = size * countIn(header, 'GCOUNT', 1) * (countIn(header, 'PCOUNT', 0) + elements);
  if (!Number.isSafeInteger(length)) throw new BadInput('NAXISn: the image would be larger than any file');
  return length;
}

/**
 * NAXIS for 0, NAXISn for n.
 * @param letter `Z` for the image that a table of tiles holds
 */
export function axisIn(header: Header, index: number, letter: '' | 'Z' = ''): number {
  const value = countIn(header, `${letter}NAXIS${index === 0 ? '' : index}`);
  if (index === 0 && value > 999) throw new BadInput(`NAXIS = ${value} is out of range`);
  return value;
}

/** @throws BadInput for what is no count, or is not there and has no value `absent` */
export function countIn(header: Header, keyword: string, absent?: number): number {
  const value = header.get(keyword) ?? absent;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new BadInput(`${keyword} is missing or no count: ${String(value)}`);
  }
  return value;
}

export function bitpixIn(header: Header, keyword: 'BITPIX' | 'ZBITPIX' = 'BITPIX'): StoredBitpix {
  const value = header.get(keyword);
  if (value === 8 || value === 16 || value === 32 || value === 64 || value === -32 || value === -64) {
    return value;
  }
  throw new BadInput(`${keyword} = ${String(value)}: 8, 16, 32, 64, -32 and -64 can be read`);
}
