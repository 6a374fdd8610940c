import { BadInput } from '../core/errors.ts';
import type { Kind, NewVector, Permission, Range, SwitchRule, ValueOf } from './message.ts';

/** Everything about a vector but its values; the order of the elements is that of the definition. */
export interface Shape<K extends Kind, N extends string> {
  kind: K;
  name: string;
  label: string;
  group: string;
  perm: Permission;
  rule?: SwitchRule;
  elements: Readonly<Record<N, { label: string; range?: Range }>>;
}

export type Values<K extends Kind, N extends string> = Readonly<Record<N, ValueOf[K]>>;

/**
 * What a command asks a vector to be: its present values with the named ones in their place. Elements of other names
 * are passed over. @throws BadInput a number out of its range, switches against their rule, nothing of this vector
 */
export function asked<K extends Kind, N extends string>(
  { name, rule, elements }: Shape<K, N>,
  present: Values<K, N>,
  command: NewVector,
): { values: Values<K, N>; given: ReadonlySet<N> } {
  const values: Record<N, ValueOf[K]> = { ...present };
  const names = Object.keys(elements) as N[];
  const given = new Set<N>();
  const named = command.elements.filter((one) => Object.hasOwn(elements, one.name));
  if (named.length === 0) throw new BadInput(`${name} has ${names.join(', ')}`);
  // "Only the one that is to be On" is enough: the others go Off.
  if (rule !== 'AnyOfMany' && named.some(({ value }) => value === true)) {
    for (const other of names) values[other] = false as ValueOf[K];
  }
  for (const { name: key, value } of named) {
    checkRange(key, value, elements[key as N].range);
    values[key as N] = value as ValueOf[K];
    given.add(key as N);
  }
  const on = names.filter((key) => values[key] === true).length;
  if ((rule === 'OneOfMany' && on !== 1) || (rule === 'AtMostOne' && on > 1)) {
    throw new BadInput(`${name}: ${rule === 'OneOfMany' ? 'exactly' : 'at most'} one can be On`);
  }
  return { values, given };
}

function checkRange(name: string, value: unknown, range: Range | undefined): void {
  if (!range || typeof value !== 'number' || range.min === range.max) return;
  if (!(value >= range.min && value <= range.max)) {
    throw new BadInput(`${name}: ${value} is outside ${range.min}…${range.max}`);
  }
}
