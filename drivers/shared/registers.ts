import type { RegisterLink } from '../../src/wire/link.ts';

/** One value in a chip's registers, as data: which register, how many bytes, how they read. */
export interface Field {
  readonly register: number;
  readonly bytes: number;
  read(view: DataView, offset: number): number;
  /** In another unit: `u16(0x02).scale(0.00125)`. */
  scale(factor: number): Field;
  /** Some bits of it, both ends included, as a number of their own: `u16(0x02).bits(15, 3)`. */
  bits(high: number, low: number): Field;
}

const field = (register: number, bytes: number, read: Field['read']): Field => ({
  register,
  bytes,
  read,
  scale: (factor) => field(register, bytes, (view, offset) => read(view, offset) * factor),
  bits: (high, low) =>
    field(register, bytes, (view, offset) => (read(view, offset) >> low) & (2 ** (high - low + 1) - 1)),
});

export const u8 = (register: number) => field(register, 1, (view, at) => view.getUint8(at));
export const s8 = (register: number) => field(register, 1, (view, at) => view.getInt8(at));
/** High byte first. */
export const u16 = (register: number) => field(register, 2, (view, at) => view.getUint16(at));
export const s16 = (register: number) => field(register, 2, (view, at) => view.getInt16(at));
/** Low byte first. */
export const u16le = (register: number) => field(register, 2, (view, at) => view.getUint16(at, true));
export const s16le = (register: number) => field(register, 2, (view, at) => view.getInt16(at, true));

export type FieldTable = Readonly<Record<string, Field>>;
type ValuesOf<T extends FieldTable> = { readonly [K in keyof T]: number };

/** The fields of a block that was read at once, one byte a register. @param first the register of the first byte */
export function fieldsOf<T extends FieldTable>(table: T, block: Uint8Array, first: number): ValuesOf<T> {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  return mapped(table, ({ register, read }) => read(view, register - first));
}

/** The fields of a chip whose registers are as wide as they are: one exchange each. @throws Fault of the link */
export async function readFields<T extends FieldTable>(link: RegisterLink, table: T): Promise<ValuesOf<T>> {
  const views = new Map<Field, DataView>();
  for (const each of Object.values(table)) {
    const bytes = await link.transfer(Uint8Array.of(each.register), each.bytes);
    views.set(each, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  }
  return mapped(table, (each) => each.read(views.get(each) as DataView, 0));
}

const mapped = <T extends FieldTable>(table: T, value: (field: Field) => number): ValuesOf<T> =>
  Object.fromEntries(Object.entries(table).map(([name, each]) => [name, value(each)])) as ValuesOf<T>;
