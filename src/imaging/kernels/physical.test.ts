import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels, bothKernels, seeded } from './kernels.fixture.ts';

const kinds = ['physical8', 'physical16', 'physical32', 'physicalF32', 'physicalF64'] as const;
const scalings: readonly (readonly [number, number])[] = [
  [0, 1],
  [32768, 1],
  [-1.25, 0.001],
  [0, 0],
  [1e300, 1e300],
  [Number.NaN, 1],
];

test('samples of every BITPIX become equal f32, whatever their number and bits', () => {
  for (const kind of kinds) {
    scalings.forEach(([zero, scale], seed) => {
      for (const count of [0, 1, 3, 4, 17, 1001]) {
        assertEqualKernels(seed * 100 + count, (kernels, room) => {
          kernels[kind](room.take(8 * count), room.take(4 * count), count, zero, scale);
        });
      }
    });
  }
});

test('the extremes are read as FITS says, and what is no finite f32 as NaN', () => {
  for (const kernels of bothKernels) {
    kernels.within((room) => {
      const [from, to] = [room.take(64), room.take(64)];
      const stored = new DataView(kernels.memory, from, 64);
      const read = (kind: (typeof kinds)[number], count: number, zero = 0, scale = 1) => {
        kernels[kind](from, to, count, zero, scale);
        return [...new Float32Array(kernels.memory, to, count)];
      };
      [0, 255].forEach((value, index) => {
        stored.setUint8(index, value);
      });
      assert.deepEqual(read('physical8', 2), [0, 255]);
      [-32_768, 32_767].forEach((value, index) => {
        stored.setInt16(2 * index, value);
      });
      assert.deepEqual(read('physical16', 2, 32_768), [0, 65_535]);
      assert.deepEqual(read('physical16', 2, 1, 0.5), [-16_383, 16_384.5]);
      [-(2 ** 31), 2 ** 31 - 1].forEach((value, index) => {
        stored.setInt32(4 * index, value);
      });
      assert.deepEqual(read('physical32', 2), [-(2 ** 31), 2 ** 31], 'rounded to 24 bits');
      stored.setFloat32(0, -0);
      assert.ok(Object.is(read('physicalF32', 1)[0], 0), 'zero has no sign');
      [0.5, Number.NaN, Number.POSITIVE_INFINITY, -3e38].forEach((value, index) => {
        stored.setFloat32(4 * index, value);
      });
      assert.deepEqual(read('physicalF32', 4, 0, 1.5), [0.75, Number.NaN, Number.NaN, Number.NaN]);
      [1e-3, 1e39, 0.1].forEach((value, index) => {
        stored.setFloat64(8 * index, value);
      });
      assert.deepEqual(read('physicalF64', 3), [Math.fround(1e-3), Number.NaN, Math.fround(0.1)]);
    });
  }
});

test('other NaN than the usual one become the usual one', () => {
  assertEqualKernels(5, (kernels, room) => {
    const random = seeded(5);
    const [from, to] = [room.take(400), room.take(400)];
    const words = new DataView(kernels.memory, from, 400);
    for (let index = 0; index < 100; index++) words.setUint32(4 * index, 0x7f800001 | random());
    kernels.physicalF32(from, to, 100, 0, 1);
    const read = new Uint32Array(kernels.memory, to, 100);
    assert.ok(read.every((bits) => bits === 0x7fc00000));
  });
});
