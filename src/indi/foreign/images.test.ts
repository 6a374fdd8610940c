import assert from 'node:assert/strict';
import test from 'node:test';
import { Images } from './images.ts';

const SIZE = 2 << 20;

test('the memory of an image serves the next one when its last user has let go, not before', () => {
  const images = new Images(10 * SIZE);
  const first = images.memory(SIZE);
  const hold = images.holder([first.subarray(0, SIZE - 5)]);
  const [one, two] = [hold(), hold()];
  assert.equal(images.heldBytes, SIZE - 5);
  one();
  one();
  const second = images.memory(SIZE);
  assert.notEqual(second.buffer, first.buffer);
  two();
  assert.equal(images.heldBytes, 0);
  const third = images.memory(SIZE - 100);
  assert.equal(third.buffer, first.buffer);
  assert.notEqual(images.memory(SIZE).buffer, first.buffer, 'it is given out once');
});

test('memory is kept for images of about its size, and none that was not given out here', () => {
  const images = new Images(100 * SIZE);
  const shown = (bytes: Buffer) => images.holder([bytes])()();
  const large = images.memory(8 * SIZE);
  shown(large);
  assert.ok(images.memory(SIZE).buffer.byteLength < 2 * SIZE);
  const small = images.memory(1000);
  shown(small);
  const strange = Buffer.alloc(SIZE);
  shown(strange);
  assert.notEqual(images.memory(SIZE).buffer, strange.buffer);
  assert.notEqual(images.memory(1000).buffer, strange.buffer);
});
