import { gzipSync } from 'node:zlib';
import { CHECKSUM_ZERO, sign, sumOf } from './checksum.ts';
import { type Card, formatCards, integer, logical, text } from './fits-card.ts';
import { FITS_BLOCK, type Frame, HEADER_ROOM, pixelsOf } from './frame.ts';
import { packRice, RICE_BLOCK, riceRoom } from './tiles/rice-pack.ts';

/** Of a tile's descriptor in the table: count and offset. */
const DESCRIPTOR = 8;
const CHECK_ROWS = 64;

/**
 * A whole `.fits.fz` file of a frame (FITS 4.0, section 10), each row a tile: integers by RICE_1, floats by GZIP_2, both
 * without loss. The frame stays as it is.
 * @param cards as for `sealFrame`
 * @param check called every few milliseconds; it throws when the work is to stop
 */
export function packFrame(frame: Frame, cards: readonly Card[], check?: () => void): Uint8Array<ArrayBuffer> {
  const rows = frame.height * frame.planes;
  const size = frame.format === 'u16' ? 2 : 4;
  const rowRoom = frame.format === 'f32' ? zippedRoom(frame.width) : riceRoom(frame.width, size);
  const first = primary();
  // Of the same length when all is known: a card is a card.
  const head = Buffer.from(first + tableHeader(frame, cards, { heap: 0, longest: 0, dataSum: 0 }), 'latin1');
  // What is not filled in the end was never touched, and costs nothing.
  const bytes = new Uint8Array(head.length + rows * (DESCRIPTOR + rowRoom) + FITS_BLOCK);
  const table = new DataView(bytes.buffer, head.length, rows * DESCRIPTOR);
  const heap = head.length + rows * DESCRIPTOR;
  const pack = frame.format === 'f32' ? zippedRows(frame) : riceRows(frame);
  let at = heap;
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    const end = pack(row, bytes, at);
    table.setUint32(row * DESCRIPTOR, end - at);
    table.setUint32(row * DESCRIPTOR + 4, at - heap);
    longest = Math.max(longest, end - at);
    at = end;
    if (row % CHECK_ROWS === 0) check?.();
  }
  const length = head.length + Math.ceil((at - head.length) / FITS_BLOCK) * FITS_BLOCK;
  const dataSum = sumOf(bytes.buffer, head.length, length - head.length);
  const known = tableHeader(frame, cards, { heap: at - heap, longest, dataSum });
  bytes.set(Buffer.from(first + known, 'latin1'));
  sign(bytes.subarray(first.length, head.length), dataSum);
  return bytes.subarray(0, length);
}

type PackRow = (row: number, out: Uint8Array, start: number) => number;

function riceRows(frame: Frame): PackRow {
  const values = new DataView(frame.buffer, HEADER_ROOM);
  const pixels = new Int32Array(frame.width);
  const size = frame.format === 'u16' ? 2 : 4;
  return (row, out, start) => {
    const from = row * frame.width * size;
    for (let x = 0; x < pixels.length; x++) {
      pixels[x] = size === 2 ? values.getInt16(from + 2 * x) : values.getInt32(from + 4 * x);
    }
    return packRice(pixels, size, out, start);
  };
}

/** Deflate's stored blocks, and the head and tail of a gzip member. */
const zippedRoom = (width: number): number => 4 * width + 5 * Math.ceil((4 * width) / 16_000) + 64;

function zippedRows(frame: Frame): PackRow {
  const stored = pixelsOf(frame);
  const sorted = new Uint8Array(4 * frame.width);
  return (row, out, start) => {
    const from = 4 * row * frame.width;
    for (let index = 0; index < sorted.length; index++) {
      sorted[(index & 3) * frame.width + (index >> 2)] = stored[from + index]!;
    }
    const zipped = gzipSync(sorted, { level: 1 });
    out.set(zipped, start);
    return start + zipped.length;
  };
}

/** An empty first unit, for a table may not be one. */
const primary = (): string =>
  block([
    logical('SIMPLE', true, 'file conforms to the FITS standard'),
    integer('BITPIX', 8, 'bits per data value'),
    integer('NAXIS', 0, 'the image is in the next unit'),
    logical('EXTEND', true, 'there are extensions'),
  ]);

/** What the image's own header says of its storage, by the names it has beside the table's. */
const RENAMED = /^(SIMPLE|BITPIX|NAXIS\d*|EXTEND)$/;

interface Packed {
  /** Bytes of all tiles, and of the longest. */
  heap: number;
  longest: number;
  dataSum: number;
}

function tableHeader(frame: Frame, cards: readonly Card[], { heap, longest, dataSum }: Packed): string {
  const rice = frame.format !== 'f32';
  const packed = [
    ...(rice
      ? [
          text('ZNAME1', 'BLOCKSIZE'),
          integer('ZVAL1', RICE_BLOCK, 'pixels in a block'),
          text('ZNAME2', 'BYTEPIX'),
          integer('ZVAL2', frame.format === 'u16' ? 2 : 4, 'bytes of a pixel'),
        ]
      : [text('ZQUANTIZ', 'NONE', 'without loss')]),
  ];
  return block([
    text('XTENSION', 'BINTABLE', 'binary table of packed tiles'),
    integer('BITPIX', 8, 'bits per data value'),
    integer('NAXIS', 2, 'number of axes'),
    integer('NAXIS1', DESCRIPTOR, 'bytes of a row'),
    integer('NAXIS2', frame.height * frame.planes, 'rows'),
    integer('PCOUNT', heap, 'bytes behind the table'),
    integer('GCOUNT', 1, 'one group'),
    integer('TFIELDS', 1, 'columns'),
    text('TTYPE1', 'COMPRESSED_DATA', 'packed tile'),
    text('TFORM1', `1PB(${String(longest).padStart(9, '0')})`, 'bytes, of variable length'),
    logical('ZIMAGE', true, 'the table is an image'),
    text('ZCMPTYPE', rice ? 'RICE_1' : 'GZIP_2', 'how it is packed'),
    integer('ZTILE1', frame.width, 'a tile is a row'),
    integer('ZTILE2', 1, 'a tile is a row'),
    ...(frame.planes === 3 ? [integer('ZTILE3', 1, 'a tile is a row')] : []),
    ...packed,
    ...cards.map((card) => (RENAMED.test(card.keyword) ? { ...card, keyword: `Z${card.keyword}` } : card)),
    text('CHECKSUM', CHECKSUM_ZERO, 'HDU checksum'),
    text('DATASUM', String(dataSum), 'data unit checksum'),
  ]);
}

function block(cards: readonly Card[]): string {
  const records = [...formatCards(cards), 'END'.padEnd(80)];
  return records.join('').padEnd(Math.ceil((records.length * 80) / FITS_BLOCK) * FITS_BLOCK);
}
