import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from './arrange.ts';
import { viewOf } from './fits-read.ts';
import { allocateFrame, type FrameShape } from './frame.ts';
import { previewPixels } from './preview.ts';
import { reduce } from './reduce.ts';
import { statisticsOf } from './statistics.ts';
import { autoTransfer, midtones } from './stretch.ts';

function frameOf(shape: Omit<FrameShape, 'format'>, value: (x: number, y: number, plane: number) => number) {
  const planes = shape.planes ?? 1;
  const pixels = Uint16Array.from({ length: shape.width * shape.height * planes }, (_, index) => {
    const pixel = Math.floor(index / planes);
    return value(pixel % shape.width, Math.floor(pixel / shape.width), index % planes);
  });
  const frame = allocateFrame({ ...shape, format: 'u16' });
  return arrange(new Uint8Array(pixels.buffer), { element: 'u16', order: 'row-major' }, frame);
}

/** A dim sky with some spread, and one bright block. */
const sky = (x: number, y: number) =>
  x >= 40 && x < 48 && y >= 16 && y < 24 ? 60_000 : 1000 + ((x * 7919 + y * 104_729) % 101);

test('blocks are averaged and the remainder of the sides is left away', () => {
  const { width, height, channels } = reduce(
    viewOf(frameOf({ width: 11, height: 7 }, (x, y) => x + 100 * y)),
    4,
  );
  assert.deepEqual([width, height], [5, 3]);
  assert.deepEqual([...channels[0]!.subarray(0, 3)], [50.5, 52.5, 54.5]);
});

test('each colour of a Bayer image goes to its channel, whatever the pattern', () => {
  const shades = { R: 100, G: 200, B: 300 };
  for (const bayer of ['RGGB', 'GRBG', 'GBRG', 'BGGR'] as const) {
    const frame = frameOf({ width: 12, height: 8, bayer }, (x, y) => {
      return shades[bayer[(y % 2) * 2 + (x % 2)] as 'R' | 'G' | 'B'];
    });
    for (const wanted of [12, 6, 3]) {
      const { width, channels } = reduce(viewOf(frame), wanted);
      assert.equal(width, wanted === 3 ? 3 : 6, 'superpixels halve at least');
      assert.deepEqual(
        channels.map((channel) => [Math.min(...channel), Math.max(...channel)]),
        [
          [100, 100],
          [200, 200],
          [300, 300],
        ],
        bayer,
      );
    }
  }
});

test('the sky becomes a dark grey and stars nearly white, in grey and in colour', () => {
  for (const shape of [
    { width: 96, height: 64 },
    { width: 96, height: 64, bayer: 'RGGB' as const },
  ]) {
    const { width, height, channels, bytes } = previewPixels(frameOf(shape, sky), 48);
    assert.deepEqual([width, height, channels], [48, 32, shape.bayer ? 3 : 1]);
    const sorted = [...bytes].sort((a, b) => a - b);
    const middle = sorted[bytes.length >> 1]!;
    assert.ok(middle > 40 && middle < 90, `the background is ${middle}`);
    assert.ok(bytes[(10 * width + 22) * channels]! > 240);
  }
  const colour = previewPixels(
    frameOf({ width: 20, height: 20, planes: 3 }, (x, y, p) => sky(x, y) * (p + 1)),
    20,
  );
  assert.equal(colour.channels, 3);
});

test('blank, saturated and tiny images make a picture too', () => {
  for (const level of [0, 1000, 65_535]) {
    const { bytes } = previewPixels(
      frameOf({ width: 8, height: 8 }, () => level),
      8,
    );
    assert.ok(new Set(bytes).size === 1, `level ${level}`);
  }
  assert.equal(
    previewPixels(
      frameOf({ width: 1, height: 1, bayer: 'RGGB' }, () => 5),
      100,
    ).bytes.length,
    1,
  );
  assert.equal(
    previewPixels(
      frameOf({ width: 100, height: 1 }, () => 5),
      16,
    ).height,
    1,
  );
  const float = allocateFrame({ width: 2, height: 2, format: 'f32' });
  arrange(
    new Uint8Array(Float32Array.of(0, 0.1, Number.NaN, 1).buffer),
    { element: 'f32', order: 'row-major' },
    float,
  );
  assert.equal(previewPixels(float, 2).bytes.length, 4);
});

test('the transfer puts the median on a quarter and shadows below it', () => {
  const { shadows, midtones: balance } = autoTransfer(0.02, 0.001);
  assert.ok(shadows > 0.01 && shadows < 0.02);
  assert.ok(Math.abs(midtones(balance, (0.02 - shadows) / (1 - shadows)) - 0.25) < 1e-9);
  assert.equal(midtones(0.3, 0), 0);
  assert.equal(midtones(0.3, 0.3), 0.5);
  assert.equal(midtones(0.3, 1), 1);
});

test('statistics are those of the pixels', () => {
  const statistics = statisticsOf(
    viewOf(frameOf({ width: 5, height: 3 }, (x, y) => (x === 4 ? 65_535 : x + 10 * y))),
  );
  assert.deepEqual(statistics, { min: 0, max: 65_535, mean: 13_116.2, median: 13, saturated: 3 });
});
