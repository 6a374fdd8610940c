import { parseSexagesimal } from '../core/units.ts';
import {
  type BlobPolicy,
  blobPolicies,
  type Definition,
  type Kind,
  kinds,
  type Message,
  type One,
  permissions,
  type Range,
  rules,
  type State,
  states,
  type ValueOf,
} from './message.ts';
import type { Attributes } from './scanner.ts';

export interface Child {
  tag: string;
  attributes: Attributes;
  /** With the white space round it. */
  text: string;
  /** Of a oneBLOB, decoded. */
  bytes?: Uint8Array;
}

export interface Element {
  tag: string;
  attributes: Attributes;
  children: readonly Child[];
  /** Of an element without children. */
  text: string;
}

/** Names are not trusted to be short: what is longer than any name is answered, not kept. */
const NAME_LENGTH = 255;
const NAMES = ['device', 'name', 'uid'] as const;
const WORDS: Record<Kind, string> = {
  text: 'Text',
  number: 'Number',
  switch: 'Switch',
  light: 'Light',
  blob: 'BLOB',
};

/** `defNumberVector` → def, number. */
const vectors: ReadonlyMap<string, { type: 'def' | 'set' | 'new'; kind: Kind }> = new Map(
  (['def', 'set', 'new'] as const).flatMap((type) =>
    kinds.map((kind) => [`${type}${WORDS[kind]}Vector`, { type, kind }] as const),
  ),
);

type Verb = 'def' | 'set' | 'new' | 'one';
const tags = Object.fromEntries(
  (['def', 'set', 'new', 'one'] as const).map((verb) => [
    verb,
    Object.fromEntries(kinds.map((kind) => [kind, `${verb}${WORDS[kind]}`])),
  ]),
) as Record<Verb, Record<Kind, string>>;

export const tagOf = (verb: Verb, kind: Kind): string => tags[verb][kind];

/**
 * The message an element stands for; undefined when its name is unknown; a text that says what is wrong with it.
 * @param complain hears of what is left out of a message that counts otherwise
 */
export function messageOf(
  element: Element,
  complain: (reason: string) => void,
): Message | string | undefined {
  const { tag, attributes } = element;
  const { device, name, message } = attributes;
  for (const key of NAMES) {
    if ((attributes[key]?.length ?? 0) > NAME_LENGTH) return `<${tag}>: the ${key} is too long`;
  }
  const vector = vectors.get(tag);
  if (vector) {
    if (!device || !name) return `<${tag}> names no device or no property`;
    return vector.type === 'def'
      ? definition(vector.kind, device, name, element, complain)
      : change(vector.type, vector.kind, device, name, element, complain);
  }
  const named = { ...(device && { device }), ...(name && { name }) };
  switch (tag) {
    case 'getProperties':
      return { type: 'getProperties', version: attributes.version ?? '', ...named };
    case 'message':
      return { type: 'message', ...(device && { device }), text: message ?? '' };
    case 'pingRequest':
    case 'pingReply':
      return { type: tag, uid: attributes.uid ?? '' };
    case 'delProperty':
      if (!device) return `<${tag}> names no device`;
      return { type: tag, device, ...(name && { name }), ...(message && { message }) };
    case 'enableBLOB': {
      const policy = oneOf<BlobPolicy>(blobPolicies, element.text.trim());
      if (!device) return `<${tag}> names no device`;
      if (!policy) return `<${tag}> says neither ${blobPolicies.join(' nor ')}`;
      return { type: tag, device, ...(name && { name }), policy };
    }
  }
  return undefined;
}

function definition(
  kind: Kind,
  device: string,
  name: string,
  { attributes, children }: Element,
  complain: (reason: string) => void,
) {
  const elements: Definition<Kind>[] = [];
  for (const child of children) {
    if (child.tag !== tagOf('def', kind)) continue;
    const { label } = child.attributes;
    const own = child.attributes.name;
    if (!own) return `${device}.${name}: an element has no name`;
    const value = readValue(kind, child);
    if (value === undefined) return unreadable(kind, device, name, own, child);
    if (isEndless(value)) {
      complain(unreadable(kind, device, name, own, child));
      continue;
    }
    const range = kind === 'number' ? { range: rangeOf(child.attributes) } : {};
    elements.push({ name: own, label: label || own, value, ...range });
  }
  const { label, group, message } = attributes;
  return {
    type: 'def',
    kind,
    device,
    name,
    label: label || name,
    group: group ?? '',
    state: oneOf<State>(states, attributes.state) ?? 'Idle',
    perm: kind === 'light' ? 'ro' : (oneOf(permissions, attributes.perm) ?? 'ro'),
    ...(kind === 'switch' && { rule: oneOf(rules, attributes.rule) ?? 'OneOfMany' }),
    timeout: numberIn(attributes.timeout, 0),
    ...(message && { message }),
    elements,
    // One kind for the vector and all its elements: the type checker cannot follow it through the loop.
  } as Message;
}

function change(
  type: 'set' | 'new',
  kind: Kind,
  device: string,
  name: string,
  { attributes, children }: Element,
  complain: (reason: string) => void,
) {
  const elements: One<Kind>[] = [];
  for (const child of children) {
    if (child.tag !== tagOf('one', kind)) continue;
    const own = child.attributes.name;
    if (!own) return `${device}.${name}: an element has no name`;
    const value = readValue(kind, child);
    if (value === undefined) return unreadable(kind, device, name, own, child);
    // What a client asks for is refused as a whole, by whoever it is asked of.
    if (type === 'set' && isEndless(value)) {
      complain(unreadable(kind, device, name, own, child));
      continue;
    }
    const range = type === 'set' && kind === 'number' ? changedRange(child.attributes) : undefined;
    elements.push(range ? { name: own, value, range } : { name: own, value });
  }
  if (type === 'new') return { type, kind, device, name, elements } as Message;
  const state = oneOf<State>(states, attributes.state);
  const { message, timeout } = attributes;
  return {
    type,
    kind,
    device,
    name,
    ...(state && { state }),
    ...(timeout && { timeout: numberIn(timeout, 0) }),
    ...(message && { message }),
    elements,
  } as Message;
}

function unreadable(kind: Kind, device: string, name: string, element: string, child: Child): string {
  return `${device}.${name}.${element}: "${child.text.trim().slice(0, 40)}" is no ${kind}`;
}

/** 1e999: larger than any number. */
const isEndless = (value: ValueOf[Kind]): boolean => typeof value === 'number' && !Number.isFinite(value);

/** Undefined for what cannot be read as this kind. */
function readValue(kind: Kind, { attributes, text, bytes }: Child): ValueOf[Kind] | undefined {
  switch (kind) {
    case 'text':
      return trimmed(text);
    case 'number': {
      const number = parseSexagesimal(text);
      return Number.isNaN(number) ? undefined : number;
    }
    case 'switch': {
      const word = text.trim();
      return word === 'On' ? true : word === 'Off' ? false : undefined;
    }
    case 'light':
      return oneOf<State>(states, text.trim());
    case 'blob':
      return {
        format: attributes.format ?? '',
        size: numberIn(attributes.size, 0),
        bytes: bytes ?? new Uint8Array(0),
      };
  }
}

/** libindi puts a text on a line of its own: the line breaks and blanks round it are not part of it. */
const trimmed = (text: string): string => text.replace(/^\s+/, '').trimEnd();

function rangeOf(attributes: Attributes): Range {
  return {
    format: attributes.format || '%g',
    min: numberIn(attributes.min, 0),
    max: numberIn(attributes.max, 0),
    step: numberIn(attributes.step, 0),
  };
}

/** libindi's `IUUpdateMinMax`: an update may carry new limits. */
function changedRange({ format, min, max, step }: Attributes): Partial<Range> | undefined {
  if (min === undefined && max === undefined && step === undefined && !format) return undefined;
  const limits = Object.entries({ min, max, step }).flatMap(([key, text]) => {
    const limit = parseSexagesimal(text ?? '');
    return Number.isFinite(limit) ? [[key, limit] as const] : [];
  });
  return { ...(format && { format }), ...Object.fromEntries(limits) };
}

function numberIn(text: string | undefined, otherwise: number): number {
  const number = parseSexagesimal(text ?? '');
  return Number.isFinite(number) ? number : otherwise;
}

const oneOf = <T extends string>(words: readonly T[], word: string | undefined): T | undefined =>
  words.find((known) => known === word);
