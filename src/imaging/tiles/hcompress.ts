import { BadInput } from '../../core/errors.ts';
import { BitReader } from './bits.ts';
import { invertH } from './h-transform.ts';

const MAGIC = 0xdd99;
/** A tile is held as doubles, with half as much beside. */
const HCOMPRESS_PIXELS = 2 ** 25;

/**
 * Unpacks one tile of HCOMPRESS_1 (FITS 4.0, section 10.4.4; White, Postman and Lattanzi 1992): the bit planes of an
 * H-transform, each a quadtree whose nodes say by four bits which quarters hold something.
 * @param smooth interpolate between neighbours what rounding has taken (parameter SMOOTH)
 * @throws BadInput for what is no such tile, or one of another size
 */
export function unpackHcompress(packed: Uint8Array, smooth: boolean, into: Int32Array): void {
  const bits = new BitReader(packed);
  if (bits.bits(16) !== MAGIC) throw new BadInput('a tile is not packed by HCOMPRESS');
  const [rows, columns, scale] = [bits.integer(4), bits.integer(4), bits.integer(4)];
  if (rows < 1 || columns < 1 || rows * columns !== into.length || into.length > HCOMPRESS_PIXELS) {
    throw new BadInput(`a packed tile of ${rows} x ${columns} pixels: ${into.length} are announced`);
  }
  const sum = bits.integer(8);
  const planes = [bits.bits(8), bits.bits(8), bits.bits(8)] as const;
  if (Math.max(...planes) > 52) throw new BadInput('a packed tile of more than 52 bit planes');
  const values = new Float64Array(rows * columns);
  quadrants(bits, { values, rows, columns }, planes);
  values[0] = sum;
  if (scale > 1) for (let index = 0; index < values.length; index++) values[index]! *= scale;
  invertH(values, rows, columns, smooth ? scale : 0);
  into.set(values);
}

interface Field {
  values: Float64Array;
  rows: number;
  columns: number;
}

function quadrants(bits: BitReader, field: Field, planes: readonly [number, number, number]): void {
  const { values, rows, columns } = field;
  const [top, left] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const part = (row: number, column: number): Part => ({
    values,
    start: row * columns + column,
    stride: columns,
    rows: row === 0 ? top : rows - top,
    columns: column === 0 ? left : columns - left,
  });
  readPlanes(bits, part(0, 0), planes[0]);
  readPlanes(bits, part(0, left), planes[1]);
  readPlanes(bits, part(top, 0), planes[1]);
  readPlanes(bits, part(top, left), planes[2]);
  if (bits.bits(4) !== 0) throw new BadInput('the bit planes of a packed tile do not end where they should');
  bits.align();
  for (let index = 0; index < values.length; index++) {
    if (values[index] !== 0 && bits.bits(1) === 1) values[index] = -values[index]!;
  }
}

interface Part extends Field {
  start: number;
  stride: number;
}

function readPlanes(bits: BitReader, part: Part, planes: number): void {
  const depth = Math.ceil(Math.log2(Math.max(part.rows, part.columns, 1)));
  for (let plane = planes - 1; plane >= 0; plane--) {
    const kind = bits.bits(4);
    if (kind !== 0 && kind !== 0xf) throw new BadInput('a bit plane of a packed tile is damaged');
    insert(part, kind === 0 ? listed(bits, part) : quadtree(bits, part, depth), 2 ** plane);
  }
}

/** Four-bit codes as they are. */
function listed(bits: BitReader, { rows, columns }: Part): Uint8Array {
  const codes = new Uint8Array(((rows + 1) >> 1) * ((columns + 1) >> 1));
  for (let index = 0; index < codes.length; index++) codes[index] = bits.bits(4);
  return codes;
}

/** The codes of the lowest level, each a 2 × 2 block, from those above: where a bit is 0, all below it is. */
function quadtree(bits: BitReader, { rows, columns }: Part, depth: number): Uint8Array {
  let codes = Uint8Array.of(nextCode(bits));
  for (let level = depth - 1; level >= 1; level--) {
    const [height, width] = [Math.ceil(rows / 2 ** level), Math.ceil(columns / 2 ** level)];
    const finer = spread(codes, height, width);
    // The packer goes from the last to the first.
    for (let index = finer.length - 1; index >= 0; index--)
      if (finer[index] === 1) finer[index] = nextCode(bits);
    codes = finer;
  }
  return codes;
}

/** The four bits of each code as a 2 × 2 block: 8 and 4 above, 2 and 1 below. */
function spread(codes: Uint8Array, height: number, width: number): Uint8Array<ArrayBuffer> {
  const finer = new Uint8Array(height * width);
  const across = (width + 1) >> 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const code = codes[(y >> 1) * across + (x >> 1)]!;
      finer[y * width + x] = (code >> (3 - 2 * (y & 1) - (x & 1))) & 1;
    }
  }
  return finer;
}

/** Adds a plane's bit to the values. A part may be empty: its codes then mean nothing. */
function insert({ values, start, stride, rows, columns }: Part, codes: Uint8Array, weight: number): void {
  let next = 0;
  for (let y = 0; y < rows; y += 2) {
    const below = y + 1 < rows ? stride : 0;
    for (let x = 0; x < columns; x += 2) {
      const code = codes[next++]!;
      const at = start + y * stride + x;
      const right = x + 1 < columns ? 1 : 0;
      // Without a branch on a bit, which is as good as random.
      values[at]! += weight * (code >> 3);
      if (right) values[at + 1]! += weight * ((code >> 2) & 1);
      if (below) values[at + below]! += weight * ((code >> 1) & 1);
      if (right && below) values[at + below + 1]! += weight * (code & 1);
    }
  }
}

/** The prefix code of a node: bits and word, for the values 0 to 15. */
const WORDS: readonly (readonly [length: number, word: number])[] = [
  ...([
    [6, 62],
    [3, 0],
    [3, 1],
    [4, 8],
    [3, 2],
    [4, 9],
    [5, 26],
    [5, 27],
  ] as const),
  ...([
    [3, 3],
    [5, 28],
    [4, 10],
    [5, 29],
    [4, 11],
    [5, 30],
    [6, 63],
    [4, 12],
  ] as const),
];
const LONGEST = 6;

/** By the next six bits: 16 × length + value. */
const CODES: Uint8Array = (() => {
  const codes = new Uint8Array(2 ** LONGEST);
  WORDS.forEach(([length, word], value) => {
    const first = word << (LONGEST - length);
    codes.fill(16 * length + value, first, first + 2 ** (LONGEST - length));
  });
  return codes;
})();

function nextCode(bits: BitReader): number {
  const code = CODES[bits.peek(LONGEST)]!;
  bits.skip(code >> 4);
  return code & 15;
}
