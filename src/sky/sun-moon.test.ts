import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoUtc, parseUtc } from '../core/clock.ts';
import { separation } from './angle.ts';
import { toApparent } from './apparent.ts';
import {
  moonDirection,
  moonIllumination,
  sunAltitude,
  sunDirection,
  sunPasses,
  TWILIGHT,
} from './sun-moon.ts';

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
const greenwich = { latitude: 51.4779, longitude: 0, elevationMetres: 46 };
const tromso = { latitude: 69.65, longitude: 18.95, elevationMetres: 10 };
const siding = { latitude: -31.27, longitude: 149.07, elevationMetres: 1165 };

test('the equinox of 20 March 2026, 14:46 UTC: the Sun crosses the equator of date', () => {
  const equinox = parseUtc('2026-03-20T14:46:00Z');
  near(toApparent(sunDirection(equinox), equinox).dec, 0, 0.001);
});

test('the total eclipse of 12 August 2026 at Burgos: the Moon covers the Sun there, not from the Earth’s centre', () => {
  const burgos = { latitude: 42.3439, longitude: -3.6969, elevationMetres: 860 };
  const middle = parseUtc('2026-08-12T18:29:30Z');
  assert.ok(separation(sunDirection(middle), moonDirection(middle, burgos)) < 0.02);
  assert.ok(separation(sunDirection(middle), moonDirection(middle)) > 0.5);
  near(moonIllumination(middle), 0, 0.001);
});

test('the full Moon of 23 December 2026 is lit', () => {
  near(moonIllumination(parseUtc('2026-12-24T01:28:00Z')), 1, 0.005);
});

test('the night of Greenwich: dusk, then dawn, at the altitudes asked for', () => {
  const noon = parseUtc('2026-11-22T12:00:00Z');
  const passes = Object.values(TWILIGHT).flatMap((altitude) =>
    (['setting', 'rising'] as const).map((way) => ({
      altitude,
      way,
      utc: sunPasses(altitude, way, noon, greenwich),
    })),
  );
  for (const { altitude, way, utc } of passes) {
    assert.ok(utc !== undefined && utc > noon);
    near(sunAltitude(utc, greenwich), altitude, 0.005);
    const later = sunAltitude(utc + 60_000, greenwich);
    assert.equal(later > altitude, way === 'rising', isoUtc(utc));
  }
});

test('in the south the evening of December comes late', () => {
  const noon = parseUtc('2026-12-21T02:00:00Z');
  const dusk = sunPasses(TWILIGHT.astronomical, 'setting', noon, siding);
  near(((dusk ?? 0) - noon) / 3_600_000, 8.85, 0.15);
});

test('where the Sun does not pass there is no time', () => {
  const june = parseUtc('2026-06-21T10:00:00Z');
  const december = parseUtc('2026-12-21T11:00:00Z');
  assert.equal(sunPasses(0, 'setting', june, tromso), undefined);
  assert.equal(sunPasses(0, 'rising', december, tromso), undefined);
  assert.equal(sunPasses(TWILIGHT.astronomical, 'setting', june, greenwich), undefined);
  assert.ok(sunPasses(TWILIGHT.astronomical, 'setting', december, tromso));
});
