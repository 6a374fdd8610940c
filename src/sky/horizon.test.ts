import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUtc } from '../core/clock.ts';
import { signedDegrees } from '../core/units.ts';
import { separation } from './angle.ts';
import { apparentPlace } from './direction.ts';
import { airmass, fromHorizon, refraction, standardAir, toHorizon, withoutRefraction } from './horizon.ts';
import { greenwichSidereal, hourAngle, localSidereal } from './sidereal.ts';

const seeded = { seed: 2026, numRuns: 300 };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const moment = fc.integer({ min: 1_580_000_000_000, max: 2_200_000_000_000 });
const site = fc.record({
  latitude: number(-90, 90),
  longitude: number(-180, 180),
  elevationMetres: fc.constant(0),
});
const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
const heidelberg = { latitude: 49.4, longitude: 8.7, elevationMetres: 560 };
const siding = { latitude: -31.27, longitude: 149.07, elevationMetres: 1165 };
const utc = parseUtc('2026-11-22T20:00:00Z');
const at = (hours: number, dec: number, place = heidelberg) =>
  toHorizon(apparentPlace(localSidereal(utc, place.longitude) - 15 * hours, dec), place, utc);

test('sidereal time grows eastward, and by 360.98565° in a day', () => {
  near(signedDegrees(localSidereal(utc, 30) - localSidereal(utc, 0)), 30, 1e-9);
  near(signedDegrees(greenwichSidereal(utc + 86_400_000) - greenwichSidereal(utc)), 0.98565, 1e-4);
});

test('the hour angle is negative before the transit and wraps opposite the meridian', () => {
  const sidereal = localSidereal(utc, heidelberg.longitude);
  near(hourAngle(apparentPlace(sidereal + 15, 0), heidelberg, utc), -15, 1e-9);
  near(hourAngle(apparentPlace(sidereal - 179, 0), heidelberg, utc), 179, 1e-9);
  near(hourAngle(apparentPlace(sidereal + 179, 0), heidelberg, utc), -179, 1e-9);
});

test('a star transits in the south of the north, in the north of the south', () => {
  near(at(0, 10).azimuth, 180, 1e-9);
  near(at(0, 10).altitude, 90 - 49.4 + 10, 1e-9);
  near(signedDegrees(at(0, 10, siding).azimuth), 0, 1e-9);
  near(at(0, 10, siding).altitude, 90 - 31.27 - 10, 1e-9);
});

test('stars rise in the east everywhere', () => {
  near(at(-6, 0).azimuth, 90, 1e-9);
  near(at(-6, 0, siding).azimuth, 90, 1e-9);
  assert.ok(at(-5.9, 0).altitude > 0 && at(-6.1, 0).altitude < 0);
});

test('the pole stands at the latitude', () => {
  for (const hours of [0, 5, 13]) near(at(hours, 90).altitude, 49.4, 1e-9);
  for (const hours of [0, 5, 13]) near(at(hours, -90, siding).altitude, 31.27, 1e-9);
});

test('to the horizon and back, poles and zenith included', () => {
  fc.assert(
    fc.property(number(0, 359.99), number(-90, 90), site, moment, (ra, dec, place, when) => {
      const apparent = apparentPlace(ra, dec);
      const horizontal = toHorizon(apparent, place, when);
      assert.ok(horizontal.azimuth >= 0 && horizontal.azimuth < 360);
      near(separation(fromHorizon(horizontal, place, when), apparent), 0, 1e-9);
    }),
    seeded,
  );
});

test('air lifts the horizon by about half a degree, the zenith not, and never reorders the sky', () => {
  const air = { pressureHectopascals: 1010, temperatureCelsius: 10 };
  near(withoutRefraction(0, air), -0.575, 0.01);
  near(refraction(45, air), 1 / 60, 0.001);
  near(refraction(90, air), 0, 1e-9);
  near(refraction(-90, air), 0, 1e-9);
  for (let altitude = -90; altitude < 90; altitude += 0.1) {
    const lifted = altitude + refraction(altitude, air);
    assert.ok(lifted < altitude + 0.1 + refraction(altitude + 0.1, air), `at ${altitude}°`);
  }
});

test('refraction is undone in any air', () => {
  fc.assert(
    fc.property(number(-90, 90), number(500, 1060), number(-40, 45), (altitude, hectopascals, celsius) => {
      const air = { pressureHectopascals: hectopascals, temperatureCelsius: celsius };
      near(withoutRefraction(altitude + refraction(altitude, air), air), altitude, 3e-7);
    }),
    seeded,
  );
});

test('the standard atmosphere thins with height', () => {
  assert.deepEqual(standardAir(0), { pressureHectopascals: 1013.25, temperatureCelsius: 15 });
  near(standardAir(3000).pressureHectopascals, 701.1, 0.5);
});

test('air mass: 1 overhead, 2 at 30°, 38.7 at the horizon, none below', () => {
  near(airmass(90), 1, 1e-6);
  near(airmass(30), 1.993, 0.001);
  near(airmass(0), 38.75, 0.01);
  assert.equal(airmass(-0.1), Number.POSITIVE_INFINITY);
});
