import type { DefVector } from '../../src/indi/message.ts';
import { print } from '../../src/indi/print.ts';
import { below, type Chance, mutated, nasty, noise, pick } from './fuzz-bytes.ts';

const ABSURD_NUMBERS = [
  ...['0', '-1', '1', '1e308', '-1e308', '1e999', 'NaN', 'Infinity', '', ' ', '12:61:99', '-0:30', '1;2;3;4'],
  ...['0.0000001', '3600', '65536', '4294967296', '1e-320', '١٢', '0x1F', '--5', '+7', '24', '90', '91'],
];

/** What strangers send to an INDI port: commands as they should be, absurd ones, and everything else. */
export function strangers(chance: Chance, definitions: readonly DefVector[]): () => Uint8Array {
  const commands = definitions.map((definition) => () => command(chance, definition));
  const seen = definitions.map((definition) => print(definition, '2026-01-15T23:00:00'));
  const sound = () => (chance() < 0.7 ? pick(chance, commands)() : pick(chance, sayings)(chance));
  const anything = [
    sound,
    sound,
    () => bytes(mutated(chance, Buffer.from(sound()), Buffer.from(sound()))),
    () => bytes(mutated(chance, Buffer.from(sound()), Buffer.from(sound()))),
    () => bytes(mutated(chance, Buffer.from(sound()))),
    () => bytes(mutated(chance, Buffer.from(pick(chance, seen)))),
    () => bytes(noise(chance, 200)),
    () => pick(chance, attacks)(chance),
    () => blob(chance, pick(chance, definitions)),
  ];
  return () => Buffer.from(pick(chance, anything)(), 'latin1');
}

const bytes = (data: Uint8Array) => Buffer.from(data).toString('latin1');

const NAMES = { text: 'Text', number: 'Number', switch: 'Switch', light: 'Light', blob: 'BLOB' } as const;

function command(chance: Chance, { kind, device, name, elements }: DefVector): string {
  const tag = NAMES[kind];
  const ones = elements
    .filter(() => chance() < 0.7)
    .map((element) => `<one${tag} name='${element.name}'>${value(chance, kind)}</one${tag}>`);
  return `<new${tag}Vector device='${device}' name='${name}'>${ones.join('')}</new${tag}Vector>`;
}

function value(chance: Chance, kind: DefVector['kind']): string {
  if (kind === 'switch') return pick(chance, ['On', 'Off', 'On', 'on', 'Maybe', '']);
  if (kind === 'number')
    return chance() < 0.5 ? String(below(chance, 400) / 4) : pick(chance, ABSURD_NUMBERS);
  return chance() < 0.5 ? 'x'.repeat(below(chance, 3000)) : nasty(chance).replace(/[<&]/g, '?');
}

const sayings: readonly ((chance: Chance) => string)[] = [
  () => "<getProperties version='1.7'/>",
  () => "<getProperties version='9.9' device='*' name='__proto__'/>",
  () => '<getProperties/>',
  (chance) =>
    `<enableBLOB device='Camera'>${pick(chance, ['Also', 'Only', 'Never', 'Perhaps', ''])}</enableBLOB>`,
  (chance) => `<pingRequest uid='${below(chance, 1e6)}'/>`,
  () => "<message device='Mount' message='hello'/>",
  () => "<delProperty device='Mount'/>",
  () =>
    "<newNumberVector device='constructor' name='toString'><oneNumber name='x'>1</oneNumber></newNumberVector>",
];

const attacks: readonly ((chance: Chance) => string)[] = [
  (chance) => '<a>'.repeat(below(chance, 20_000)),
  (chance) => `<newTextVector device='${'A'.repeat(below(chance, 200_000))}' name='x'>`,
  (chance) => `<newTextVector ${"a='1' ".repeat(below(chance, 20_000))}>`,
  (chance) =>
    `<newTextVector device='Mount' name='x'>${"<oneText name='a'>b</oneText>".repeat(below(chance, 4000))}`,
  (chance) =>
    `<newTextVector device='Mount' name='x'><oneText name='a'>${'b'.repeat(below(chance, 200_000))}`,
  () =>
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><getProperties version="&c;"/>',
  () => '<?xml version="1.0"?><!-- <getProperties --><![CDATA[ <newTextVector> ]]>',
  (chance) => `<getProperties version='&#${below(chance, 2e6)};&#xD800;&bogus;&amp'/>`,
  (chance) => '\0'.repeat(below(chance, 5000)),
  (chance) => `</${'x'.repeat(below(chance, 100))}>`,
  (chance) => '<'.repeat(below(chance, 5000)),
  (chance) => 'just text, for ever and ever. '.repeat(below(chance, 4000)),
];

/** BLOBs with lengths that lie, of bytes that are no base64, for properties that take none. */
function blob(chance: Chance, { device, name }: DefVector): string {
  const size = pick(chance, [0, 3, 1e6, 1e15, -1]);
  const base64 = pick(chance, ['AAAA', '====', 'A', '****', 'QUJD\n'.repeat(below(chance, 30_000))]);
  const one = `<oneBLOB name='x' size='${size}' enclen='${pick(chance, [4, 0, 1e9])}' format='.fits'>${base64}</oneBLOB>`;
  return `<newBLOBVector device='${device}' name='${name}'>${one}</newBLOBVector>`;
}
