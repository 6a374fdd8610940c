import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowSource } from '../reduce.ts';
import { resample } from './resample.ts';
import { moved, type Similarity } from './similarity.ts';
import { turn } from './sky.fixture.ts';

/** A plane in both directions, which bilinear interpolation keeps. */
const ramp = (x: number, y: number) => 3 * x + 50 * y;

function source(width: number, height: number, value = ramp): RowSource & { reads: number } {
  const row = new Float32Array(width);
  const made = {
    width,
    height,
    channels: 1 as const,
    reads: 0,
    row(y: number) {
      made.reads++;
      for (let x = 0; x < width; x++) row[x] = value(x, y);
      return [row];
    },
  };
  return made;
}

/** All of the result, NaN where nothing was given. */
function resampled(from: RowSource, width: number, height: number, toSource: Similarity): Float32Array {
  const out = new Float32Array(width * height).fill(Number.NaN);
  resample(from, { width, height, toSource }, (y, first, end, [values]) => {
    out.set(values!.subarray(first, end), y * width + first);
  });
  return out;
}

test('an unmoved image comes out as it went in, whole', () => {
  const out = resampled(source(31, 17), 31, 17, turn(31, 17, 0));
  assert.deepEqual(
    [...out],
    Array.from(out, (_, at) => ramp(at % 31, Math.floor(at / 31))),
  );
});

for (const degrees of [0.3, 45, 90, 137, 180, 270, 359.9]) {
  test(`every pixel turned by ${degrees}° lies where it belongs, and those without a source have no value`, () => {
    const [width, height] = [90, 60];
    const toSource = turn(width, height, degrees, 2.25, -1.5);
    const out = resampled(source(width, height), width, height, toSource);
    out.forEach((value, at) => {
      const place = moved(toSource, { x: at % width, y: Math.floor(at / width) });
      const edge = Math.min(place.x, place.y, width - 1 - place.x, height - 1 - place.y);
      if (edge > 1e-3) assert.ok(Math.abs(value - ramp(place.x, place.y)) < 0.01, `${value} at ${at}`);
      if (edge < -1e-3) assert.ok(Number.isNaN(value), `${value} at ${at}`);
    });
  });
}

test('of a wide image turned by a right angle only some rows are held, and it is right all the same', () => {
  const [width, height] = [24_000, 400];
  const toSource = turn(width, height, 89);
  const wide = source(width, height);
  let [count, wrong] = [0, 0];
  resample(wide, { width, height, toSource }, (y, first, end, [values]) => {
    for (let x = first; x < end; x++, count++) {
      const place = moved(toSource, { x, y });
      if (Math.abs(values![x]! - ramp(place.x, place.y)) > 0.1) wrong++;
    }
  });
  assert.equal(wrong, 0);
  assert.ok(count > 0.99 * height * height, `${count}`);
});

test('rows are read once where the image is not turned, and few more by half a turn', () => {
  for (const degrees of [0, 180]) {
    const tall = source(3000, 1500);
    resampled(tall, 3000, 1500, turn(3000, 1500, degrees, 0.4, 0.4));
    assert.ok(tall.reads <= 1500, `${tall.reads}`);
  }
});

test('a pixel without a value takes it from its neighbours, no more', () => {
  const holed = source(20, 20, (x, y) => (x === 10 && y === 10 ? Number.NaN : 7));
  const out = resampled(holed, 20, 20, turn(20, 20, 0, 0.5, 0.5));
  const lost = out.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  // The last row and column lie outside of the source.
  assert.equal(lost, 4 + 39);
});

test('work is stopped between bands', () => {
  let looks = 0;
  const check = () => {
    if (++looks > 3) throw new Error('stop');
  };
  assert.throws(
    () =>
      resample(source(100, 400), { width: 100, height: 400, toSource: turn(100, 400, 0) }, () => {}, check),
    /stop/,
  );
});
