import assert from 'node:assert/strict';
import test from 'node:test';
import type { DefVector, SetVector } from './message.ts';
import { Mirror, updated } from './mirror.ts';

const range = { format: '%g', min: 0, max: 10, step: 1 };
const definition: DefVector = {
  ...{
    type: 'def',
    kind: 'number',
    device: 'D',
    name: 'P',
    label: 'P',
    group: '',
    state: 'Idle',
    perm: 'rw',
  },
  timeout: 0,
  elements: [
    { name: 'A', label: 'A', value: 1, range },
    { name: 'B', label: 'B', value: 2, range },
  ],
};
const update = (change: Partial<SetVector<'number'>>): SetVector<'number'> => ({
  ...{ type: 'set', kind: 'number', device: 'D', name: 'P', elements: [] },
  ...change,
});

test('an update may name some elements, change ranges, or only the state; what was seen before stays as it was', () => {
  const mirror = new Mirror();
  mirror.take(definition);
  const first = mirror.property('D', 'P');
  assert.ok(first);
  mirror.take(update({ state: 'Busy', elements: [{ name: 'B', value: 5, range: { max: 20 } }] }));
  const second = mirror.property('D', 'P');
  assert.deepEqual(second?.values, { A: 1, B: 5 });
  assert.equal(second?.state, 'Busy');
  assert.deepEqual(second?.definition.elements[1]?.range, { ...range, max: 20 });
  assert.deepEqual(second?.definition.elements[0]?.range, range);
  assert.deepEqual(first.values, { A: 1, B: 2 });
  assert.deepEqual(first.definition, definition);
  const third = updated(second, update({ state: 'Ok' }));
  assert.deepEqual(third, { ...second, state: 'Ok' });
});

test('a range for an element that was never defined changes nothing', () => {
  const mirror = new Mirror();
  mirror.take(definition);
  const elements = [{ name: 'C', value: 1, range: { min: -1 } }];
  mirror.take(update({ elements }));
  assert.deepEqual(mirror.property('D', 'P')?.definition.elements, definition.elements);
});
