import { BadInput } from '../../core/errors.ts';
import { countIn } from '../fits-hdu.ts';
import { type Header, textIn } from '../fits-header.ts';

/** Bytes of one element of a binary table's column (FITS 4.0, table 18). Bits count as none: they are not needed. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  ...{ L: 1, B: 1, A: 1, I: 2, J: 4, K: 8, E: 4, D: 8, C: 8, M: 16, P: 8, Q: 16 },
};

interface Column {
  /** Of the field in its row. */
  offset: number;
  /** A letter of table 18; of an array in the heap, `P` or `Q`. */
  type: string;
  /** Bytes of one element in the heap. */
  element: number;
}

/** A binary table (FITS 4.0, section 7.3), read field by field. */
export interface Table {
  readonly rows: number;
  has(name: string): boolean;
  /** The array that the row has in the heap; undefined where it is empty or there is no such column. */
  array(name: string, row: number): Uint8Array | undefined;
  /** A number of the row; undefined where there is no such column. */
  number(name: string, row: number): number | undefined;
}

/**
 * @param data the table's data unit, heap included
 * @throws BadInput for columns that do not fit into the row, or a heap that does not fit into the data
 */
export function openTable(header: Header, data: Uint8Array): Table {
  const [width, rows] = [countIn(header, 'NAXIS1'), countIn(header, 'NAXIS2')];
  const columns = columnsOf(header, width);
  const bytes = new DataView(data.buffer, data.byteOffset, data.length);
  const heapStart = countIn(header, 'THEAP', width * rows);
  if (width * rows > data.length || heapStart > data.length)
    throw new BadInput('the table of tiles is damaged');
  const heap = data.subarray(heapStart);
  return {
    rows,
    has: (name) => columns.has(name),
    array(name, row) {
      const column = columns.get(name);
      if (!column || (column.type !== 'P' && column.type !== 'Q')) return undefined;
      const at = row * width + column.offset;
      const [count, offset] =
        column.type === 'P'
          ? [bytes.getUint32(at), bytes.getUint32(at + 4)]
          : [Number(bytes.getBigUint64(at)), Number(bytes.getBigUint64(at + 8))];
      if (count === 0) return undefined;
      const end = offset + count * column.element;
      if (end > heap.length) throw new BadInput(`row ${row + 1} of the table of tiles points outside it`);
      return heap.subarray(offset, end);
    },
    number(name, row) {
      const column = columns.get(name);
      const at = row * width + (column?.offset ?? 0);
      switch (column?.type) {
        case 'I':
          return bytes.getInt16(at);
        case 'J':
          return bytes.getInt32(at);
        case 'K':
          return Number(bytes.getBigInt64(at));
        case 'E':
          return bytes.getFloat32(at);
        case 'D':
          return bytes.getFloat64(at);
        default:
          return undefined;
      }
    },
  };
}

function columnsOf(header: Header, width: number): Map<string, Column> {
  const columns = new Map<string, Column>();
  const fields = countIn(header, 'TFIELDS');
  if (fields > 999) throw new BadInput(`TFIELDS = ${fields} is out of range`);
  let offset = 0;
  for (let index = 1; index <= fields; index++) {
    const form = /^(\d{0,9})(?:([PQ])([A-Z])|([A-Z]))/.exec(textIn(header, `TFORM${index}`)?.trim() ?? '');
    const [, repeat = '', pointer, element = '', plain = ''] = form ?? [];
    const type = pointer ?? plain;
    const size = ELEMENT_BYTES[type];
    const count = repeat === '' ? 1 : Number(repeat);
    if (!form || (size === undefined && type !== 'X'))
      throw new BadInput(`TFORM${index} is no column format`);
    const name = textIn(header, `TTYPE${index}`)?.trim().toUpperCase() ?? '';
    if (count > 0) columns.set(name, { offset, type, element: ELEMENT_BYTES[element] ?? 1 });
    offset += size === undefined ? Math.ceil(count / 8) : count * size;
    if (offset > width) throw new BadInput(`TFORM${index}: the columns are wider than the row`);
  }
  return columns;
}
