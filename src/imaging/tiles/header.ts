import { type Header, type HeaderValue, textIn } from '../fits-header.ts';

/** What describes the table and the packing, and not the image (FITS 4.0, sections 7.3 and 10.1). */
const OF_THE_TABLE =
  /^(XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|(TTYPE|TFORM|TUNIT|TNULL|TSCAL|TZERO|TDISP|TDIM)\d+|CHECKSUM|DATASUM|BLANK|Z(IMAGE|CMPTYPE|TILE\d+|NAME\d+|VAL\d+|QUANTIZ|DITHER0|SIMPLE|EXTEND|BLOCKED|TENSION|PCOUNT|GCOUNT|SCALE|ZERO|MASKCMP))$/;

/** Keywords of the image whose names the table needs for itself. */
const RENAMED = /^Z(BITPIX|NAXIS\d*|BLANK)$/;
const SUMS = new Map([
  ['ZHECKSUM', 'CHECKSUM'],
  ['ZDATASUM', 'DATASUM'],
]);

/** The header of the image that a table of tiles holds, as unpacking it would write it. */
export function headerOfTiles(table: Header): Header {
  const header = new Map<string, HeaderValue>();
  const quantised = Number(table.get('ZBITPIX')) < 0;
  const blank = table.get('ZBLANK') ?? table.get('BLANK');
  for (const [keyword, value] of table) {
    if (keyword === 'ZBLANK' || OF_THE_TABLE.test(keyword)) continue;
    if (keyword === 'EXTNAME' && textIn(table, keyword) === 'COMPRESSED_IMAGE') continue;
    if (RENAMED.test(keyword)) header.set(keyword.slice(1), value);
    else header.set(SUMS.get(keyword) ?? keyword, value);
  }
  // Of floats it marks the quantised ones, and unpacking has made them NaN.
  if (!quantised && blank !== undefined) header.set('BLANK', blank);
  return header;
}
