import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { lineOf, type Places, placesIn } from './places.ts';
import { type Settings, settings } from './settings.ts';

/** What is wrong in the owner's file, in plain words. Never has its text: the screen shows these to everybody. */
export interface Complaint {
  /** From 1; absent: the whole. */
  line?: number;
  words: string;
}

export interface Reading {
  settings: Settings;
  complaints: Complaint[];
  /** Sections of which something was wrong: nobody knows what the owner meant, so all stays there as it was. */
  unclear: ReadonlySet<string>;
}

/** More is no hand-written file. */
const MOST_BYTES = 64 << 10;
/** So many lines that cannot be read are passed over, one by one; then the file is something else. */
const MOST_BROKEN_LINES = 20;

/** Reads `nightjar.toml`: what can be read counts, and of the rest is said what is wrong. */
export function readSettings(bytes: Uint8Array): Reading {
  if (bytes.length > MOST_BYTES) {
    const words = `it is larger than ${MOST_BYTES >> 10} KiB: nothing of it was read`;
    return { settings: {}, complaints: [{ words }], unclear: new Set(everySection) };
  }
  const text = decoded(bytes);
  const { table, complaints, torn } = readTable(text);
  const reading = validated(table, placesIn(text));
  return {
    settings: reading.settings,
    complaints: [...complaints, ...reading.complaints].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    unclear: new Set(torn ? everySection : reading.unclear),
  };
}

const everySection = Object.keys(settings.shape);

/** Windows' editors write marks at the beginning, and sometimes two bytes a letter. */
export function decoded(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
}

function readTable(text: string): { table: Record<string, unknown>; complaints: Complaint[]; torn: boolean } {
  const complaints: Complaint[] = [];
  const lines = text.split('\n');
  for (let tries = 0; tries <= MOST_BROKEN_LINES; tries++) {
    try {
      return { table: parse(lines.join('\n')), complaints, torn: complaints.length > 0 };
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const line = Math.min(error.line, lines.length);
      const broken = lines[line - 1] ?? '';
      if (broken === '') break;
      complaints.push({ line, words: `${hint(broken) ?? reasonOf(error)}; the line counts for nothing` });
      lines[line - 1] = '';
      // Lines below a header that cannot be read would fall to the section above.
      if (/^\s*\[/.test(broken)) {
        for (let below = line; below < lines.length && !/^\s*\[/.test(lines[below] ?? ''); below++)
          lines[below] = '';
      }
    }
  }
  return { table: {}, complaints: [...complaints, { words: 'nothing of it can be read' }], torn: true };
}

/** What people write who write TOML for the first time. */
function hint(line: string): string | undefined {
  if (/[“”„‟‘’‚«»]/.test(line)) return 'the quotes must be straight ones: "';
  if (/=\s*[+-]?\d+,\d/.test(line)) return 'a number has a point, no comma: 48.21';
  if (/=\s*(?!true\b|false\b|inf\b|nan\b)[\p{L}]/u.test(line)) return 'text stands between quotes: "Home"';
  if (/^\s*[^#=[\]]+$/.test(line)) return 'a line is: name = "value"; a remark begins with #';
  return undefined;
}

const reasonOf = ({ message }: TomlError): string =>
  (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, 'this is no TOML: ');

/** Takes out what is wrong, until the rest is right. */
function validated(table: Record<string, unknown>, places: Places): Reading {
  const rest: Record<string, unknown> = { ...table };
  if (isTable(rest.wifi)) rest.wifi = [rest.wifi];
  const complaints: Complaint[] = [];
  const unclear = new Set<string>();
  for (;;) {
    const result = settings.safeParse(rest);
    if (result.success) return { settings: result.data, complaints, unclear };
    // Entries of a list are numbered by where they stood: once one is taken out, the others are looked at again.
    const wrong = new Set<string>();
    for (const issue of result.error.issues) {
      complaints.push(...wordsOf(issue, places));
      wrong.add(String(issue.path[0] ?? ''));
    }
    for (const issue of result.error.issues) takeOut(rest, issue);
    for (const section of wrong) unclear.add(section);
    if (isList(rest.wifi)) rest.wifi = rest.wifi.filter((entry) => entry !== undefined);
  }
}

function takeOut(table: Record<string, unknown>, issue: z.core.$ZodIssue): void {
  const [section, index] = issue.path;
  if (section === undefined) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) delete table[key];
    return;
  }
  const list = table[String(section)];
  if (section === 'wifi' && typeof index === 'number' && isList(list)) {
    table.wifi = list.map((entry, each) => (each === index ? undefined : entry));
  } else {
    delete table[String(section)];
  }
}

function wordsOf(issue: z.core.$ZodIssue, places: Places): Complaint[] {
  const at = (path: readonly PropertyKey[], words: string): Complaint => {
    const line = lineOf(places, path);
    return { ...(line !== undefined && { line }), words };
  };
  const name = issue.path.filter((part) => typeof part === 'string').join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      at([...issue.path, key], `there is no setting "${[name, key].filter(Boolean).join('.')}"`),
    );
  }
  const message = issue.code === 'invalid_union' ? (deepest(issue) ?? issue.message) : issue.message;
  const missing =
    issue.code === 'invalid_type' && lineOf(places, issue.path) !== places.get(issue.path.join('.'));
  return [at(issue.path, `${name}: ${missing ? 'it is missing; ' : ''}${message}`)];
}

/** Of the ways in which a value may be written, the words of the first that says more than "string expected". */
const deepest = (issue: z.core.$ZodIssueInvalidUnion): string | undefined =>
  issue.errors
    .flat()
    .sort((a, b) => Number(a.code === 'invalid_type') - Number(b.code === 'invalid_type'))
    .at(0)?.message;

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
