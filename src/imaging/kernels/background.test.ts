import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualKernels, bothKernels, seeded } from './kernels.fixture.ts';

test('the sky of noise is the same in both, for tiles of any size', () => {
  for (const [width, height] of [
    [1, 1],
    [1, 9],
    [3, 2],
    [17, 5],
    [64, 16],
    [100, 100],
  ] as const) {
    assertEqualKernels(width * height, (kernels, room) => {
      const from = room.take(2 * (width + 7) * height);
      const [scratch, counters, sky] = [room.take(2 * width * height), room.take(1024), room.take(16)];
      kernels.skyOfTile(from, width + 7, width, height, scratch, counters, sky);
    });
  }
});

test('stars on a fifth of a tile move its level by less than a fifth of the noise', () => {
  for (const { memory, within, skyOfTile } of bothKernels) {
    within((room) => {
      const random = seeded(3);
      const uniform = () => random() / 2 ** 32;
      const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      const [from, scratch, counters, sky] = [2048, 2048, 1024, 16].map((bytes) => room.take(bytes)) as [
        number,
        number,
        number,
        number,
      ];
      new Uint16Array(memory, from, 1024).forEach((_, index, pixels) => {
        pixels[index] = 1200 + 20 * normal() + (index % 5 === 0 ? 5000 * uniform() : 0);
      });
      skyOfTile(from, 64, 64, 16, scratch, counters, sky);
      const [level, deviation] = new Float64Array(memory, sky, 2) as unknown as [number, number];
      assert.ok(Math.abs(level - 1199.5) < 4, `${level}`);
      assert.ok(Math.abs(deviation / 20 - 1) < 0.15, `${deviation}`);
    });
  }
});
