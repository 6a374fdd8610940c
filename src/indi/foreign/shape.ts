import type { DefVector, One, SetVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

/** Whether a client that knows the one needs no new definition for the other: an update will do. */
export const sameShape = (a: DefVector, b: DefVector): boolean => shapeOf(a) === shapeOf(b);

function shapeOf({ kind, label, group, perm, rule, elements }: DefVector): string {
  const parts = elements.map(({ name, label: own, range }) => [name, own, range?.format]);
  return JSON.stringify([kind, label, group, perm, rule, parts]);
}

/** A property as an update of all its elements; images are no part of it. @param ranges with their ranges */
export function asUpdate({ definition, state, values }: Seen, ranges = false): SetVector {
  const { kind, device, name } = definition;
  const elements = kind === 'blob' ? [] : definition.elements;
  return {
    ...{ type: 'set', kind, device, name, state },
    elements: elements.map(({ name: own, range }) => ({
      name: own,
      value: values[own],
      ...(ranges && range && { range }),
    })) as One<typeof kind>[],
  } as SetVector;
}

/** The definition as it would be given now. */
export function asDefined({ definition, state, values }: Seen): DefVector {
  const elements = definition.elements.map((element) => ({ ...element, value: values[element.name] }));
  return { ...definition, state, elements } as DefVector;
}

/** What a definition makes known. */
export function seenIn(definition: DefVector): Seen {
  const { kind, state, elements } = definition;
  const values: Seen['values'] = Object.create(null);
  for (const { name, value } of elements) values[name] = value;
  return { kind, state, values, definition };
}

/** Whether somebody who knows the one would learn anything from the other of the same shape. */
export function sameContent(a: Seen, b: Seen): boolean {
  if (a.state !== b.state) return false;
  return b.definition.elements.every(({ name, range }, index) => {
    const before = a.definition.elements[index]?.range;
    const sameRange =
      before?.min === range?.min && before?.max === range?.max && before?.step === range?.step;
    return sameRange && (b.kind === 'blob' || Object.is(a.values[name], b.values[name]));
  });
}
