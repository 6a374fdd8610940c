import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signedDegrees } from '../core/units.ts';
import { formatCard, text } from '../imaging/fits-card.ts';
import { WCS_KEYWORDS } from '../imaging/fits-edit.ts';
import { type HeaderValue, readHeader } from '../imaging/fits-header.ts';
import { separation } from '../sky/angle.ts';
import type { Solved } from './solution.ts';
import { displayedBottomUp } from './solve-image.ts';
import { astropyCases } from './wcs.fixture.ts';
import { describe, pixelToSky, skyToPixel, type Wcs } from './wcs.ts';
import { wcsCards, wcsFromHeader } from './wcs-cards.ts';

const headerOf = (values: Record<string, HeaderValue>) => new Map(Object.entries(values));

for (const { name, header, points, rotation, parity, scale } of astropyCases) {
  test(`agrees with astropy: ${name}`, () => {
    const wcs = wcsFromHeader(headerOf(header), 3000, 2000)!;
    for (const [x, y, ra, dec] of points) {
      assert.ok(separation(pixelToSky(wcs, x, y), { ra, dec }) * 3600 < 1e-5, `${x}, ${y}`);
      const back = skyToPixel(wcs, { ra, dec })!;
      assert.ok(Math.hypot(back.x - x, back.y - y) < 1e-5, `back to ${x}, ${y}: ${back.x}, ${back.y}`);
    }
    const seen = describe(wcs);
    assert.ok(Math.abs(signedDegrees(seen.rotation - rotation)) < 0.01);
    assert.equal(seen.parity, parity);
    assert.ok(Math.abs(seen.scale / scale - 1) < 1e-3);
  });
}

const directions = fc.record({
  ra: fc.double({ min: 0, max: 360, noNaN: true, maxExcluded: true }),
  dec: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 90, 89.99999, -89.99999)),
});

/** A camera turned by `rotation`. */
function camera(centre: { ra: number; dec: number }, rotation: number, parity: number, scale: number): Wcs {
  const [s, c] = [Math.sin((rotation * Math.PI) / 180), Math.cos((rotation * Math.PI) / 180)];
  const size = scale / 3600;
  const cd = [-parity * c * size, -s * size, parity * s * size, -c * size] as const;
  return { width: 4000, height: 3000, ...centre, x: 1999.5, y: 1499.5, cd };
}

test('any camera, anywhere: to the sky and back, and its description', () => {
  fc.assert(
    fc.property(
      directions,
      fc.double({ min: 0, max: 359, noNaN: true }),
      fc.constantFrom(1, -1),
      fc.double({ min: 0.2, max: 40, noNaN: true }),
      fc.integer({ min: 0, max: 3999 }),
      fc.integer({ min: 0, max: 2999 }),
      (centre, rotation, parity, scale, x, y) => {
        const wcs = camera(centre, rotation, parity, scale);
        const back = skyToPixel(wcs, pixelToSky(wcs, x, y))!;
        assert.ok(Math.hypot(back.x - x, back.y - y) < 1e-4);
        const seen = describe(wcs);
        assert.ok(separation(centre, seen) < 1e-9);
        assert.equal(seen.parity, parity);
        assert.ok(Math.abs(seen.scale / scale - 1) < 1e-5);
        // At the very pole there is no north to count from.
        if (Math.abs(centre.dec) < 89.9) assert.ok(Math.abs(signedDegrees(seen.rotation - rotation)) < 1e-3);
      },
    ),
    { seed: 1 },
  );
});

test('what lies behind has no pixel', () => {
  assert.equal(skyToPixel(camera({ ra: 10, dec: 20 }, 0, 1, 10), { ra: 190, dec: -20 }), undefined);
});

test('a picture upright and unmirrored: north up, east left', () => {
  const wcs = camera({ ra: 100, dec: 0 }, 0, 1, 2);
  assert.ok(pixelToSky(wcs, 1999.5, 0).dec > 0);
  assert.ok(pixelToSky(wcs, 0, 1499.5).ra > 100);
  assert.ok(Math.abs(signedDegrees(describe(wcs).rotation)) < 1e-6);
  assert.equal(describe(wcs).parity, 1);
  assert.ok(Math.abs(describe(wcs).fieldWidth - (4000 * 2) / 3600) < 0.001);
  const shown = displayedBottomUp({ solved: true, wcs, ...describe(wcs) } as Solved);
  assert.ok(Math.abs(shown.rotation - 180) < 1e-6);
  assert.deepEqual([shown.parity, shown.wcs], [-1, wcs]);
});

test('written into a header and read again it is the same, distortion and all', () => {
  for (const { header } of astropyCases) {
    const wcs = wcsFromHeader(headerOf(header), 3000, 2000)!;
    const cards = wcsCards(wcs);
    for (const { keyword } of cards) assert.match(keyword, WCS_KEYWORDS);
    const records = [...cards, text('END', '')].flatMap(formatCard);
    records[records.length - 1] = 'END'.padEnd(80);
    const bytes = Buffer.from(records.join('').padEnd(2880 * 3));
    assert.deepEqual(wcsFromHeader(readHeader(bytes).header, 3000, 2000), wcs);
  }
});

const plain = { CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CRVAL1: 10, CRVAL2: 20, CRPIX1: 50, CRPIX2: 40 };

test('reads the older ways to tell turn and scale', () => {
  const turned = wcsFromHeader(headerOf({ ...plain, CDELT1: -0.001, CDELT2: 0.001, CROTA2: 30 }), 100, 80)!;
  const matrix = wcsFromHeader(
    headerOf({
      ...plain,
      CDELT1: -0.001,
      CDELT2: 0.001,
      PC1_1: Math.cos(Math.PI / 6),
      PC1_2: Math.sin(Math.PI / 6),
      PC2_1: -Math.sin(Math.PI / 6),
      PC2_2: Math.cos(Math.PI / 6),
    }),
    100,
    80,
  )!;
  turned.cd.forEach((value, n) => {
    assert.ok(Math.abs(value - matrix.cd[n]!) < 1e-15);
  });
  assert.deepEqual([turned.x, turned.y], [49, 39]);
});

test('coordinates that are none, or others, are not read', () => {
  const cd = { CD1_1: 1e-3, CD1_2: 0, CD2_1: 0, CD2_2: 1e-3 };
  assert.ok(wcsFromHeader(headerOf({ ...plain, ...cd }), 100, 80));
  const wrong: Record<string, HeaderValue>[] = [
    {},
    plain,
    { ...plain, ...cd, CTYPE1: 'RA---ZPN' },
    { ...plain, ...cd, CTYPE1: 'GLON-TAN' },
    { ...plain, ...cd, CRVAL1: 'ten' },
    { ...plain, ...cd, CRVAL2: 91 },
    { ...plain, ...cd, CD2_2: 0 },
    { ...plain, ...cd, LONPOLE: 90 },
  ];
  for (const values of wrong) assert.equal(wcsFromHeader(headerOf(values), 100, 80), undefined);
});
