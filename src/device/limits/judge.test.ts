import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUtc } from '../../core/clock.ts';
import { fromApparent } from '../../sky/apparent.ts';
import { apparentPlace } from '../../sky/direction.ts';
import { localSidereal } from '../../sky/sidereal.ts';
import { beyond, counterweightRise, judge } from './judge.ts';
import { changedLimits, lowestAt, safeLimits } from './mount-limits.ts';

const utc = parseUtc('2026-11-22T20:00:00Z');
const sites = {
  north: { latitude: 49.4, longitude: 8.7, elevationMetres: 560 },
  south: { latitude: -31.27, longitude: 149.07, elevationMetres: 1165 },
};
type Side = 'west' | 'east' | 'unknown';
/** A pointing by hour angle in minutes. */
const pointing = (minutes: number, dec: number, pierSide: Side, site = sites.north) => ({
  at: fromApparent(apparentPlace(localSidereal(utc, site.longitude) - minutes / 4, dec), utc),
  pierSide,
  utc,
  site,
});

for (const [name, site] of Object.entries(sites)) {
  const dec = site.latitude / 2;
  const words = (minutes: number, side: Side, limits = safeLimits) =>
    beyond(pointing(minutes, dec, side, site), limits) ?? 'within';

  test(`the pier's limit follows the pointing state, not the hour angle alone (${name})`, () => {
    assert.equal(words(-120, 'west'), 'within', 'the normal side before the meridian');
    assert.equal(words(29, 'west'), 'within', 'half an hour past it');
    assert.match(words(31.5, 'west'), /^31 min past the meridian on the west side of the pier, .* 30 min$/);
    assert.equal(words(31, 'east'), 'within', 'flipped');
    assert.equal(words(-29, 'east'), 'within', 'flipped before the meridian');
    assert.match(words(-31, 'east'), /past the meridian on the east side/);
    assert.equal(words(31, 'unknown'), 'within', 'a side that nobody knows is no reason');
    assert.equal(words(31, 'west', { ...safeLimits, meridian: 'none' }), 'within', 'a fork has no pier');
  });

  test(`how long it may track on is foreseen (${name})`, () => {
    const verdict = judge(pointing(10, dec, 'west', site), safeLimits);
    assert.ok(verdict.ok);
    assert.equal(verdict.minutesLeft, 19);
    assert.match(verdict.ahead ?? '', /west side/);
    assert.deepEqual(judge(pointing(10, dec, 'east', site), safeLimits), { ok: true });
    assert.equal(judge(pointing(40, dec, 'west', site), safeLimits).ok, false);
  });
}

test('altitudes: the lowest, the horizon line, and the zenith', () => {
  const low = pointing(5.5 * 60, 0, 'east');
  assert.match(beyond(low, safeLimits) ?? '', /4\.\d° high there, the limit is 10\.0°/);
  assert.equal(beyond(low, { ...safeLimits, lowestAltitude: 0 }), undefined);
  const walled = changedLimits(safeLimits, {
    lowestAltitude: 0,
    horizon: [
      { azimuth: 300, altitude: 30 },
      { azimuth: 200, altitude: 30 },
    ],
  });
  assert.match(beyond(low, walled) ?? '', /the limit is 30\.0°/, 'the west is behind a wall');
  const high = pointing(0, 49.4, 'east');
  assert.equal(beyond(high, safeLimits), undefined);
  assert.match(beyond(high, { ...safeLimits, highestAltitude: 80 }) ?? '', /at most 80°/);
});

test('a horizon is a line round the compass, and joins over north', () => {
  const limits = changedLimits(safeLimits, {
    lowestAltitude: 5,
    horizon: [
      { azimuth: 350, altitude: 20 },
      { azimuth: 10, altitude: 40 },
      { azimuth: 180, altitude: -10 },
    ],
  });
  assert.equal(lowestAt(350, limits), 20);
  assert.equal(lowestAt(0, limits), 30);
  assert.equal(lowestAt(5, limits), 35);
  assert.equal(lowestAt(180, limits), 5, 'the lowest altitude holds in any case');
  assert.equal(lowestAt(77, { ...safeLimits, horizon: [{ azimuth: 3, altitude: 12 }] }), 12);
  assert.equal(lowestAt(77, safeLimits), safeLimits.lowestAltitude);
});

test('limits that cannot be are refused with the reason', () => {
  const refused = (changes: Parameters<typeof changedLimits>[1], words: RegExp) =>
    assert.throws(() => changedLimits(safeLimits, changes), words);
  refused({ lowestAltitude: 91 }, /lowestAltitude 91 is outside/);
  refused({ lowestAltitude: 60, highestAltitude: 50 }, /must be less than/);
  refused({ horizon: [{ azimuth: -1, altitude: 0 }] }, /horizon azimuth/);
  refused({ minutesPastMeridian: { west: Number.NaN, east: 0 } }, /minutesPastMeridian.west/);
});

test('the counterweight: level on the meridian, up and down by turns, opposite on the two sides', () => {
  assert.equal(counterweightRise(0, 'west'), 0);
  assert.equal(counterweightRise(-90, 'west'), -90);
  assert.equal(counterweightRise(170, 'west'), 10, 'behind the pole, the other way round');
  assert.equal(counterweightRise(-170, 'east'), 10, 'tracked past the lower meridian');
  fc.assert(
    fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (angle) => {
      const west = counterweightRise(angle, 'west');
      assert.ok(Math.abs(west) <= 90);
      assert.ok(Math.abs(west + counterweightRise(angle, 'east')) < 1e-9);
    }),
    { seed: 7, numRuns: 200 },
  );
});
