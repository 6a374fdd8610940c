import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUtc } from '../../src/core/clock.ts';
import {
  apparentOf,
  horizontalOf,
  hourAngleOf,
  icrsOf,
  type Place,
  refractionDegrees,
  type Site,
  siderealDegrees,
  unrefracted,
} from './geometry.ts';
import { moonAt, type Seen, sunAt } from './sun-moon.ts';
import { fromPlace, separation } from './vector.ts';

interface Row {
  utc: string;
  site: Site & { name: string };
  sidereal: number;
  stars: { icrs: Place; apparent: Place; altitude: number; azimuth: number }[];
  sun: Seen;
  moon: Seen;
}

const { rows } = JSON.parse(readFileSync(new URL('data/vectors.json', import.meta.url), 'utf8')) as {
  rows: Row[];
};

/** Close to the Sun its gravity bends light by up to 1.7″, which the world leaves out: nobody images there. */
const atNight = (row: Row) =>
  row.stars.filter((star) => separation(fromPlace(star.icrs), fromPlace(row.sun)) > 15);

const arcsec = (a: Place, b: Place) => separation(fromPlace(a), fromPlace(b)) * 3600;
const seen = (s: { altitude: number; azimuth: number }): Place => ({ ra: s.azimuth, dec: s.altitude });

test('sidereal time agrees with astropy to 0.1″', () => {
  for (const row of rows) {
    const time = siderealDegrees(parseUtc(row.utc), row.site.longitude);
    assert.ok(Math.abs(time - row.sidereal) * 3600 < 0.1, `${row.utc} ${(time - row.sidereal) * 3600}″`);
  }
});

test('precession, nutation and aberration agree with astropy to 0.1″', () => {
  for (const row of rows) {
    for (const star of atNight(row)) {
      const off = arcsec(apparentOf(star.icrs, parseUtc(row.utc)), star.apparent);
      assert.ok(off < 0.1, `${row.utc} ${JSON.stringify(star.icrs)} ${off}″`);
    }
  }
});

test('altitude and azimuth agree with astropy to 2″', () => {
  for (const row of rows) {
    const utc = parseUtc(row.utc);
    for (const star of atNight(row)) {
      const { ra, dec } = apparentOf(star.icrs, utc);
      const hourAngle = siderealDegrees(utc, row.site.longitude) - ra;
      const off = arcsec(seen(horizontalOf({ hourAngle, declination: dec }, row.site.latitude)), seen(star));
      assert.ok(off < 2, `${row.utc} ${row.site.name} ${JSON.stringify(star.icrs)} ${off}″`);
    }
  }
});

test('the Sun is good to 0.02°, the Moon to 0.1°, parallax included', () => {
  for (const row of rows) {
    const utc = parseUtc(row.utc);
    for (const [body, here, limit] of [
      [row.sun, sunAt(utc, row.site), 72],
      [row.moon, moonAt(utc, row.site), 360],
    ] as const) {
      assert.ok(arcsec(here, body) < limit, `${row.utc} ${arcsec(here, body)}″`);
      assert.ok(arcsec(seen(here), seen(body)) < limit, `${row.utc} ${arcsec(seen(here), seen(body))}″`);
    }
  }
});

test('the Moon is full and new when the almanac says so', () => {
  const site = { latitude: 49, longitude: 8, elevationMetres: 100 };
  assert.ok(moonAt(parseUtc('2026-11-24T14:53Z'), site).illumination > 0.99);
  assert.ok(moonAt(parseUtc('2026-11-09T07:02Z'), site).illumination < 0.01);
});

test('apparent and ICRS, horizon and hour angle are inverse to each other', () => {
  const angle = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
  fc.assert(
    fc.property(
      angle(0, 359.99),
      angle(-90, 90),
      angle(-89, 89),
      angle(0, 2e12),
      (ra, dec, latitude, utc) => {
        assert.ok(arcsec(icrsOf(apparentOf({ ra, dec }, utc), utc), { ra, dec }) < 1e-6);
        const { hourAngle, declination } = hourAngleOf({ altitude: dec, azimuth: ra }, latitude);
        const back = horizontalOf({ hourAngle, declination }, latitude);
        assert.ok(arcsec(seen(back), { ra, dec }) < 1e-6);
      },
    ),
    { seed: 3 },
  );
});

test('refraction: 34′ at the horizon, 1′ at 45°, undone exactly, gone below', () => {
  assert.ok(Math.abs(refractionDegrees(-0.57) * 60 - 34) < 1);
  assert.ok(Math.abs(refractionDegrees(45) * 60 - 1) < 0.03);
  for (const altitude of [0.5, 3, 20, 70, 89.9]) {
    const truth = unrefracted(altitude);
    assert.ok(Math.abs(truth + refractionDegrees(truth) - altitude) < 1e-6);
  }
  assert.equal(refractionDegrees(-20), 0);
});
