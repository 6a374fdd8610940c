import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type BakedStar, decode } from './format.ts';
import { addHipparcos } from './match.ts';

const arcsec = 1 / 3600;
const counts = { placed: 0, carried: 0, paired: 0, added: 0 };

test('a star at its place of 2000.0 takes the motion and keeps its place', () => {
  const stars: BakedStar[] = [{ ra: 10, dec: 20, magnitude: 6 }];
  const matched = addHipparcos(stars, [
    { ra: 10, dec: 20 + 0.3 * arcsec, magnitude: 5.9, motion: [30, -40] },
  ]);
  assert.deepEqual(matched, { ...counts, placed: 1 });
  assert.deepEqual(stars, [{ ra: 10, dec: 20, magnitude: 6, motion: [30, -40] }]);
});

test('a star that was left at 1991.25 is brought to 2000.0', () => {
  // Arcturus, 2.28″ a year.
  const hipparcos: BakedStar = { ra: 213.9153, dec: 19.1824, magnitude: -0.05, motion: [-1093, -2000] };
  const then = {
    ra: hipparcos.ra + (1093 * 8.75) / 3.6e6 / Math.cos(0.3348),
    dec: hipparcos.dec + (2000 * 8.75) / 3.6e6,
  };
  const stars: BakedStar[] = [{ ...then, magnitude: 0.16 }];
  assert.deepEqual(addHipparcos(stars, [hipparcos]), { ...counts, carried: 1 });
  assert.deepEqual(stars, [{ ...hipparcos, magnitude: 0.16 }]);
});

test('a missing star is added, also beside a much fainter one; the other half of a pair is not', () => {
  const stars: BakedStar[] = [
    { ra: 100, dec: 0, magnitude: 11 },
    { ra: 200, dec: 0, magnitude: 7 },
  ];
  const matched = addHipparcos(stars, [
    { ra: 100, dec: 4 * arcsec, magnitude: 2 },
    { ra: 200, dec: 5 * arcsec, magnitude: 7.3, motion: [5, 5] },
    { ra: 300, dec: -89.99, magnitude: 5, motion: [1, 2] },
  ]);
  assert.deepEqual(matched, { ...counts, paired: 1, added: 2 });
  assert.equal(stars.length, 4);
  assert.deepEqual(stars[1], { ra: 200, dec: 0, magnitude: 7, motion: [5, 5] });
});

test('of two stars that fit the same one, the brighter takes it', () => {
  const stars: BakedStar[] = [{ ra: 50, dec: 50, magnitude: 6 }];
  const pair: BakedStar[] = [
    { ra: 50, dec: 50 + 0.8 * arcsec, magnitude: 7.5, motion: [1, 1] },
    { ra: 50, dec: 50, magnitude: 6.1, motion: [2, 2] },
  ];
  assert.deepEqual(addHipparcos(stars, pair), { ...counts, placed: 1, added: 1 });
  assert.deepEqual(stars[0]!.motion, [2, 2]);
});

test('the other side of 0 h and the pole are near', () => {
  const stars: BakedStar[] = [
    { ra: 359.9999, dec: 0, magnitude: 8 },
    { ra: 180, dec: 89.9999, magnitude: 8 },
  ];
  const matched = addHipparcos(stars, [
    { ra: 0.0001, dec: 0, magnitude: 8 },
    { ra: 0, dec: 89.9999, magnitude: 8 },
  ]);
  assert.deepEqual(matched, { ...counts, placed: 2 });
});

test('the table of Hipparcos is the one of its manifest, and the extract was baked with it', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url));
  const manifest = JSON.parse(read('hipparcos.json').toString()) as Record<string, unknown>;
  const bytes = read('hipparcos.bin');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.equal(sha256, manifest.sha256);
  const stars = decode(bytes);
  assert.equal(stars.length, manifest.stars);
  assert.equal(stars.filter(({ motion }) => motion).length, manifest.moving);
  const extract = JSON.parse(read('../../hil/sky/data/stars.json').toString()) as {
    sources: Record<string, string>;
  };
  assert.equal(extract.sources['hipparcos.bin'], sha256);
  const sirius = stars.reduce((a, b) => (b.magnitude < a.magnitude ? b : a));
  assert.ok(Math.abs(sirius.ra - 101.2872) < 1e-4 && Math.abs(sirius.dec + 16.7161) < 1e-4);
  assert.deepEqual(sirius.motion, [-546, -1223]);
});
