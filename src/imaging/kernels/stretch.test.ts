import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertEqualKernels, bothKernels } from './kernels.fixture.ts';
import type { Kernels } from './kernels.ts';

/** Black, white, midtones. */
type Transfer = readonly [number, number, number];

function stretched(
  kernels: Kernels,
  values: readonly number[],
  [black, white, midtones]: Transfer,
  stride = 1,
) {
  return kernels.within((room) => {
    const from = room.take(4 * values.length);
    new Float32Array(kernels.memory, from, values.length).set(values);
    const bytes = new Uint8Array(kernels.memory, room.take(values.length * stride), values.length * stride);
    bytes.fill(9);
    kernels.stretchRow(from, values.length, black, white, midtones, bytes.byteOffset, stride);
    return [...bytes];
  });
}

test('rows of any length and values become the same bytes', () => {
  for (const count of [0, 1, 3, 4, 5, 1001]) {
    for (const [black, white, midtones] of [
      [0, 65_535, 0.5],
      [960, 65_535, 0.001],
      [-1e9, 1e30, 1e-28],
      [5, 5, 0.5],
      [0, 1, 0],
      [0, 1, 1],
    ] as const) {
      assertEqualKernels(count, (kernels, room) => {
        const [raw, from, to] = [room.take(4 * count), room.take(4 * count), room.take(3 * count)];
        kernels.physical32(raw, from, count, 1000, 1e-5);
        new Float32Array(kernels.memory, from, count).set([Number.NaN, 960, 5].slice(0, count));
        kernels.stretchRow(from, count, black, white, midtones, to, 1 + 2 * (count & 1));
        // Bits as they are: infinities and NaN too.
        kernels.stretchRow(raw, count, black, white, midtones, to + 2 * (count & 1), 1 + 2 * (count & 1));
      });
    }
  }
});

test('linear is linear, interleaved where asked, and NaN is black', () => {
  for (const kernels of bothKernels) {
    assert.deepEqual(
      stretched(kernels, [0, 50, 100, Number.NaN], [0, 100, 0.5], 3).filter((byte) => byte !== 9),
      [0, 128, 255, 0],
    );
    assert.deepEqual(stretched(kernels, [-1, 200, 5], [5, 5, 0.5]), [0, 255, 0], 'a range of nothing');
    assert.deepEqual(stretched(kernels, [0.1, 0.3, 0.9], [0, 1, 0.3])[1], 128, 'midtones become mid grey');
  }
});

test('the picture does not depend on how bright the brightest pixel is', () => {
  const values = [970, 1000, 1030, 1500, 5000];
  const midtones = (white: number) => 84 / (white - 972);
  for (const kernels of bothKernels) {
    const near = stretched(kernels, values, [972, 65_535, midtones(65_535)]);
    const far = stretched(kernels, values, [972, 1e30, midtones(1e30)]);
    assert.ok(near.every((byte, index) => Math.abs(byte - far[index]!) <= 1));
  }
});

test('brighter is never darker', () => {
  const value = fc.float({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      value,
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.array(value),
      (black, m, all) => {
        const bytes = stretched(
          bothKernels[0],
          all.sort((a, b) => a - b),
          [black, 1e6, m],
        );
        return bytes.every((byte, index) => index === 0 || byte >= bytes[index - 1]!);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});
