/** Writes index files as astrometry.net lays them out, with only the tables that hold stars. */

const BLOCK = 2880;
/** Units of the range ±1 in 32 bits. */
const UNIT = 2147483647.5;

export interface WrittenIndex {
  readonly vectors: readonly (readonly [number, number, number])[];
  /** Absent: an index without magnitudes, whose ranks alone tell bright from faint. */
  readonly magnitudes?: readonly number[];
  readonly ranks: readonly number[];
  readonly scale: number;
  readonly leaves: number;
}

/** @param leaves a power of two */
export function indexBytes({ vectors, magnitudes, ranks, scale, leaves }: WrittenIndex): Uint8Array {
  const order = vectors.map((_, i) => i);
  const splits: number[] = Array<number>(leaves - 1).fill(0);
  const lasts: number[] = [];
  const stored = (i: number, axis: number) => Math.round((vectors[i]![axis]! + 1) * UNIT);
  const divide = (node: number, first: number, end: number): void => {
    if (node >= leaves - 1) {
      lasts.push(end - 1);
      return;
    }
    const widths = [0, 1, 2].map((axis) => {
      const all = order.slice(first, end).map((i) => stored(i, axis));
      return Math.max(...all) - Math.min(...all);
    });
    const axis = widths.indexOf(Math.max(...widths));
    const part = order.slice(first, end).sort((a, b) => stored(a, axis) - stored(b, axis));
    order.splice(first, end - first, ...part);
    const middle = (first + end) >> 1;
    // The lowest two bits make room for the axis.
    splits[node] = (stored(order[middle]!, axis) & ~3) + axis;
    divide(2 * node + 1, first, middle);
    divide(2 * node + 2, middle, end);
  };
  divide(0, 0, vectors.length);

  const u32 = (values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  const floats = new DataView(new ArrayBuffer(4 * vectors.length));
  order.forEach((i, row) => {
    floats.setFloat32(4 * row, magnitudes?.[i] ?? 0, false);
  });
  return Buffer.concat([
    header([`SIMPLE  = T`, 'BITPIX  = 8', 'NAXIS   = 0', "ENDIAN  = '04:03:02:01'", `SCALE_L = ${scale}`]),
    table('kdtree_lr_stars', 4, 'A', u32(lasts)),
    table('kdtree_split_stars', 4, 'A', u32(splits)),
    table('kdtree_range_stars', 8, 'A', new Uint8Array(Float64Array.of(-1, -1, -1, 1, 1, 1, UNIT).buffer)),
    table('kdtree_data_stars', 12, 'A', u32(order.flatMap((i) => [0, 1, 2].map((axis) => stored(i, axis))))),
    table(
      'sweep',
      1,
      'B',
      Uint8Array.from(order, (i) => ranks[i]!),
    ),
    ...(magnitudes ? [table('MAG', 4, 'E', new Uint8Array(floats.buffer))] : []),
  ]);
}

function table(name: string, width: number, letter: string, bytes: Uint8Array): Uint8Array {
  const form = letter === 'A' ? `${width}A` : `1${letter}`;
  const cards = [
    "XTENSION= 'BINTABLE'",
    'BITPIX  = 8',
    'NAXIS   = 2',
    `NAXIS1  = ${width}`,
    `NAXIS2  = ${bytes.length / width}`,
    'PCOUNT  = 0',
    'GCOUNT  = 1',
    'TFIELDS = 1',
    `TFORM1  = '${form}'`,
    `TTYPE1  = '${name}'`,
  ];
  return Buffer.concat([header(cards), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

function header(cards: readonly string[]): Uint8Array {
  const text = [...cards, 'END'].map((card) => card.padEnd(80)).join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK), 'latin1');
}

/** A catalogue as a FITS table with columns RA, DEC, MAG: what `build-astrometry-index` takes. */
export function fitsTable(
  rows: readonly (readonly [ra: number, dec: number, magnitude: number])[],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(20 * rows.length));
  rows.forEach(([ra, dec, magnitude], row) => {
    view.setFloat64(20 * row, ra, false);
    view.setFloat64(20 * row + 8, dec, false);
    view.setFloat32(20 * row + 16, magnitude, false);
  });
  const bytes = new Uint8Array(view.buffer);
  const columns = ['RA', 'DEC', 'MAG'].flatMap((name, i) => [
    `TTYPE${i + 1}  = '${name}'`,
    `TFORM${i + 1}  = '${i === 2 ? '1E' : '1D'}'`,
  ]);
  return Buffer.concat([
    header([
      'SIMPLE  =                    T',
      'BITPIX  =                    8',
      'NAXIS   =                    0',
      'EXTEND  =                    T',
    ]),
    header([
      "XTENSION= 'BINTABLE'",
      'BITPIX  =                    8',
      'NAXIS   =                    2',
      'NAXIS1  =                   20',
      `NAXIS2  = ${String(rows.length).padStart(20)}`,
      'PCOUNT  =                    0',
      'GCOUNT  =                    1',
      'TFIELDS =                    3',
      ...columns,
    ]),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
}
