import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUtc } from '../core/clock.ts';
import { degrees, radians } from '../core/units.ts';
import { correctionInWords, measureAxis, type PolarAlignment } from './polar-alignment.ts';
import vectors from './polar-vectors.json' with { type: 'json' };

const cases = vectors.map((row) => ({
  ...row,
  site: { latitude: row.latitude, longitude: row.longitude, elevationMetres: row.metres },
  air: { pressureHectopascals: row.hectopascals, temperatureCelsius: row.celsius },
  sightings: row.sightings.map(([utc, ra, dec]) => ({
    utc: utc!,
    direction: { ra: ra!, dec: dec! },
    errorArcsec: 0.5,
  })),
}));
const level = cases.find(({ latitude }) => latitude === 49.4)!;

function found(alignment: ReturnType<typeof measureAxis>): PolarAlignment {
  assert.ok(alignment.found, JSON.stringify(alignment));
  return alignment;
}

function refusal(alignment: ReturnType<typeof measureAxis>) {
  assert.ok(!alignment.found, JSON.stringify(alignment));
  return alignment;
}

/** Arc-minutes on the sky between the axis found and the true one. */
const missed = (found: PolarAlignment, { axisTooHighArcmin, axisClockwiseArcmin, site }: typeof level) =>
  Math.hypot(
    found.altitudeArcmin - axisTooHighArcmin,
    (found.azimuthArcmin - axisClockwiseArcmin) * Math.cos(radians(site.latitude)),
  );

test('the axis lies where astropy turned the tube about it, in both hemispheres, within 0.12′', () => {
  for (const row of cases) {
    const axis = found(measureAxis(row.sightings, { site: row.site, air: row.air }));
    assert.ok(missed(axis, row) < 0.12, `${missed(axis, row)}′ at latitude ${row.latitude}`);
    assert.ok(axis.residualArcsec < 1e-3);
  }
});

test('without a weather station the error stays within four of its uncertainties', () => {
  for (const row of cases) {
    const axis = found(measureAxis(row.sightings, { site: row.site }));
    const expected = Math.hypot(
      axis.altitudeUncertaintyArcmin,
      axis.azimuthUncertaintyArcmin * Math.cos(radians(row.latitude)),
    );
    assert.ok(missed(axis, row) < 4 * expected, `${missed(axis, row)}′, said ± ${expected}′`);
  }
});

test('the order of the sightings does not matter', () => {
  const { site, air, sightings } = level;
  const there = found(measureAxis(sightings, { site, air }));
  const back = found(measureAxis(sightings.toReversed(), { site, air }));
  assert.ok(Math.abs(there.altitudeArcmin - back.altitudeArcmin) < 1e-6);
  assert.ok(Math.abs(there.azimuthArcmin - back.azimuthArcmin) < 1e-6);
});

test('errors of the solves enlarge the uncertainty in proportion', () => {
  const { site, air } = level;
  const upTo = (errorArcsec: number) =>
    found(
      measureAxis(
        level.sightings.map((sighting) => ({ ...sighting, errorArcsec })),
        { site, air },
      ),
    );
  const ratio = upTo(60).altitudeUncertaintyArcmin / upTo(30).altitudeUncertaintyArcmin;
  assert.ok(Math.abs(ratio - 2) < 0.01, `${ratio}`);
});

test('the refracted pole stands higher by the refraction there, and only the errors change', () => {
  const { site, air, sightings } = level;
  const plain = found(measureAxis(sightings, { site, air }));
  const lifted = found(measureAxis(sightings, { site, air, pole: 'refracted' }));
  assert.deepEqual(lifted.axis, plain.axis);
  const arcminutes = 60 * (lifted.pole.altitude - plain.pole.altitude);
  assert.ok(Math.abs(arcminutes - 1 / Math.tan(radians(site.latitude))) < 0.2, `${arcminutes}`);
  assert.ok(Math.abs(plain.altitudeArcmin - lifted.altitudeArcmin - arcminutes) < 1e-9);
});

test('two images, the same image thrice and images at the horizon are refused with what to do', () => {
  const { site, sightings } = level;
  assert.equal(refusal(measureAxis(sightings.slice(0, 2), { site })).reason, 'few');
  const one = sightings[0]!;
  const again = [one, one, { ...one, utc: one.utc + 1000 }];
  assert.equal(refusal(measureAxis(again, { site })).reason, 'close');
  const low = refusal(measureAxis([...sightings, { ...one, utc: one.utc + 9 * 3_600_000 }], { site }));
  assert.ok(low.reason === 'low' || low.reason === 'far', low.message);
});

test('a declination that moved in between is noticed, as is a wrong site', () => {
  const { site, sightings } = level;
  const moved = sightings.map((sighting, index) => ({
    ...sighting,
    direction: { ...sighting.direction, dec: sighting.direction.dec - (index === 1 ? 12 : 0) },
  }));
  assert.match(refusal(measureAxis(moved, { site })).message, /declination must stay/);
});

test('a fourth sighting shows in the residual what three cannot', () => {
  const { site, air, sightings } = level;
  const [first, , last] = sightings;
  const off = { ...last!, direction: { ...last!.direction, dec: last!.direction.dec + 20 / 3600 } };
  const four = found(measureAxis([first!, sightings[1]!, last!, off], { site, air }));
  assert.ok(four.residualArcsec > 3 && four.residualArcsec < 20, `${four.residualArcsec}`);
});

test('the words name the way the axis has to go, in both hemispheres', () => {
  const base = found(measureAxis(level.sightings, { site: level.site }));
  const high = { ...base, altitudeArcmin: 1.12, azimuthArcmin: 3.24 };
  assert.equal(correctionInWords(high), 'move the axis 3.2′ west and 1.1′ down');
  const south = { ...high, pole: { altitude: 30, azimuth: 180 } };
  assert.equal(correctionInWords(south), 'move the axis 3.2′ east and 1.1′ down');
  assert.equal(correctionInWords({ ...high, altitudeArcmin: -2, azimuthArcmin: 0 }), 'move the axis 2.0′ up');
  assert.equal(correctionInWords({ ...high, altitudeArcmin: 0, azimuthArcmin: 0.01 }), 'the axis is aligned');
});

test('three sightings by tracking alone, one hour apart, are enough', () => {
  // A perfect mount that follows a star sees it in one place: its axis is the true pole, but for refraction.
  const utc = parseUtc('2026-11-22T20:00:00Z');
  const site = { latitude: 49.4, longitude: 8.7, elevationMetres: 200 };
  const vacuum = { pressureHectopascals: 0, temperatureCelsius: 0 };
  const star = { ra: 350, dec: 60 };
  const followed = [0, 1, 2].map((hour) => ({
    direction: star,
    utc: utc + hour * 3_600_000,
    errorArcsec: 1,
  }));
  const axis = found(measureAxis(followed, { site, air: vacuum }));
  assert.ok(axis.totalArcmin < 0.01, `${axis.totalArcmin}′ of ${degrees(1)}`);
});
