import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARCSECONDS_PER_DEGREE, signedDegrees } from '../core/units.ts';
import { separation } from './angle.ts';
import { fromApparent, toApparent } from './apparent.ts';
import { apparentPlace } from './direction.ts';
import { fromHorizon, type Horizontal, refraction, toHorizon } from './horizon.ts';
import { greenwichSidereal } from './sidereal.ts';
import type { Site } from './site.ts';
import { moonDirection, sunDirection } from './sun-moon.ts';
import vectors from './vectors.json' with { type: 'json' };

type Row = readonly number[];
type Six = readonly [number, number, number, number, number, number];
type Ten = readonly [...Six, number, number, number, number];

/** The largest of the errors, given in degrees, stays within some arc-seconds; all rows are named that do not. */
function within<Fixed extends Row>(arcseconds: number, rows: readonly Row[], error: (row: Fixed) => number) {
  const bad = rows
    .map((row) => ({ row, error: ARCSECONDS_PER_DEGREE * error(row as Fixed) }))
    .filter((judged) => !(judged.error <= arcseconds));
  assert.deepEqual(bad, []);
  assert.ok(rows.length >= 40);
}

const apart = (a: Horizontal, b: Horizontal) =>
  separation({ ra: a.azimuth, dec: a.altitude }, { ra: b.azimuth, dec: b.altitude });

const siteOf = ([, latitude, longitude, elevationMetres]: readonly [
  number,
  number,
  number,
  number,
  ...Row,
]) => ({ latitude, longitude, elevationMetres }) satisfies Site;

test('apparent places are those of astropy (TETE) to 0.1″, the poles included', () => {
  within<Six>(0.1, vectors.apparent, ([utc, ra, dec, apparentRa, apparentDec]) =>
    separation(toApparent({ ra, dec }, utc), apparentPlace(apparentRa, apparentDec)),
  );
});

test('from astropy’s apparent places back to ICRS to 0.1″, and back from our own without loss', () => {
  within<Six>(0.1, vectors.apparent, ([utc, ra, dec, apparentRa, apparentDec]) =>
    separation(fromApparent(apparentPlace(apparentRa, apparentDec), utc), { ra, dec }),
  );
  within<Six>(1e-6, vectors.apparent, ([utc, ra, dec]) =>
    separation(fromApparent(toApparent({ ra, dec }, utc), utc), { ra, dec }),
  );
});

test('apparent sidereal time is astropy’s to 0.05″', () => {
  within<Six>(0.05, vectors.apparent, ([utc, , , , , sidereal]) =>
    Math.abs(signedDegrees(greenwichSidereal(utc) - sidereal)),
  );
});

test('altitude and azimuth from ICRS are astropy’s to 1″ at any site: poles, south, date line', () => {
  within<Ten>(1, vectors.horizon, ([utc, latitude, longitude, metres, ra, dec, altitude, azimuth]) => {
    const site = siteOf([utc, latitude, longitude, metres]);
    return apart(toHorizon(toApparent({ ra, dec }, utc), site, utc), { altitude, azimuth });
  });
});

test('from astropy’s altitude and azimuth back to ICRS to 1″', () => {
  within<Ten>(1, vectors.horizon, ([utc, latitude, longitude, metres, ra, dec, altitude, azimuth]) => {
    const site = siteOf([utc, latitude, longitude, metres]);
    return separation(fromApparent(fromHorizon({ altitude, azimuth }, site, utc), utc), { ra, dec });
  });
});

test('refraction above 15° is astropy’s to 8″, from −20 to 35 °C and 600 to 1030 hPa', () => {
  within<readonly [number, number, number, number]>(
    8,
    vectors.refracted,
    ([pressureHectopascals, temperatureCelsius, altitude, observed]) =>
      Math.abs(refraction(altitude, { pressureHectopascals, temperatureCelsius }) - (observed - altitude)),
  );
});

test('the Sun stands where astropy has it to 2″, the Moon to 10″ from the Earth’s centre and from a site', () => {
  within<Ten>(2, vectors.bodies, ([utc, , , , ra, dec]) =>
    separation(toApparent(sunDirection(utc), utc), apparentPlace(ra, dec)),
  );
  within<Ten>(10, vectors.bodies, ([utc, , , , , , ra, dec]) =>
    separation(toApparent(moonDirection(utc), utc), apparentPlace(ra, dec)),
  );
  within<Ten>(10, vectors.bodies, ([utc, latitude, longitude, metres, , , , , ra, dec]) => {
    const site = siteOf([utc, latitude, longitude, metres]);
    return separation(toApparent(moonDirection(utc, site), utc), apparentPlace(ra, dec));
  });
});
