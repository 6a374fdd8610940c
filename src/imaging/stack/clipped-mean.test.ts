import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClippedMean } from './clipped-mean.ts';
import { chance, normal } from './sky.fixture.ts';

const SKY = 1000;
const levelling = { gain: 1, offsets: [0, 0, 0], sky: SKY, noise: 10 };

/** One pixel after values, and how many have a say in it. */
function after(values: readonly number[]): { mean: number; count: number; rejected: number } {
  const pixels = new ClippedMean(1, 1, 1, 3);
  for (const value of values) pixels.add(0, 0, 1, [Float32Array.of(value)], levelling);
  return { mean: pixels.means[0]![0]!, count: pixels.counts[0]!, rejected: pixels.rejected };
}

const noisy = (count: number, level: number, noise: number, seed = 1) => {
  const random = chance(seed);
  return Array.from({ length: count }, () => level + noise * normal(random));
};

test('without outliers it is the mean, and hardly a value is lost', () => {
  const values = noisy(500, SKY, 10);
  const { mean, count } = after(values);
  const plain = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean - plain) < 0.3, `${mean}, ${plain}`);
  assert.ok(count > 485, `${count}`);
});

test('a satellite vanishes whichever frame it is in', () => {
  for (const frame of [0, 1, 2, 5, 19]) {
    const values = noisy(20, SKY, 10);
    values[frame] = SKY + 800;
    const { mean, count, rejected } = after(values);
    assert.ok(Math.abs(mean - SKY) < 8, `frame ${frame}: ${mean}`);
    assert.ok(count >= 18 && rejected >= 1, `frame ${frame}: ${count}`);
  }
});

test('a dark speck vanishes too, for of three values those two are believed that agree', () => {
  for (const frame of [0, 1, 2, 9]) {
    const values = noisy(30, SKY, 10);
    values[frame] = SKY - 400;
    const { mean, count } = after(values);
    assert.ok(Math.abs(mean - SKY) < 8, `frame ${frame}: ${mean}`);
    assert.ok(count >= 26, `frame ${frame}: ${count}`);
  }
});

test('two satellites in the first two frames leave nothing behind', () => {
  const { mean } = after([SKY + 900, SKY + 300, ...noisy(30, SKY, 10)]);
  assert.ok(Math.abs(mean - SKY) < 8, `${mean}`);
});

test('a star that scatters with the seeing by a fifth keeps its light', () => {
  const { mean, count } = after(noisy(60, SKY + 5000, 1000));
  assert.ok(count >= 57, `${count}`);
  assert.ok(Math.abs(mean - SKY - 5000) < 400, `${mean}`);
});

test('a frame is brought to the level of the first', () => {
  const pixels = new ClippedMean(1, 1, 1, 3);
  pixels.add(0, 0, 1, [Float32Array.of(1500)], levelling);
  // Half of the light above twice the sky.
  const thin = { gain: 2, offsets: [SKY - 2 * 2000], sky: SKY, noise: 20 };
  pixels.add(0, 0, 1, [Float32Array.of(2250)], thin);
  assert.equal(pixels.means[0]![0], 1500);
  assert.equal(pixels.counts[0], 2);
});

test('what has no value has no weight, in any channel', () => {
  const grey = after([Number.NaN, SKY, Number.NaN, SKY + 2]);
  assert.deepEqual(grey, { mean: SKY + 1, count: 2, rejected: 0 });
  const colour = new ClippedMean(2, 1, 3, 3);
  const [full, holed] = [Float32Array.of(5, 5), Float32Array.of(5, Number.NaN)];
  colour.add(0, 0, 2, [full, full, holed], levelling);
  assert.deepEqual([...colour.counts], [1, 0]);
});

test('colours are averaged each, and kept out together', () => {
  const pixels = new ClippedMean(1, 1, 3, 3);
  const add = (r: number, g: number, b: number) =>
    pixels.add(
      0,
      0,
      1,
      [r, g, b].map((value) => Float32Array.of(value)),
      levelling,
    );
  add(4000, 4000, 4000);
  add(900, 1000, 1100);
  add(904, 1002, 1098);
  add(902, 1001, 1099);
  assert.deepEqual(
    pixels.means.map((plane) => Math.round(plane[0]!)),
    [902, 1001, 1099],
  );
  assert.equal(pixels.counts[0], 3);
  assert.equal(pixels.rejected, 1);
  add(100, 100, 100);
  assert.equal(pixels.counts[0], 3);
});

test('a part of a row touches no other pixel', () => {
  const pixels = new ClippedMean(5, 3, 1, 3);
  pixels.add(1, 2, 4, [Float32Array.of(9, 9, 1, 2, 9)], levelling);
  assert.deepEqual([...pixels.counts], [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...pixels.means[0]!.subarray(7, 9)], [1, 2]);
  assert.equal(ClippedMean.bytes(5, 3, 1), 150);
});
