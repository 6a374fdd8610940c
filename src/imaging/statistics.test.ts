import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from './fits-read.ts';
import { referenceKernels } from './kernels/kernels.ts';
import { frameOf, type Pixels, viewWith } from './pixels.fixture.ts';
import { statisticsOf } from './statistics.ts';

const ramp: Pixels = (x, y) => (x === 4 ? 65_535 : x + 10 * y);
const ofRamp = { min: 0, max: 65_535, mean: 13_116.2, median: 13, saturated: 3 };

test('statistics are those of the pixels, whatever they are stored as', () => {
  const view = viewOf(frameOf({ width: 5, height: 3 }, ramp));
  assert.deepEqual(statisticsOf(view), ofRamp);
  assert.deepEqual(statisticsOf(view, 65_535, undefined, referenceKernels()), ofRamp);
  for (const bitpix of [32, -32, -64] as const) {
    const { median, ...exact } = statisticsOf(viewWith({ width: 5, height: 3, bitpix }, ramp));
    assert.deepEqual({ ...exact, median: Math.round(median) }, ofRamp);
  }
  assert.deepEqual(
    statisticsOf(
      viewWith({ width: 4, height: 1, bitpix: 16 }, (x) => [-32_768, -5, -4, 32_767][x]!),
      100,
    ),
    { min: -32_768, max: 32_767, mean: -2.5, median: -5, saturated: 1 },
  );
});

test('all planes and all bands are counted', () => {
  const view = viewOf(frameOf({ width: 2000, height: 150, planes: 3 }, (_x, y, plane) => 1000 * plane + y));
  assert.deepEqual(statisticsOf(view, 2100), {
    min: 0,
    max: 2149,
    mean: 1074.5,
    median: 1074,
    saturated: 2000 * 50,
  });
});

test('pixels without a value count nowhere', () => {
  const pixels =
    (value: number): Pixels =>
    (x) =>
      x % 2 ? Number.NaN : value;
  const { min, max, mean, saturated } = statisticsOf(
    viewWith({ width: 8, height: 2, bitpix: -32 }, pixels(3)),
    3,
  );
  assert.deepEqual([min, max, mean, saturated], [3, 3, 3, 8]);
  const none = statisticsOf(viewWith({ width: 8, height: 2, bitpix: -32 }, pixels(Number.NaN)));
  assert.deepEqual([none.mean, none.median, none.saturated], [Number.NaN, Number.NaN, 0]);
});

test('it stops between bands when told to', () => {
  let calls = 0;
  const stop = () => {
    if (++calls > 2) throw new Error('stopped');
  };
  assert.throws(
    () => statisticsOf(viewOf(frameOf({ width: 4000, height: 200 }, () => 1)), 1, stop),
    /stopped/,
  );
});
