import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels, bothKernels } from './kernels.fixture.ts';

test('16 bit words are swapped alike, whatever their number, in place and not', () => {
  for (const count of [0, 1, 7, 8, 9, 63, 1000, 65_537]) {
    assertEqualKernels(count, ({ swap16 }, room) => {
      const [from, to] = [room.take(2 * count), room.take(2 * count)];
      swap16(from + 2 * (count & 1), to, count);
      swap16(from, from, count);
    });
  }
});

test('the extremes of BITPIX 16 with BZERO 32768 become those of u16', () => {
  for (const { memory, within, swap16 } of bothKernels) {
    within((room) => {
      const at = room.take(8);
      const view = new DataView(memory, at, 8);
      [-32_768, -1, 0, 32_767].forEach((stored, index) => {
        view.setInt16(2 * index, stored);
      });
      swap16(at, at, 4);
      assert.deepEqual([...new Uint16Array(memory, at, 4)], [0, 32_767, 32_768, 65_535]);
    });
  }
});
