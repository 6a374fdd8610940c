import { BadInput } from '../core/errors.ts';

export const CARD_LENGTH = 80;

/** One FITS keyword record. `real` is always written with a decimal point, `integer` never. */
export type Card =
  | { keyword: string; kind: 'text'; value: string; comment?: string }
  | { keyword: string; kind: 'integer' | 'real'; value: number; comment?: string }
  | { keyword: string; kind: 'logical'; value: boolean; comment?: string };

export const text = (keyword: string, value: string, comment = ''): Card => ({
  keyword,
  kind: 'text',
  value,
  comment,
});
export const integer = (keyword: string, value: number, comment = ''): Card => ({
  keyword,
  kind: 'integer',
  value,
  comment,
});
export const real = (keyword: string, value: number, comment = ''): Card => ({
  keyword,
  kind: 'real',
  value,
  comment,
});
export const logical = (keyword: string, value: boolean, comment = ''): Card => ({
  keyword,
  kind: 'logical',
  value,
  comment,
});

/**
 * The 80-character records of a card, by FITS 4.0, section 4.2: values in fixed format; a real of more than 20
 * digits in free format, for a rounded one would not read back; strings of more than 68 characters continued by
 * the CONTINUE convention (section 4.2.1.2). Comments are cut where they do not fit.
 * @throws BadInput for an illegal keyword or a number FITS cannot hold
 */
export function formatCard(card: Card): string[] {
  if (!/^[A-Z0-9_-]{1,8}$/.test(card.keyword)) {
    throw new BadInput(`FITS keyword '${card.keyword}': use 1–8 of A–Z, 0–9, - and _`);
  }
  const head = `${card.keyword.padEnd(8)}= `;
  const comment = printable(card.comment ?? '');
  if (card.kind === 'text') return formatText(head, printable(card.value), comment);
  const value = card.kind === 'logical' ? (card.value ? 'T' : 'F') : formatNumber(card);
  return [finish(head + value.padStart(20), comment)];
}

/** The records of a header but END. Where texts are continued, older readers look for LONGSTRN. */
export function formatCards(cards: readonly Card[]): string[] {
  const records = cards.flatMap(formatCard);
  if (!records.some((record) => record.startsWith('CONTINUE'))) return records;
  return [...records, ...formatCard(text('LONGSTRN', 'OGIP 1.0', 'older readers look for this'))];
}

/** FITS text is ASCII 32…126 (section 4.2.1): accents are dropped, the rest becomes `?`. */
export const printable = (value: string): string =>
  value
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^ -~]/gu, '?');

function formatNumber(card: { keyword: string; kind: 'integer' | 'real'; value: number }): string {
  const { value } = card;
  if (!Number.isFinite(value)) throw new BadInput(`FITS keyword ${card.keyword}: ${value} cannot be written`);
  if (card.kind === 'integer') {
    if (!Number.isSafeInteger(value))
      throw new BadInput(`FITS keyword ${card.keyword}: ${value} is no integer`);
    return value.toFixed(0);
  }
  const [digits = '', exponent] = String(value).split('e');
  const mantissa = digits.includes('.') ? digits : `${digits}.0`;
  return exponent === undefined ? mantissa : `${mantissa}E${exponent.replace('+', '')}`;
}

/** Between the quotes of one record: 80 − `KEYWORD = ` − two quotes. */
const TEXT_LENGTH = 68;

function formatText(head: string, value: string, comment: string): string[] {
  const escaped = value.replaceAll("'", "''");
  if (escaped.length <= TEXT_LENGTH) return [finish(head + `'${escaped.padEnd(8)}'`.padEnd(20), comment)];
  const pieces: string[] = [];
  for (let rest = escaped; rest.length > 0; ) {
    let length = rest.length <= TEXT_LENGTH ? rest.length : TEXT_LENGTH - 1;
    // A doubled quote is one character and stays in one record.
    if (length < rest.length && (/'*$/.exec(rest.slice(0, length))?.[0].length ?? 0) % 2 === 1) length--;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return pieces.map((piece, index) => {
    const last = index === pieces.length - 1;
    const start = index === 0 ? head : 'CONTINUE  ';
    return finish(`${start}'${piece}${last ? '' : '&'}'`, last ? comment : '');
  });
}

function finish(record: string, comment: string): string {
  const whole = comment && record.length < CARD_LENGTH - 4 ? `${record} / ${comment}` : record;
  return whole.slice(0, CARD_LENGTH).padEnd(CARD_LENGTH);
}

/** Structure, integrity, identity and what a file is filed by: a client may not set these. */
const RESERVED =
  /^(SIMPLE|BITPIX|NAXIS\d*|EXTEND|XTENSION|PCOUNT|GCOUNT|BZERO|BSCALE|BLANK|DATE-OBS|EXPTIME|END|CONTINUE|CHECKSUM|DATASUM|COMMENT|HISTORY|NJ-.*)$/;

/**
 * A card that a client asks for (INDI's FITS_HEADER gives three texts). Text that reads as a number is written as one.
 * @throws BadInput for an illegal keyword or one that is not the client's to set
 */
export function clientCard(keyword: string, value: string, comment = ''): Card {
  const name = keyword.trim().toUpperCase();
  if (RESERVED.test(name)) throw new BadInput(`FITS keyword ${name} is written by the camera server itself`);
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : Number.NaN;
  const card: Card =
    Number.isSafeInteger(number) && !/[.e]/i.test(value)
      ? integer(name, number, comment)
      : Number.isFinite(number)
        ? real(name, number, comment)
        : text(name, value.slice(0, 1000), comment);
  formatCard(card);
  return card;
}

/** The cards with the client's in place of those of the same keyword, the others of the client's behind. */
export function withClientCards(cards: readonly Card[], client: readonly Card[]): Card[] {
  const own = new Set(cards.map((card) => card.keyword));
  const theirs = new Map(client.map((card) => [card.keyword, card]));
  return [
    ...cards.map((card) => theirs.get(card.keyword) ?? card),
    ...[...theirs.values()].filter((card) => !own.has(card.keyword)),
  ];
}
