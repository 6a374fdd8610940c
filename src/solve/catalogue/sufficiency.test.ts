import assert from 'node:assert/strict';
import { test } from 'node:test';
import { separation } from '../../sky/angle.ts';
import { openStars } from './stars.ts';
import { fieldDegrees, sufficiency } from './sufficiency.ts';
import { beltAreas, beltOf } from './sufficiency-belts.ts';

const full = { completeTo: 99 };
const extract = { completeTo: 11 };

test('a field follows from focal length and chip', () => {
  assert.ok(Math.abs(fieldDegrees(400, 3.76, 6248) - 3.364) < 0.001);
  assert.ok(Math.abs(fieldDegrees(50, 3.76, 6248) - 26.44) < 0.01);
});

test('larger fields, a fuller catalogue and the Milky Way give more stars', () => {
  let before = 0;
  for (let side = 0.2; side < 3; side += 0.05) {
    const { share } = sufficiency(side, side, full);
    assert.ok(share >= before && share >= sufficiency(side, side, extract).share && share <= 1);
    before = share;
  }
  assert.equal(before, 1);
  const milkyWay = sufficiency(0.6, 0.5, full, { ra: 305, dec: 38 });
  const pole = sufficiency(0.6, 0.5, full, { ra: 192.86, dec: 27.13 });
  assert.ok(milkyWay.share > 0.8 && pole.share < 0.2, `${milkyWay.share} ${pole.share}`);
});

test('half the sky has 14 stars in 0.57°, nine tenths in 0.81°', () => {
  assert.ok(Math.abs(sufficiency(0.57, 0.57, full).share - 0.5) < 0.05);
  assert.ok(Math.abs(sufficiency(0.81, 0.81, full).share - 0.9) < 0.04);
});

test('the table agrees with a count of the extract', () => {
  const sky = openStars(new URL('../../../hil/sky/data/stars.bin', import.meta.url));
  const [side, places] = [1, 600];
  let served = 0;
  for (let i = 0; i < places; i++) {
    const centre = { ra: (i * 222.49) % 360, dec: (Math.asin((2 * i + 1) / places - 1) * 180) / Math.PI };
    // A disc as large as the square.
    if (sky.near(centre, side / Math.sqrt(Math.PI), { most: 14 }).length === 14) served++;
  }
  const { share } = sufficiency(side, side, extract);
  assert.ok(Math.abs(served / places - share) < 0.05, `${served / places} against ${share}`);
});

test('the words say what to do', () => {
  const words = (side: number, which = full) => sufficiency(side, (side * 2) / 3, which);
  assert.equal(words(1.5).verdict, 'enough');
  assert.equal(words(1.5).message, 'The built-in star catalogue suffices for your field of 1.5° × 1°.');
  assert.equal(words(1).verdict, 'mostly');
  assert.match(words(1).message, /9\d % of the sky; add a deeper one \(ASTAP's D05/);
  assert.equal(words(0.4).verdict, 'too-few');
  assert.match(words(0.4).message, /too small for the built-in star catalogue.*D20/);
  assert.match(words(0.2).message, /D80/);
  assert.match(words(1.5, extract).message, /make catalogue/);
  assert.doesNotMatch(words(0.4, extract).message, /make catalogue/);
});

test('belts of galactic latitude cover the sky', () => {
  assert.ok(Math.abs(beltAreas.reduce((sum, area) => sum + area) - 1) < 1e-12);
  assert.equal(beltOf({ ra: 266.4, dec: -28.94 }), 0, 'the galactic centre');
  assert.equal(beltOf({ ra: 192.86, dec: 27.13 }), 4);
  assert.ok(separation({ ra: 192.86, dec: 27.13 }, { ra: 12.86, dec: -27.13 }) > 179.9);
  assert.equal(beltOf({ ra: 12.86, dec: -27.13 }), 4, 'the south galactic pole');
});
