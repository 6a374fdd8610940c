import { readSync } from 'node:fs';
import { BadInput } from '../../core/errors.ts';

const BLOCK = 2880;
const CARD = 80;
/** An index has 14 extensions and headers of a few blocks. */
const MOST_EXTENSIONS = 200;
const MOST_BLOCKS = 400;

/** One extension of an index: a binary table with a single column of raw bytes. */
export interface IndexTable {
  /** Where its bytes begin in the file. */
  readonly at: number;
  readonly rows: number;
  readonly bytes: number;
  readonly header: ReadonlyMap<string, string>;
}

/** An astrometry.net index as FITS: its primary header, and its tables by the name of their column. */
export interface IndexFile {
  readonly primary: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, IndexTable>;
}

/**
 * Reads the headers, not the tables.
 * @param file for messages
 * @throws BadInput when it is no FITS file
 */
export function readIndexFile(file: string, handle: number): IndexFile {
  const primary = readHeader(handle, 0);
  if (!primary?.fields.has('SIMPLE')) throw new BadInput(`${file}: no FITS file`);
  const tables = new Map<string, IndexTable>();
  for (let at = primary.end, count = 0; count < MOST_EXTENSIONS; count++) {
    const found = readHeader(handle, at);
    if (!found) return { primary: primary.fields, tables };
    const rows = Number(found.fields.get('NAXIS2') ?? 0);
    const bytes = Number(found.fields.get('NAXIS1') ?? 0) * rows;
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new BadInput(`${file}: a table has no size`);
    const name = found.fields.get('TTYPE1');
    if (name) tables.set(name, { at: found.end, rows, bytes, header: found.fields });
    at = found.end + Math.ceil(bytes / BLOCK) * BLOCK;
  }
  throw new BadInput(`${file}: more extensions than an index has`);
}

function readHeader(handle: number, at: number) {
  const fields = new Map<string, string>();
  const block = Buffer.alloc(BLOCK);
  for (let blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
    if (readSync(handle, block, 0, BLOCK, at + (blocks - 1) * BLOCK) < BLOCK) return undefined;
    for (let card = 0; card < BLOCK; card += CARD) {
      const text = block.toString('latin1', card, card + CARD);
      const keyword = text.slice(0, 8).trim();
      if (keyword === 'END') return { fields, end: at + blocks * BLOCK };
      if (text[8] === '=') fields.set(keyword, text.slice(10).split('/')[0]!.replaceAll("'", '').trim());
    }
  }
  return undefined;
}
