import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import { createGlass } from './glass.ts';
import { createWeather } from './weather.ts';
import { createWorld, heidelberg } from './world.ts';

const START = parseUtc('2026-11-22T18:00:00Z');
const HOUR = 3600_000;

function glassUnder(weather: { clouds?: number; windMetresPerSecond?: number }) {
  const clock = new SimClock(START);
  const sky = createWeather(clock, heidelberg, 7);
  Object.assign(sky.override, { temperatureCelsius: 5, humidity: 80, clouds: 0, ...weather });
  const glass = createGlass(clock, sky);
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  return { clock, sky, glass, pass };
}

test('unheated, it settles 2 to 5 °C below the air under a clear sky, and at the air’s temperature under clouds', () => {
  const below = (weather: Parameters<typeof glassUnder>[0]) => 5 - glassUnder(weather).glass.celsius();
  assert.ok(Math.abs(below({ windMetresPerSecond: 0 }) - 5) < 0.1);
  assert.ok(Math.abs(below({ windMetresPerSecond: 4 }) - 2) < 0.1);
  assert.ok(below({ clouds: 1, windMetresPerSecond: 0 }) < 0.01);
});

test('the heater warms the glass within the hour and never the air', async () => {
  const { glass, sky, pass } = glassUnder({ windMetresPerSecond: 0 });
  const before = glass.celsius();
  glass.heater = 1;
  await pass(10 * 60_000);
  const soon = glass.celsius() - before;
  await pass(5 * HOUR);
  const late = glass.celsius() - before;
  assert.ok(soon > 2 && soon < 4, `after 10 min ${soon}`);
  assert.ok(Math.abs(late - 12.1) < 0.1, `at last ${late}`);
  assert.equal(sky.at().temperatureCelsius, 5);
});

test('pulses of a switched output add up to their mean', async () => {
  const [pulsed, even] = [glassUnder({}), glassUnder({})];
  even.glass.heater = 0.3;
  for (let second = 0; second < 1200; second += 10) {
    pulsed.glass.heater = 1;
    await pulsed.pass(3000);
    pulsed.glass.heater = 0;
    await pulsed.pass(7000);
  }
  await even.pass(1_200_000);
  assert.ok(Math.abs(pulsed.glass.celsius() - even.glass.celsius()) < 0.02);
});

test('who reads it, and when, changes nothing', async () => {
  const [watched, alone] = [1, 2].map(() => createWorld({ clock: new SimClock(START), seed: 3 }));
  for (const { glass } of [watched!, alone!]) glass.heater = 0.5;
  for (let minute = 0; minute < 90; minute++) {
    await (watched!.clock as SimClock).drive(watched!.clock.sleep(60_000));
    watched!.glass.celsius();
  }
  await (alone!.clock as SimClock).drive(alone!.clock.sleep(90 * 60_000));
  assert.ok(Math.abs(watched!.glass.celsius() - alone!.glass.celsius()) < 1e-9);
});

test('dew comes to glass that is colder than the dew point, and dries when it is warmed', async () => {
  const { glass, pass } = glassUnder({ windMetresPerSecond: 0 });
  assert.equal(glass.dewed(), true, 'the dew point is 1.8 °C, the glass has 0 °C');
  await pass(HOUR);
  assert.ok(glass.dew() > 0.9);
  glass.heater = 1;
  await pass(2 * HOUR);
  assert.equal(glass.dewed(), false);
  assert.equal(glass.dew(), 0);
});
