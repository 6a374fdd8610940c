import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameBudget } from './budget.ts';
import { bufferBytes, HEADER_ROOM, pixelBytes, pixelsOf } from './frame.ts';

const shape = { width: 100, height: 60, format: 'u16' } as const;
const bytes = bufferBytes(shape);

test('the memory of a released frame serves the next of its size, its padding is zero', async () => {
  const budget = new FrameBudget(2 * bytes);
  const first = await budget.allocate(shape);
  new Uint8Array(first.buffer).fill(7);
  budget.release(first);
  const second = await budget.allocate(shape);
  assert.equal(second.buffer, first.buffer);
  const tail = new Uint8Array(second.buffer, HEADER_ROOM + pixelBytes(shape));
  assert.ok(tail.every((byte) => byte === 0));
  assert.equal(pixelsOf(second)[0], 7);
});

test('a frame that is still held is never given away', async () => {
  const budget = new FrameBudget(2 * bytes);
  const first = await budget.allocate(shape);
  budget.retain(first);
  budget.release(first);
  const second = await budget.allocate(shape);
  assert.notEqual(second.buffer, first.buffer);
  budget.release(first);
  budget.release(first);
  assert.equal((await budget.allocate(shape)).buffer, first.buffer);
});

test('memory that fits no wish makes room: released and spent bytes stay within the budget', async () => {
  const budget = new FrameBudget(2 * bytes);
  const held = await budget.allocate(shape);
  budget.release(await budget.allocate(shape));
  const other = { ...shape, width: 90 };
  const small = await budget.allocate(other);
  assert.equal(small.buffer.byteLength, bufferBytes(other));
  budget.release(small);
  // The first size was dropped for the other one.
  budget.release(held);
  assert.equal((await budget.allocate(shape)).buffer, held.buffer);
});

test('whoever finds the budget spent waits for a release, in turn', async () => {
  const budget = new FrameBudget(bytes);
  const first = await budget.allocate(shape);
  const order: string[] = [];
  const second = budget.allocate(shape).then((frame) => {
    order.push('second');
    return frame;
  });
  const third = budget.allocate(shape).then(() => order.push('third'));
  budget.release(first);
  budget.release(await second);
  await third;
  assert.deepEqual(order, ['second', 'third']);
});
