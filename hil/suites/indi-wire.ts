/** INDI as it stands on the wire, read by this suite's own eyes: none of the codec that is being judged. */

export type Attributes = Readonly<Record<string, string>>;

export interface Child {
  tag: string;
  attributes: Attributes;
  /** As it came, with the white space round it; entities replaced. */
  text: string;
}

/** One top-level element. */
export interface Element extends Child {
  children: readonly Child[];
}

const ATTRIBUTES = String.raw`((?:\s+[\w:.-]+\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)`;
const OPENING = new RegExp(String.raw`<([A-Za-z][\w.-]*)${ATTRIBUTES}\s*(\/?)>`, 'y');
const CHILD = new RegExp(String.raw`\s*<([A-Za-z][\w.-]*)${ATTRIBUTES}\s*(?:\/>|>([^<]*)<\/\1\s*>)\s*`, 'y');
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/g;

/** Cuts a stream into elements. */
export class Cutter {
  #pending = '';
  /** Where the search for the end of the element at hand goes on. */
  #searched = 0;
  readonly #found: (element: Element) => void;

  constructor(found: (element: Element) => void) {
    this.#found = found;
  }

  /** @throws Error for what is no well-formed element */
  push(text: string): void {
    this.#pending += text;
    while (this.#next());
  }

  #next(): boolean {
    const start = this.#pending.search(/\S/);
    if (start < 0) return false;
    if (start > 0) this.#drop(start);
    const skip = /^<\?[\s\S]*?\?>/.exec(this.#pending.slice(0, 200));
    if (skip) {
      this.#drop(skip[0].length);
      return true;
    }
    if (this.#pending.startsWith('<?')) return false;
    OPENING.lastIndex = 0;
    const opening = OPENING.exec(this.#pending);
    if (!opening) {
      if (this.#pending.includes('>')) throw new Error(`no element: ${this.#pending.slice(0, 200)}`);
      return false;
    }
    const [head, tag = '', attributes = '', empty] = opening;
    const closing = `</${tag}>`;
    const end = empty ? head.length : this.#pending.indexOf(closing, Math.max(head.length, this.#searched));
    if (end < 0) {
      this.#searched = Math.max(0, this.#pending.length - closing.length);
      return false;
    }
    const inner = empty ? '' : this.#pending.slice(head.length, end);
    this.#drop(empty ? end : end + closing.length);
    this.#found({ tag, attributes: attributesOf(attributes), ...contentOf(tag, inner) });
    return true;
  }

  #drop(length: number): void {
    this.#pending = this.#pending.slice(length);
    this.#searched = 0;
  }
}

function contentOf(tag: string, inner: string): { children: Child[]; text: string } {
  if (!inner.includes('<')) return { children: [], text: plain(inner) };
  const children: Child[] = [];
  CHILD.lastIndex = 0;
  for (let at = 0; at < inner.length; at = CHILD.lastIndex) {
    const child = CHILD.exec(inner);
    if (!child) throw new Error(`in <${tag}>: ${inner.slice(at, at + 200)}`);
    children.push({
      tag: child[1] as string,
      attributes: attributesOf(child[2] ?? ''),
      text: plain(child[3] ?? ''),
    });
  }
  return { children, text: '' };
}

function attributesOf(text: string): Attributes {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name, single, double]) => [name, plain(single ?? double ?? '')]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.includes('&') ? text.replace(/&(\w+);/g, (whole, name) => ENTITIES[name] ?? whole) : text;

const xml = (text: string): string =>
  text.replace(/[&<>'"]/g, (character) => {
    const [name] = Object.entries(ENTITIES).find(([, meant]) => meant === character) ?? [];
    return `&${name};`;
  });

export type Kind = 'Text' | 'Number' | 'Switch';
export type Values = Readonly<Record<string, string | number | boolean>>;

/** A command; a boolean is On or Off. */
export function command(kind: Kind, device: string, name: string, values: Values): string {
  const ones = Object.entries(values).map(([element, value]) => {
    const text = typeof value === 'boolean' ? (value ? 'On' : 'Off') : xml(String(value));
    return `<one${kind} name='${element}'>${text}</one${kind}>`;
  });
  return `<new${kind}Vector device='${device}' name='${name}'>${ones.join('')}</new${kind}Vector>`;
}

/** `setNumberVector` → set; other names as they are. */
export const verb = ({ tag }: Element): string => /^(def|set|new)\w+Vector$/.exec(tag)?.[1] ?? tag;
