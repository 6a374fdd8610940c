import type {
  Blob,
  Definition,
  DefVector,
  Kind,
  Permission,
  Range,
  State,
  SwitchRule,
  ValueOf,
} from '../message.ts';

/** A number with its range; `min` and `max` left out: no range. */
type Ranged = { value: number } & Partial<Range>;
type Entry = ValueOf[Kind] | Ranged;

/** A property as a few words of data, for tests and stand-ins. */
export interface Declared {
  kind: Kind;
  name: string;
  elements: Readonly<Record<string, Entry>>;
  /** Default Idle. */
  state?: State;
  /** Default rw. */
  perm?: Permission;
  /** Default OneOfMany. */
  rule?: SwitchRule;
  /** By element; default its name. */
  labels?: Readonly<Record<string, string>>;
}

type Options = Omit<Declared, 'kind' | 'name' | 'elements'>;
const declare =
  <E extends Entry>(kind: Kind) =>
  (name: string, elements: Readonly<Record<string, E>>, options: Options = {}): Declared => ({
    ...{ kind, name, elements },
    ...options,
  });

export const numbers = declare<number | Ranged>('number');
export const switches = declare<boolean>('switch');
export const texts = declare<string>('text');
export const lights = declare<State>('light');
export const blobs = declare<Blob>('blob');

/** Each element's value, without the ranges. */
export const valuesOf = ({ elements }: Declared): Record<string, ValueOf[Kind]> =>
  Object.fromEntries(
    Object.entries(elements).map(([key, entry]) => [key, isRanged(entry) ? entry.value : entry]),
  );

export function definitionOf(device: string, declared: Declared): DefVector {
  const { kind, name, elements, state = 'Idle', perm = 'rw', rule = 'OneOfMany', labels } = declared;
  return {
    ...{ type: 'def', kind, device, name, label: name, group: 'Main Control', state, perm, timeout: 60 },
    ...(kind === 'switch' && { rule }),
    elements: Object.entries(elements).map(([key, entry]) => element(kind, key, labels?.[key] ?? key, entry)),
  } as DefVector;
}

function element(kind: Kind, name: string, label: string, entry: Entry): Definition<Kind> {
  if (kind !== 'number') return { name, label, value: entry as ValueOf[Kind] };
  const { value, ...range } = isRanged(entry) ? entry : { value: Number(entry) };
  return { name, label, value, range: { format: '%g', min: 0, max: 0, step: 0, ...range } };
}

const isRanged = (entry: Entry): entry is Ranged => typeof entry === 'object' && 'value' in entry;
