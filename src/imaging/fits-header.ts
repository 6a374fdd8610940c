import { BadInput } from '../core/errors.ts';
import { CARD_LENGTH } from './fits-card.ts';
import { FITS_BLOCK } from './frame.ts';

export type HeaderValue = string | number | boolean | undefined;

/** Keyword values of one header; the first of a repeated keyword counts, as with cfitsio. */
export type Header = ReadonlyMap<string, HeaderValue>;

/** 728 blocks, 26 214 cards: beyond any camera's or stacker's header. */
export const HEADER_LIMIT = 728 * FITS_BLOCK;

/** Length of the header that begins at `start`, whole blocks; undefined where `bytes` end before its END. */
export function headerLength(bytes: Uint8Array, start = 0): number | undefined {
  const limit = Math.min(bytes.length, start + HEADER_LIMIT);
  for (let at = start; at + CARD_LENGTH <= limit; at += CARD_LENGTH) {
    if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x4e || bytes[at + 2] !== 0x44) continue;
    if (bytes.subarray(at + 3, at + 8).some((code) => code !== 0x20)) continue;
    return Math.ceil((at + CARD_LENGTH - start) / FITS_BLOCK) * FITS_BLOCK;
  }
  return undefined;
}

/**
 * One header (FITS 4.0, section 4).
 * @param start of the header in `bytes`
 * @returns the values and where the data unit begins
 * @throws BadInput for bytes that are no header, a header without END or one longer than 2 MB
 */
export function readHeader(bytes: Uint8Array, start = 0): { header: Header; dataStart: number } {
  const header = new Map<string, HeaderValue>();
  const limit = Math.min(bytes.length, start + HEADER_LIMIT);
  let long: LongText | undefined;
  for (let at = start; at + CARD_LENGTH <= limit; at += CARD_LENGTH) {
    const record = Buffer.from(bytes.buffer, bytes.byteOffset + at, CARD_LENGTH).toString('latin1');
    if (!/^[A-Z0-9_-]* *$/.test(record.slice(0, 8))) {
      throw new BadInput(at === start ? 'no FITS file' : `the FITS header is damaged at byte ${at}`);
    }
    const keyword = record.slice(0, 8).trimEnd();
    if (keyword === 'END') {
      if (long) header.set(long.keyword, joined(long));
      return { header, dataStart: start + Math.ceil((at + CARD_LENGTH - start) / FITS_BLOCK) * FITS_BLOCK };
    }
    const piece = keyword === 'CONTINUE' && long ? parseValue(record.slice(8)) : undefined;
    if (long && typeof piece === 'string' && long.pieces.at(-1)?.endsWith('&')) {
      long.pieces.push(piece);
      continue;
    }
    if (long) header.set(long.keyword, joined(long));
    long = undefined;
    if (!record.startsWith('= ', 8) || header.has(keyword)) continue;
    const value = parseValue(record.slice(10));
    header.set(keyword, value);
    if (typeof value === 'string' && value.endsWith('&')) long = { keyword, pieces: [value] };
  }
  throw new BadInput(
    limit < bytes.length ? 'the FITS header is longer than 2 MB' : 'the FITS header has no END: truncated?',
  );
}

/** A string that goes on in CONTINUE records (FITS 4.0, section 4.2.1.2): each piece but the last ends in `&`. */
interface LongText {
  keyword: string;
  pieces: string[];
}

const joined = ({ pieces }: LongText): string =>
  pieces.map((piece, index) => (index < pieces.length - 1 ? piece.slice(0, -1) : piece)).join('');

function parseValue(field: string): HeaderValue {
  const quoted = /^\s*'((?:[^']|'')*)'/.exec(field);
  if (quoted) return quoted[1]!.replaceAll("''", "'").trimEnd();
  const word = field.split('/', 1)[0]!.trim();
  if (word === 'T' || word === 'F') return word === 'T';
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([ED][+-]?\d+)?$/i.test(word)
    ? Number(word.replace(/d/i, 'E'))
    : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

export const numberIn = (header: Header, keyword: string): number | undefined => {
  const value = header.get(keyword);
  return typeof value === 'number' ? value : undefined;
};

export const textIn = (header: Header, keyword: string): string | undefined => {
  const value = header.get(keyword);
  return typeof value === 'string' ? value : undefined;
};
