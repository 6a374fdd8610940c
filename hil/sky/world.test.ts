import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from './mount-body.ts';
import { createWorld } from './world.ts';

const START = parseUtc('2026-12-08T20:00:00Z');

test('a world is saved as JSON and goes on elsewhere, later, as it stood', async () => {
  const clock = new SimClock(START);
  const world = createWorld({ clock, seed: 42, flaws: { polarAzimuthArcmin: 4 } });
  world.mount.aim({ ra: 83.8, dec: -5.4 });
  world.mount.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
  world.focus.axis.drive(100, { at: 25_500 });
  world.rotator.place(33);
  world.wheel.slot = 3;
  world.weather.clouds = 0.7;
  world.main.temperatureCelsius = -15;
  await clock.drive(clock.sleep(30_000));
  const state = JSON.parse(JSON.stringify(world.save()));

  const later = createWorld({ clock: new SimClock(START + 60_000), seed: 42 });
  later.weather.override.rain = true;
  later.restore(state);
  assert.deepEqual(later.save(), state);
  assert.equal(later.focus.axis.angle, 25_500);
  assert.equal(later.mount.ra.moving, false);
  assert.equal(later.weather.at().rain, false);
  assert.deepEqual(later.mount.counted().declination, world.mount.counted().declination);
  assert.throws(() => createWorld({ clock, seed: 1 }).restore(state), RangeError);
});

test('saving does not disturb, and the shaft keeps its place in the play', () => {
  const world = createWorld({ clock: new SimClock(START), flaws: { backlashArcsec: 10 } });
  world.mount.dec.place(40);
  const before = world.mount.pointing();
  world.save();
  assert.deepEqual(world.mount.pointing(), before);
});

test('the same seed brings the same night, another one another', () => {
  const night = (seed: number) => {
    const world = createWorld({ clock: new SimClock(START), seed });
    return Array.from({ length: 12 }, (_, hour) => world.weather.at(START + hour * 3600_000));
  };
  assert.deepEqual(night(3), night(3));
  assert.notDeepEqual(night(3), night(4));
});

test('it cools toward dawn, the dew point stays below the air, the sky stays open unless clouds are brought', () => {
  const world = createWorld({ clock: new SimClock(START) });
  const hours = Array.from({ length: 100 }, (_, i) => world.weather.at(START + i * 300_000));
  assert.ok(hours[0]!.temperatureCelsius > hours[96]!.temperatureCelsius + 2);
  for (const [i, now] of hours.entries()) {
    assert.ok(now.dewPointCelsius <= now.temperatureCelsius);
    assert.ok(now.clouds <= 0.15 && now.seeingArcsec > 1.5 && now.seeingArcsec < 3.5);
    const before = hours[Math.max(0, i - 1)]!;
    assert.ok(Math.abs(now.seeingArcsec - before.seeingArcsec) < 0.6, 'smooth');
  }
  world.weather.clouds = 1;
  assert.equal(world.weather.at().clouds, 1);
  delete world.weather.override.clouds;
  assert.ok(world.weather.clouds < 0.15);
});

test('the focus follows the temperature through the night', async () => {
  const clock = new SimClock(START);
  const world = createWorld({ clock });
  assert.ok(Math.abs(world.focus.defocusMicrons()) < 3);
  await clock.drive(clock.sleep(8 * 3600_000));
  assert.ok(world.focus.defocusMicrons() < -60, `${world.focus.defocusMicrons()} µm: it has to go out`);
});

test('moonlight and dusk brighten the sky', () => {
  const world = createWorld({ clock: new SimClock(START) });
  const dark = world.skyMagnitude(parseUtc('2026-12-08T22:00Z'));
  assert.ok(dark > 21 && dark < 22);
  assert.ok(world.skyMagnitude(parseUtc('2026-11-24T22:00Z')) < 19.5, 'full moon');
  assert.ok(world.skyMagnitude(parseUtc('2026-12-08T16:00Z')) < 13, 'civil dusk');
});
