import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, derived, when } from './cell.ts';

test('each change is told once, in order, and equal values are not', () => {
  const source = cell(1);
  const seen: number[] = [];
  const end = source.watch((value) => seen.push(value));
  source.set(1);
  source.set(2);
  source.set(3);
  end();
  source.set(4);
  assert.deepEqual(seen, [2, 3]);
});

test('one listener may watch twice and end one watch', () => {
  const source = cell(0);
  let calls = 0;
  const listener = () => {
    calls++;
  };
  const end = source.watch(listener);
  source.watch(listener);
  source.set(1);
  end();
  source.set(2);
  assert.equal(calls, 3);
});

test('a derived cell tells only when its own value changes', () => {
  const a = cell(1);
  const b = cell(10);
  const large = derived([a, b], () => a.value + b.value > 15);
  const seen: boolean[] = [];
  const end = large.watch((value) => seen.push(value));
  a.set(3);
  a.set(6);
  b.set(20);
  b.set(0);
  end();
  b.set(100);
  assert.deepEqual(seen, [true, false]);
  assert.equal(large.value, true);
});

test('when resolves with the wanted value, at once or later, and rejects when aborted', async () => {
  const source = cell(0);
  assert.equal(await when(source, (value) => value === 0), 0);
  const later = when(source, (value) => value > 1);
  source.set(1);
  source.set(2);
  assert.equal(await later, 2);
  const abort = new AbortController();
  const never = when(source, (value) => value < 0, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(never, /enough/);
});
