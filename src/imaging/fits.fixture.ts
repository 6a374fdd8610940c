import { type Card, formatCard, integer, logical, text } from './fits-card.ts';

/** A header of these cards, in whole blocks. */
export function headerOf(cards: readonly Card[]): Buffer {
  const records = [...cards.flatMap(formatCard), 'END'.padEnd(80)].join('');
  return Buffer.from(records.padEnd(Math.ceil(records.length / 2880) * 2880), 'latin1');
}

/** Stored values as FITS has them, padded to whole blocks. */
export function dataOf(bitpix: number, values: readonly number[]): Buffer {
  const size = Math.abs(bitpix) / 8;
  const data = Buffer.alloc(Math.ceil((values.length * size) / 2880) * 2880);
  values.forEach((value, index) => {
    if (bitpix === -32) data.writeFloatBE(value, index * size);
    else if (bitpix === -64) data.writeDoubleBE(value, index * size);
    else if (bitpix === 64) data.writeBigInt64BE(BigInt(value), index * size);
    else if (bitpix === 8) data.writeUInt8(value, index);
    else data.writeIntBE(value, index * size, size);
  });
  return data;
}

const shape = (bitpix: number, axes: readonly number[]): Card[] => [
  integer('BITPIX', bitpix),
  integer('NAXIS', axes.length),
  ...axes.map((length, index) => integer(`NAXIS${index + 1}`, length)),
];

/** A file of one image. */
export const imageFile = (
  bitpix: number,
  axes: readonly number[],
  values: readonly number[],
  more: Card[] = [],
) =>
  Buffer.concat([
    headerOf([logical('SIMPLE', true), ...shape(bitpix, axes), ...more]),
    dataOf(bitpix, values),
  ]);

export const emptyPrimary = (more: Card[] = []) =>
  headerOf([logical('SIMPLE', true), ...shape(8, []), ...more]);

export const extension = (
  kind: 'IMAGE' | 'BINTABLE',
  bitpix: number,
  axes: readonly number[],
  values: readonly number[],
  more: Card[] = [],
) =>
  Buffer.concat([
    headerOf([
      text('XTENSION', kind),
      ...shape(bitpix, axes),
      integer('PCOUNT', 0),
      integer('GCOUNT', 1),
      ...(kind === 'BINTABLE' ? [integer('TFIELDS', 0)] : []),
      ...more,
    ]),
    dataOf(bitpix, values),
  ]);
