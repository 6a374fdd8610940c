import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels, bothKernels } from './kernels.fixture.ts';

test('rows of words are added alike, from whatever place and to whatever was there', () => {
  for (const [rows, count, stride] of [
    [0, 9, 9],
    [1, 0, 5],
    [1, 7, 7],
    [3, 8, 11],
    [4, 1001, 1003],
    [256, 31, 32],
  ] as const) {
    assertEqualKernels(rows + count, ({ addRows16 }, room) => {
      const from = room.take(2 * (rows * stride + 1)) + 2 * (count & 1);
      addRows16(from, stride, rows, count, room.take(4 * count));
    });
  }
});

test('as many of the greatest words as may be are added without loss', () => {
  for (const { memory, within, addRows16 } of bothKernels) {
    within((room) => {
      const [from, sums] = [room.take(2 * 9 * 256), room.take(4 * 9)];
      new Uint16Array(memory, from, 9 * 256).fill(0xff7f);
      new Uint32Array(memory, sums, 9).fill(0);
      addRows16(from, 9, 256, 9, sums);
      assert.deepEqual([...new Set(new Uint32Array(memory, sums, 9))], [256 * 65_535]);
    });
  }
});

test('rows of floats are added alike, and NaN is not counted', () => {
  for (const [rows, count, stride] of [
    [1, 5, 5],
    [3, 64, 67],
    [7, 333, 333],
  ] as const) {
    assertEqualKernels(rows, (kernels, room) => {
      const size = 4 * rows * stride;
      const [raw, from] = [room.take(size), room.take(size)];
      const [sums, counts] = [room.take(4 * count), room.take(4 * count)];
      // Noise read as integers: finite, of every size; some of it is made NaN.
      kernels.physical32(raw, from, rows * stride, 0.1, 1e-3);
      const floats = new Float32Array(kernels.memory, from, rows * stride);
      for (let index = 0; index < floats.length; index += 5) floats[index] = Number.NaN;
      new Float32Array(kernels.memory, sums, count).fill(0);
      new Uint32Array(kernels.memory, counts, count).fill(0);
      kernels.addRowsF32(from, stride, rows, count, sums, counts);
    });
  }
});

test('columns become the same blocks', () => {
  for (const [factor, step, blocks] of [
    [1, 1, 9],
    [2, 2, 7],
    [3, 1, 5],
    [6, 2, 33],
    [256, 1, 3],
  ] as const) {
    assertEqualKernels(factor, (kernels, room) => {
      const columns = factor * blocks;
      const [words, sums] = [room.take(4 * columns), room.take(4 * columns)];
      const [counts, out] = [room.take(4 * columns), room.take(8 * blocks)];
      kernels.physical32(words, sums, columns, 0.5, 1e-4);
      const counted = new Uint32Array(kernels.memory, counts, columns);
      for (let x = 0; x < columns; x++) counted[x] = x % 4 === 0 ? 0 : x % 7;
      kernels.meanBlocks16(words, factor, step, 1 / factor ** 2, blocks, out);
      kernels.meanBlocksF32(sums, counts, factor, step, blocks, out + 4 * blocks);
    });
  }
});

test('a block in which nothing was counted has no mean', () => {
  for (const { memory, within, meanBlocksF32 } of bothKernels) {
    within((room) => {
      const [sums, counts, out] = [room.take(16), room.take(16), room.take(8)];
      new Float32Array(memory, sums, 4).set([1, 2, 0, 0]);
      new Uint32Array(memory, counts, 4).set([1, 3, 0, 0]);
      meanBlocksF32(sums, counts, 2, 1, 2, out);
      assert.deepEqual([...new Float32Array(memory, out, 2)], [0.75, Number.NaN]);
    });
  }
});
