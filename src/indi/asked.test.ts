import assert from 'node:assert/strict';
import test from 'node:test';
import { asked, type Shape } from './asked.ts';
import type { Kind, NewVector, SwitchRule, ValueOf } from './message.ts';

const command = (kind: Kind, elements: Record<string, ValueOf[Kind]>) =>
  ({
    type: 'new',
    kind,
    device: 'D',
    name: 'P',
    elements: Object.entries(elements).map(([name, value]) => ({ name, value })),
  }) as NewVector;

const head = { name: 'P', label: 'P', group: '', perm: 'rw' } as const;
const switches = (rule: SwitchRule): Shape<'switch', 'A' | 'B' | 'C'> => ({
  ...head,
  kind: 'switch',
  rule,
  elements: { A: { label: 'A' }, B: { label: 'B' }, C: { label: 'C' } },
});
const flip = (rule: SwitchRule, elements: Record<string, boolean>) => {
  const { values } = asked(switches(rule), { A: true, B: false, C: false }, command('switch', elements));
  return Object.entries(values)
    .flatMap(([name, on]) => (on ? [name] : []))
    .join('');
};

test('one of many: naming the one is enough, none and two are refused', () => {
  assert.equal(flip('OneOfMany', { B: true }), 'B');
  assert.equal(flip('OneOfMany', { A: false, B: true, C: false }), 'B');
  assert.equal(flip('OneOfMany', { B: false }), 'A');
  assert.throws(() => flip('OneOfMany', { A: false }), /exactly one/);
  assert.throws(() => flip('OneOfMany', { A: true, B: true }), /exactly one/);
});

test('at most one: all may be Off; any of many: as they are named', () => {
  assert.equal(flip('AtMostOne', { A: false }), '');
  assert.equal(flip('AtMostOne', { C: true }), 'C');
  assert.throws(() => flip('AtMostOne', { B: true, C: true }), /at most one/);
  assert.equal(flip('AnyOfMany', { C: true }), 'AC');
});

test('numbers: a subset, within the range, where there is one', () => {
  const range = (min: number, max: number) => ({ format: '%g', min, max, step: 0 });
  const elements = { N: { label: 'N', range: range(0, 10) }, FREE: { label: 'F', range: range(0, 0) } };
  const shape: Shape<'number', 'N' | 'FREE'> = { ...head, kind: 'number', elements };
  const ask = (named: Record<string, number>) => asked(shape, { N: 5, FREE: 1 }, command('number', named));
  assert.deepEqual(ask({ FREE: -1e9 }).values, { N: 5, FREE: -1e9 });
  assert.deepEqual([...ask({ N: 10, OTHER: 3 }).given], ['N']);
  for (const N of [-0.1, 10.1, Number.POSITIVE_INFINITY]) assert.throws(() => ask({ N }), /outside 0…10/);
  assert.throws(() => ask({ OTHER: 3 }), /P has N, FREE/);
  assert.throws(() => ask({ __proto__constructor: 3 }), /P has/);
});
