import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels, bothKernels } from './kernels.fixture.ts';

const COUNTS = [1, 3, 7, 8, 9, 16, 17, 31, 64, 333, 4096];

test('sums of cells and of neighbours are alike in both, also where they do not fit', () => {
  for (const count of COUNTS) {
    assertEqualKernels(count, (kernels, room) => {
      const [upper, lower] = [room.take(4 * count + 2), room.take(4 * count + 2)];
      const [to, also] = [room.take(2 * count), room.take(2 * count)];
      kernels.sumCells(upper, lower, to, count, 91_234.7, 0.731);
      kernels.sumNeighbours(upper, lower, also, count, 12_345.6, 3.19);
    });
  }
});

test('noise is put above the sky, smoothed and cut into runs alike in both', () => {
  for (const count of COUNTS) {
    assertEqualKernels(count, (kernels, room) => {
      const rows = Array.from({ length: 5 }, () => room.take(2 * count));
      const [between, to, runs] = [room.take(2 * count + 8), room.take(2 * count), room.take(4 * count)];
      rows.forEach((row, index) => {
        kernels.aboveSky(row, row, count, 30_000.3 - index, 0.37, 10 ** (index - 3), index * 1e-5);
      });
      const [a, b, c, d, e] = rows as [number, number, number, number, number];
      kernels.smoothRow(a, b, c, d, e, between, to, count);
      return [200, 2047, -2048].map((threshold) => kernels.runsAbove(to, count, threshold, runs, count));
    });
  }
});

test('the rise above the sky keeps the order up to the brightest and never overflows', () => {
  for (const { memory, within, aboveSky } of bothKernels) {
    within((room) => {
      const values = [0, 1000, 1010, 1511, 1513, 5600, 38_000, 65_535];
      const at = room.take(16);
      new Uint16Array(memory, at, 8).set(values);
      aboveSky(at, at, 8, 1000, 0, 1, 0);
      const risen = [...new Int16Array(memory, at, 8)];
      assert.deepEqual(risen, [-1000, 0, 10, 511, 512, 1023, 1530, 1589]);
    });
  }
});

test('a point of light is smoothed to the binomial kernel; runs say where it is, and too many are refused', () => {
  for (const { memory, within, smoothRow, runsAbove } of bothKernels) {
    within((room) => {
      const [dark, lit, between, to] = [0, 1, 2, 3].map(() => room.take(80)) as [
        number,
        number,
        number,
        number,
      ];
      new Int16Array(memory, dark, 33).fill(0);
      new Int16Array(memory, lit, 33).fill(0)[16] = 256;
      smoothRow(dark, dark, lit, dark, dark, between, to, 33);
      assert.deepEqual([...new Int16Array(memory, to + 28, 5)], [6, 24, 36, 24, 6]);
      const runs = room.take(8);
      assert.equal(runsAbove(to, 33, 5, runs, 1), 1);
      assert.deepEqual([...new Uint16Array(memory, runs, 2)], [14, 19]);
      assert.equal(runsAbove(to, 33, -1, runs, 0), -1);
    });
  }
});
