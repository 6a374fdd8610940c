import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analysisOf } from './analysis.ts';
import type { StarField, StarStatistics } from './stars/star.ts';

const sharp: StarStatistics = {
  stars: 40,
  hfr: 2.123456789,
  fwhm: 3.9,
  eccentricity: 0.31,
  elongationDegrees: Number.NaN,
};
const blind: StarStatistics = {
  ...{ stars: 0, hfr: Number.NaN, fwhm: Number.NaN },
  ...{ eccentricity: Number.NaN, elongationDegrees: Number.NaN },
};

const field: StarField = {
  width: 3000,
  height: 2000,
  stars: [],
  found: 61,
  background: 812.34567,
  noise: 14.2,
  saturated: 3,
  whole: sharp,
  ninths: [sharp, sharp, sharp, sharp, sharp, sharp, sharp, sharp, blind],
  tilt: Number.NaN,
};

test('figures that no star gives are absent, for JSON would make them null', () => {
  const analysis = analysisOf(field);
  assert.deepEqual(JSON.parse(JSON.stringify(analysis)), analysis);
  assert.deepEqual(analysis.ninths[8], { stars: 0 });
  assert.deepEqual(analysis.ninths[0], { stars: 40, hfr: 2.1235, fwhm: 3.9, eccentricity: 0.31 });
  assert.ok(!('tilt' in analysis));
});

test('the number of stars is of all that were found, not only of those that count for the figures', () => {
  const { stars, hfr, background, width } = analysisOf(field);
  assert.deepEqual(
    { stars, hfr, background, width },
    { stars: 61, hfr: 2.1235, background: 812.35, width: 3000 },
  );
});
