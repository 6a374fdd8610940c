import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import { signedDegrees } from '../../src/core/units.ts';
import { createAxis } from './axis.ts';
import { type Place, type Site, siderealDegrees } from './geometry.ts';
import {
  axesOf,
  createMountBody,
  type MountFlaws,
  placeOf,
  SIDEREAL_DEGREES_PER_SECOND,
} from './mount-body.ts';
import { fromPlace, separation } from './vector.ts';

const START = parseUtc('2026-11-22T20:00:00Z');
const heidelberg: Site = { latitude: 49.4, longitude: 8.7, elevationMetres: 570 };
const paranal: Site = { latitude: -24.6, longitude: -70.4, elevationMetres: 2635 };
const perfect: Partial<MountFlaws> = { periodicArcsec: 0, backlashArcsec: 0 };

function rig(site = heidelberg, flaws: Partial<MountFlaws> = perfect) {
  const clock = new SimClock(START);
  const body = createMountBody({ clock, site, flaws });
  return { clock, body, wait: (ms: number) => clock.drive(clock.sleep(ms)) };
}
const arcsec = (a: { ra: number; dec: number }, b: { ra: number; dec: number }) =>
  separation(fromPlace(a), fromPlace(b)) * 3600;
const onMeridian = (site: Site, hourAngle: number, dec: number) => ({
  ra: siderealDegrees(START, site.longitude) - hourAngle,
  dec,
});

test('home is counterweight down at the elevated pole, on either hemisphere', () => {
  for (const [site, pole] of [
    [heidelberg, 90],
    [paranal, -90],
  ] as const) {
    const { body } = rig(site);
    assert.ok(arcsec({ ra: 0, dec: body.counted().declination }, { ra: 0, dec: pole }) < 1e-6);
    const { altitude, azimuth } = body.pointing();
    assert.ok(Math.abs(altitude - Math.abs(site.latitude)) < 1e-6);
    assert.ok(Math.abs(signedDegrees(azimuth - (pole > 0 ? 0 : 180))) < 1e-6);
  }
});

test('west of the pier looks east with the counterweight down, east of it looks west', () => {
  for (const site of [heidelberg, paranal]) {
    const latitude = site.latitude;
    const east = axesOf({ hourAngle: -45, declination: 10 }, 'west', latitude);
    assert.deepEqual([east.ra, east.dec > 0], [45, true]);
    const west = axesOf({ hourAngle: 45, declination: 10 }, 'east', latitude);
    assert.deepEqual([west.ra, west.dec < 0], [-45, true]);
    const { body } = rig(site);
    body.ra.place(east.ra);
    body.dec.place(east.dec);
    assert.equal(body.pierSide, 'west');
    assert.ok(body.pointing().azimuth < 180);
  }
});

test('axes and sky are inverse to each other for both pier sides', () => {
  const angle = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
  fc.assert(
    fc.property(
      angle(-179, 179),
      angle(-89, 89),
      fc.constantFrom('east' as const, 'west' as const),
      angle(-80, 80),
      (hourAngle, declination, pierSide, latitude) => {
        const back = placeOf(axesOf({ hourAngle, declination }, pierSide, latitude), latitude);
        assert.ok(Math.abs(signedDegrees(back.hourAngle - hourAngle)) < 1e-9);
        assert.ok(Math.abs(back.declination - declination) < 1e-9);
        assert.equal(back.pierSide, pierSide);
      },
    ),
    { seed: 5 },
  );
});

test('a flawless mount aimed at a place points there from either side, turned by 180°', () => {
  for (const site of [heidelberg, paranal]) {
    const place = onMeridian(site, 20, 12);
    const { body } = rig(site);
    body.aim(place, 'west');
    const before = body.pointing();
    body.aim(place, 'east');
    const after = body.pointing();
    assert.ok(arcsec(before, place) < 0.01 && arcsec(after, place) < 0.01);
    assert.ok(Math.abs(Math.abs(signedDegrees(after.rotation - before.rotation)) - 180) < 0.1);
    assert.ok(Math.abs(signedDegrees(before.rotation)) < 0.5, `north is up: ${before.rotation}`);
  }
});

test('the aimed mount looks where astropy says the star is', () => {
  const file = readFileSync(new URL('data/vectors.json', import.meta.url), 'utf8');
  type Star = { icrs: Place; altitude: number; azimuth: number };
  const { rows } = JSON.parse(file) as { rows: { utc: string; site: Site; sun: Place; stars: Star[] }[] };
  const air = () => ({ pressureHpa: 0, temperatureCelsius: 10 });
  for (const { utc, site, sun, stars } of rows) {
    for (const { icrs, altitude, azimuth } of stars) {
      if (arcsec(icrs, sun) < 54_000) continue;
      const body = createMountBody({ clock: new SimClock(parseUtc(utc)), site, flaws: perfect, air });
      for (const side of ['east', 'west'] as const) {
        body.aim(icrs, side);
        const there = body.pointing();
        assert.ok(arcsec({ ra: there.azimuth, dec: there.altitude }, { ra: azimuth, dec: altitude }) < 2);
      }
    }
  }
});

test('tracking keeps the star and the pier side through the meridian', async () => {
  for (const site of [heidelberg, paranal]) {
    const { body, wait } = rig(site);
    const place = onMeridian(site, -7.5, 20 * Math.sign(site.latitude));
    body.aim(place);
    assert.equal(body.pierSide, 'west');
    body.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
    await wait(3600_000);
    assert.ok(arcsec(body.pointing(), place) < 30, `${arcsec(body.pointing(), place)}″ by refraction alone`);
    assert.ok(body.counted().hourAngle > 7);
    assert.equal(body.pierSide, 'west');
    assert.ok(body.ra.angle > 90, 'counterweight up');
  }
});

test('the worm adds 20″ from peak to peak every 480 s, and its history can be asked for', async () => {
  const { body, wait } = rig(heidelberg, { backlashArcsec: 0 });
  body.aim(onMeridian(heidelberg, -20, 0));
  const first = body.pointing();
  body.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
  await wait(960_000);
  const errors = Array.from({ length: 961 }, (_, second) => {
    const now = body.pointing(START + second * 1000);
    return signedDegrees(now.ra - first.ra) * 3600;
  });
  // Refraction drifts slowly under it: compare within one turn, and turn with turn.
  const turn = errors.slice(0, 480);
  const peakToPeak = Math.max(...turn) - Math.min(...turn);
  assert.ok(Math.abs(peakToPeak - 20) < 3, `${peakToPeak}″`);
  const drift = errors[480]! - errors[0]!;
  for (const second of [60, 200, 333]) {
    assert.ok(Math.abs(errors[second + 480]! - errors[second]! - drift) < 0.5);
  }
});

test('a reversal in declination first takes up the play', async () => {
  const { body, wait } = rig(heidelberg, { periodicArcsec: 0, backlashArcsec: 3 });
  body.aim(onMeridian(heidelberg, -10, 30));
  const arc = 1 / 3600;
  const shaft = () => body.dec.shaft(body.dec.settlesAt ?? START + 1e7) * 3600;
  body.dec.pulse(-5 * arc, 2000);
  await wait(2000);
  const north = shaft();
  body.dec.pulse(arc, 2000);
  await wait(2000);
  assert.ok(Math.abs(shaft() - north) < 1e-6, 'two seconds of arc are lost in the gears');
  body.dec.pulse(arc, 2000);
  await wait(2000);
  assert.ok(Math.abs(shaft() - north - 1) < 1e-6, 'then it follows');
});

test('a polar axis too high or turned shows on the sky by that much', () => {
  const place = onMeridian(heidelberg, 0, 0);
  const high = rig(heidelberg, { ...perfect, polarAltitudeArcmin: 6 }).body;
  high.aim(place, 'west');
  assert.ok(Math.abs(high.pointing().dec - place.dec + 0.1) < 0.01, 'on the meridian it looks lower');
  const turned = rig(heidelberg, { ...perfect, polarAzimuthArcmin: 6 }).body;
  turned.aim(place, 'west');
  const before = rig().body;
  before.aim(place, 'west');
  assert.ok(Math.abs(turned.pointing().azimuth - before.pointing().azimuth - 0.1) < 1e-9);
});

test('an axis stops exactly where it was told, however late anybody looks', async () => {
  const clock = new SimClock(START);
  const axis = createAxis(clock, 10);
  axis.drive(2.5, { at: 33.3, after: 0.5 });
  assert.equal(axis.pulse(1, 100), false);
  assert.equal(axis.settlesAt, START + 9320);
  await clock.drive(clock.sleep(60_000));
  assert.equal(axis.at(START + 9320), 33.3);
  assert.ok(Math.abs(axis.angle - (33.3 + 0.5 * 50.68)) < 1e-9);
  assert.equal(axis.rate, 0.5);
  axis.drive(-1, { at: axis.angle });
  assert.equal(axis.moving, false);
});

test('a pulse adds its share and lets the rate go on; another one replaces it', async () => {
  const clock = new SimClock(START);
  const axis = createAxis(clock);
  axis.drive(1);
  assert.equal(axis.pulse(0.5, 4000), true);
  await clock.drive(clock.sleep(2000));
  assert.equal(axis.rate, 1.5);
  axis.pulse(-0.5, 1000);
  await clock.drive(clock.sleep(8000));
  assert.equal(axis.angle, 10 + 1 - 0.5);
  assert.equal(axis.rate, 1);
  assert.equal(axis.at(START + 1000), 1.5);
});

test('the history of an axis stays bounded and its present exact over a night of pulses', async () => {
  const clock = new SimClock(START);
  const axis = createAxis(clock, 0, () => 0.01);
  axis.drive(0.004);
  let expected = 0;
  for (let i = 0; i < 5000; i++) {
    axis.pulse(i % 2 ? 0.002 : -0.002, 500);
    expected += i % 2 ? 0.001 : -0.001;
    await clock.drive(clock.sleep(2000));
  }
  assert.ok(Math.abs(axis.angle - 0.004 * 10_000 - expected) < 1e-9);
  assert.ok(Math.abs(axis.at(clock.now() - 600_000) - (axis.angle - 2.4)) < 2e-3);
});
