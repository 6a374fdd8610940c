import { Fault } from '../core/errors.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What stands between `<` and `>`. */
export interface Tag {
  readonly name: string;
  /** Of one that opens an element. */
  readonly attributes?: Attributes;
  /** The element ends here. */
  readonly closes: boolean;
}

/** Drivers say the same tags again and again: so many are kept, none longer than this. */
const KEPT = 64;
const KEPT_LENGTH = 512;

/** Reads tags, each of the same text only once: the attributes it gives are shared and frozen by their type alone. */
export class TagReader {
  readonly #known = new Map<string, Tag>();

  /** @throws Fault `garbled` */
  read(text: string): Tag {
    const known = this.#known.get(text);
    if (known) return known;
    const tag = readTag(text);
    if (text.length > KEPT_LENGTH) return tag;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(text, tag);
    return tag;
  }
}

const NAME = /\/?([A-Za-z_][\w.-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

function readTag(text: string): Tag {
  NAME.lastIndex = 0;
  const name = NAME.exec(text)?.[1];
  if (name === undefined) throw new Fault('garbled', `"<${text.slice(0, 40)}>" is no tag`);
  if (text.startsWith('/')) {
    if (text.slice(NAME.lastIndex).trim() !== '')
      throw new Fault('garbled', `"<${text.slice(0, 40)}>" is no tag`);
    return { name, closes: true };
  }
  // Names like `__proto__` are keys like any other.
  const attributes: Record<string, string> = Object.create(null);
  let end = NAME.lastIndex;
  ATTRIBUTE.lastIndex = end;
  for (let match = ATTRIBUTE.exec(text); match; match = ATTRIBUTE.exec(text)) {
    attributes[match[1] as string] = unescaped(match[2] ?? match[3] ?? '');
    end = ATTRIBUTE.lastIndex;
  }
  const rest = text.slice(end).trim();
  if (rest !== '' && rest !== '/') {
    throw new Fault('garbled', `in <${name}>: "${rest.slice(0, 40)}" is no attribute`);
  }
  return { name, attributes, closes: rest === '/' };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Replaces the five named entities and character references; what is none of them stays as it is. */
export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:([a-z]{2,4})|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name) return entities[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
