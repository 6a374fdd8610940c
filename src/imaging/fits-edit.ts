import { statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BadInput } from '../core/errors.ts';
import { CHECKSUM_ZERO, sign } from './checksum.ts';
import { CARD_LENGTH, type Card, formatCard, text } from './fits-card.ts';
import { HEADER_LIMIT, readHeader, textIn } from './fits-header.ts';
import { named } from './fits-open.ts';
import { type FitsSource, findImage, openSource } from './fits-source.ts';
import { FITS_BLOCK } from './frame.ts';

/**
 * Cards of older coordinates, which go when new ones come: programs read whichever they know (FITS 4.0, table 22; SIP
 * convention; RADECSYS and EPOCH are what RADESYS and EQUINOX were called).
 */
export const WCS_KEYWORDS =
  /^(WCSAXES|WCSNAME|RADESYS|RADECSYS|EQUINOX|EPOCH|LONPOLE|LATPOLE|(CTYPE|CUNIT|CRVAL|CRPIX|CDELT|CROTA|CRDER|CSYER)\d|(CD|PC)\d_\d|P[VS]\d_\d+|(A|B|AP|BP)_(ORDER|DMAX|\d_\d)|PLTSOLVD)$/;

/** What the data depend on, and what this file renews itself. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BZERO|BSCALE|BLANK|TFIELDS|THEAP|T(TYPE|FORM)\d+|Z(IMAGE|BITPIX|NAXIS\d*|CMPTYPE|TILE\d+|NAME\d+|VAL\d+)|CHECKSUM|DATASUM|COMMENT|HISTORY|CONTINUE|END)$/;

const keywordOf = (record: string): string => record.slice(0, 8).trimEnd();

/**
 * The header of one unit with other cards: those of the same keyword replaced where they stand, the rest added behind, in
 * their order; so are those whose keyword goes (WCSAXES must precede the others: FITS 4.0, section 8.2). The data stay as they are, and DATASUM with them; CHECKSUM is renewed (FITS 4.0, section 4.4.2.7), or taken out where
 * there is no DATASUM to renew it from.
 * @param header whole blocks, from the first card to the end of the header
 * @param without keywords that go before
 * @throws BadInput for cards that say how the data are stored, or a header that becomes too long
 */
export function withCards(
  header: Uint8Array,
  cards: readonly Card[],
  without?: RegExp,
): Uint8Array<ArrayBuffer> {
  const { header: values } = readHeader(header);
  for (const { keyword } of cards) {
    if (STRUCTURE.test(keyword))
      throw new BadInput(`FITS keyword ${keyword} cannot be changed without the data`);
  }
  const dataSum = /^\d{1,10}$/.exec(textIn(values, 'DATASUM') ?? '')?.[0];
  const checked = dataSum !== undefined && values.has('CHECKSUM');
  const wanted = new Map(cards.map((card) => [card.keyword, card]));
  const records = replaced(recordsOf(header), wanted, (keyword) => {
    return keyword === 'CHECKSUM' ? !checked : (without?.test(keyword) ?? false);
  });
  if (checked) {
    const at = records.findIndex((record) => keywordOf(record) === 'CHECKSUM');
    records.splice(at, 1, ...formatCard(text('CHECKSUM', CHECKSUM_ZERO, 'HDU checksum')));
  }
  records.push('END');
  const length = Math.ceil((records.length * CARD_LENGTH) / FITS_BLOCK) * FITS_BLOCK;
  if (length > HEADER_LIMIT) throw new BadInput('the FITS header would be longer than 2 MB');
  const bytes = new Uint8Array(length).fill(0x20);
  const written = Buffer.from(bytes.buffer);
  records.forEach((record, index) => void written.write(record, index * CARD_LENGTH, 'latin1'));
  if (checked) sign(bytes, Number(dataSum));
  return bytes;
}

/** Up to END, without blank ones in front of it: room that somebody left for cards. */
function recordsOf(header: Uint8Array): string[] {
  const records: string[] = [];
  for (let at = 0; at < header.length; at += CARD_LENGTH) {
    const record = Buffer.from(header.buffer, header.byteOffset + at, CARD_LENGTH).toString('latin1');
    if (keywordOf(record) === 'END') break;
    records.push(record);
  }
  while (records.at(-1)?.trim() === '') records.pop();
  return records;
}

/** @param wanted by keyword; @param dropped keywords that are not kept where they stand */
function replaced(
  records: readonly string[],
  wanted: ReadonlyMap<string, Card>,
  dropped: (keyword: string) => boolean,
): string[] {
  const result: string[] = [];
  const left = new Map(wanted);
  let skipping = false;
  for (const record of records) {
    const keyword = keywordOf(record);
    // A long text goes with the card that it continues.
    if (keyword === 'CONTINUE' && skipping) continue;
    const goes = dropped(keyword);
    skipping = goes || wanted.has(keyword);
    if (!skipping) result.push(record);
    const card = left.get(keyword);
    if (!card || goes) continue;
    left.delete(keyword);
    result.push(...formatCard(card));
  }
  return [...result, ...[...left.values()].flatMap(formatCard)];
}

export interface Reheaded {
  /** The file's bytes before this stay. */
  at: number;
  /** Comes next … */
  header: Uint8Array<ArrayBuffer>;
  /** … and then the file's bytes from here on. */
  from: number;
  /** Bytes of it all. */
  size: number;
}

/**
 * How a file reads whose image has other cards in its header, as `withCards`. @throws BadInput that begins with the
 * file's name; for a gzipped file too
 */
export function reheaded(file: string, cards: readonly Card[], without?: RegExp): Promise<Reheaded> {
  return named(file, async () => {
    const source = await openSource(file);
    try {
      if (source.unzipped) throw new BadInput('gzipped: unpack it first');
      return await reheadedSource(source, cards, without);
    } finally {
      await source.close();
    }
  });
}

async function reheadedSource(
  source: FitsSource,
  cards: readonly Card[],
  without?: RegExp,
): Promise<Reheaded> {
  const { hdu, start } = await findImage(source);
  const header = withCards(await source.read(start, hdu.headerLength), cards, without);
  const from = start + hdu.headerLength;
  return { at: start, header, from, size: source.size - hdu.headerLength + header.length };
}

const COPIED_AT_ONCE = 4 << 20;

/**
 * Writes a copy with other cards in its image's header, as `withCards`: under a temporary name first. A gzipped file is
 * written unpacked; one that is packed in tiles stays so.
 * @throws BadInput that begins with the name of the file that cannot be read or written
 */
export async function copyWithCards(
  file: string,
  target: string,
  cards: readonly Card[],
  without?: RegExp,
  check?: () => void,
): Promise<void> {
  const source = await named(file, () => openSource(file, check));
  try {
    const { at, header, from } = await named(file, () => reheadedSource(source, cards, without));
    await writeWhole(target, async (write) => {
      await copy(source, 0, at, write);
      await write(header);
      await copy(source, from, source.size, write);
    });
  } finally {
    await source.close();
  }
}

type Write = (bytes: Uint8Array) => Promise<unknown>;

async function copy(source: FitsSource, from: number, to: number, write: Write): Promise<void> {
  for (let at = from; at < to; at += COPIED_AT_ONCE) {
    await write(await source.read(at, Math.min(COPIED_AT_ONCE, to - at)));
  }
}

/** All of it appears under the name, or nothing; what is there and no file stays: it may be a device. */
async function writeWhole(target: string, fill: (write: Write) => Promise<void>): Promise<void> {
  const there = statSync(target, { throwIfNoEntry: false });
  if (there && !there.isFile())
    throw new BadInput(`${target}: is ${there.isDirectory() ? 'a directory' : 'no file'}`);
  const temporary = join(dirname(target), `.${basename(target)}.part`);
  const handle = await named(target, () => open(temporary, 'w'));
  try {
    await fill((bytes) => handle.writeFile(bytes));
    await handle.sync();
    await handle.close();
    await named(target, () => rename(temporary, target));
  } catch (thrown) {
    await handle.close();
    await rm(temporary, { force: true });
    throw thrown;
  }
}
