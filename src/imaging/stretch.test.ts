import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoTransfer, backgroundOf, linearTransfer, midtones } from './stretch.ts';

const unit = { low: 0, high: 1 };

test('the transfer puts the median on a quarter and black below it', () => {
  const transfer = autoTransfer({ median: 0.02, sigma: 0.0015 }, unit);
  assert.ok(transfer.black > 0.01 && transfer.black < 0.02);
  const median = (0.02 - transfer.black) / (1 - transfer.black);
  assert.ok(Math.abs(midtones(transfer.midtones, median) - 0.25) < 1e-9);
  assert.equal(midtones(0.3, 0), 0);
  assert.equal(midtones(0.3, 0.3), 0.5);
  assert.equal(midtones(0.3, 1), 1);
});

test('a transfer does not depend on the unit, and an image without spread is not black', () => {
  const adu = autoTransfer({ median: 1000, sigma: 10 }, { low: 0, high: 65_535 });
  const parts = autoTransfer({ median: 1000 / 65_535, sigma: 10 / 65_535 }, unit);
  assert.ok(Math.abs(adu.black / 65_535 - parts.black) < 1e-12);
  assert.ok(Math.abs(adu.midtones - parts.midtones) < 1e-12);
  const blank = autoTransfer({ median: 0.5, sigma: 0 }, unit);
  assert.ok(blank.black < 0.5 && blank.midtones > 0);
  assert.equal(autoTransfer({ median: 0.001, sigma: 0.01 }, unit).black, 0, 'never below the range');
  assert.deepEqual(linearTransfer({ low: 5, high: 9 }), { black: 5, white: 9, midtones: 0.5 });
});

test('background is the median and its robust deviation; of nothing it is nothing', () => {
  const samples = Float32Array.from({ length: 1001 }, (_, index) => 100 + ((index * 37) % 11) - 5);
  samples.set([1e9, 1e9, -1e9]);
  const { median, sigma } = backgroundOf(samples);
  assert.equal(median, 100);
  assert.ok(Math.abs(sigma - 3 * 1.4826) < 1e-6);
  assert.deepEqual(backgroundOf(new Float32Array(0)), { median: 0, sigma: 0 });
});
