import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels } from './kernels.fixture.ts';

test('every word is counted once, the extremes too', () => {
  assertEqualKernels(3, ({ memory, histogram16 }, room) => {
    const count = 10_001;
    const [from, bins] = [room.take(2 * count), room.take(4 * 65_536)];
    new Uint16Array(memory, from, 2).set([0, 65_535]);
    const counted = new Uint32Array(memory, bins, 65_536).fill(0);
    histogram16(from, count, bins);
    assert.ok(counted[0]! >= 1 && counted[65_535]! >= 1);
    return counted.reduce((sum, pixels) => sum + pixels, 0);
  });
});
