import type { Cell } from '../core/cell.ts';

type Act = (...args: never[]) => unknown;

/** A capability as JSON says it: cells are their values, what it can do is `true`, and absent is absent. */
export type Plain<T> =
  T extends Cell<infer V>
    ? V
    : T extends Act
      ? true
      : T extends string | number | boolean | null | undefined
        ? T
        : T extends readonly (infer E)[]
          ? readonly Plain<E>[]
          : { readonly [K in keyof T as K extends string ? K : never]: Plain<T[K]> };

export function isCell(value: unknown): value is Cell<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'value' in value &&
    'watch' in value &&
    typeof value.watch === 'function'
  );
}

export function plain<T>(value: T): Plain<T>;
export function plain(value: unknown): unknown {
  if (isCell(value)) return value.value;
  if (typeof value === 'function') return true;
  if (Array.isArray(value)) return value.map((each) => plain(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** The cells in an object, at any depth, outside of other cells. */
export function cellsIn(value: unknown): Cell<unknown>[] {
  if (isCell(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => cellsIn(member));
}
