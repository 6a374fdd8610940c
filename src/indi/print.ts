import type { DefVector, Kind, Message, NewVector, One, Range, SetVector, ValueOf } from './message.ts';
import { tagOf } from './understand.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
};

/** Text that is safe in an attribute and between tags; characters that XML cannot carry become blanks. */
export function escaped(text: string): string {
  if (!/[&<>'"\p{Cc}]/u.test(text)) return text;
  return text
    .replace(/[&<>'"]/g, (character) => escapes[character] as string)
    .replace(/[^\P{Cc}\t\n\r]/gu, ' ');
}

/** The shortest decimal that reads back as the same number; INDI has no word for "not a number". */
export const printNumber = (value: number): string => (Number.isFinite(value) ? String(value) : '0');

/**
 * A message as it goes over the wire, one line.
 * @param timestamp UTC `YYYY-MM-DDTHH:MM:SS`; commands and requests carry none
 */
export function print(message: Message, timestamp: string): string {
  switch (message.type) {
    case 'getProperties':
      return `<getProperties version='${escaped(message.version)}'${address(message)}/>\n`;
    case 'enableBLOB':
      return `<enableBLOB${address(message)}>${message.policy}</enableBLOB>\n`;
    case 'message':
      return `<message${address(message)} timestamp='${timestamp}'${attribute('message', message.text)}/>\n`;
    case 'delProperty':
      return `<delProperty${address(message)} timestamp='${timestamp}'${attribute('message', message.message)}/>\n`;
    case 'pingRequest':
    case 'pingReply':
      return `<${message.type}${attribute('uid', message.uid)}/>\n`;
    case 'def':
      return printDefinition(message, timestamp);
    case 'set':
      return opening(message, timestamp) + ones(message) + closing(message);
    case 'new':
      return `<${tagOf('new', message.kind)}Vector${address(message)}>${ones(message)}${closing(message)}`;
  }
}

/** The beginning of an update, up to its elements: a BLOB is streamed between it and `closing`. */
export function opening(vector: SetVector, timestamp: string): string {
  const { kind, state, timeout, message } = vector;
  return (
    `<${tagOf('set', kind)}Vector${address(vector)}${attribute('state', state)}` +
    `${timeout === undefined ? '' : ` timeout='${printNumber(timeout)}'`} timestamp='${timestamp}'` +
    `${attribute('message', message)}>`
  );
}

export const closing = (vector: SetVector | NewVector): string =>
  `</${tagOf(vector.type, vector.kind)}Vector>\n`;

/**
 * Without `enclen`, as indiserver writes it: libindi's client takes its presence for base64 in lines of 72 characters, and
 * would swallow what follows a text in one line.
 */
export const blobTag = (name: string, size: number, format: string): string =>
  `<oneBLOB name='${escaped(name)}' size='${size}' format='${escaped(format)}'>`;

function printDefinition(vector: DefVector, timestamp: string): string {
  const { kind, label, group, state, perm, rule, timeout, message } = vector;
  const tag = tagOf('def', kind);
  const elements = vector.elements.map(({ name, label, value, range }) => {
    const text = kind === 'blob' ? '' : valueText(value);
    return `<${tag} name='${escaped(name)}' label='${escaped(label)}'${range ? limits(range) : ''}>${text}</${tag}>`;
  });
  return (
    `<${tag}Vector${address(vector)} label='${escaped(label)}' group='${escaped(group)}' state='${state}'` +
    `${kind === 'light' ? '' : ` perm='${perm}'`}${attribute('rule', rule)} timeout='${printNumber(timeout)}'` +
    ` timestamp='${timestamp}'${attribute('message', message)}>${elements.join('')}</${tag}Vector>\n`
  );
}

function ones({ kind, elements }: SetVector | NewVector): string {
  const tag = tagOf('one', kind);
  let text = '';
  for (const { name, value, range } of elements as readonly One<Kind>[]) {
    text +=
      typeof value === 'object'
        ? `${blobTag(name, value.size, value.format)}${base64(value.bytes)}</oneBLOB>`
        : `<${tag} name='${escaped(name)}'${range ? limits(range) : ''}>${valueText(value)}</${tag}>`;
  }
  return text;
}

function valueText(value: ValueOf[Kind]): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  return typeof value === 'string' ? escaped(value) : '';
}

export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);
/** A view on the same memory, encoded. */
export const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const limits = ({ format, min, max, step }: Partial<Range>): string =>
  attribute('format', format) +
  Object.entries({ min, max, step })
    .map(([key, value]) => (value === undefined ? '' : ` ${key}='${printNumber(value)}'`))
    .join('');

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}='${escaped(value)}'`;

const address = ({ device, name }: { device?: string; name?: string }): string =>
  attribute('device', device) + attribute('name', name);
