import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utcOf } from '../../core/clock.ts';
import { adoptRig } from './adopt-rig.ts';
import { lights, numbers, switches, texts } from './declared.ts';
import { adoptGps } from './gps.ts';
import { adoptGuidePort } from './guide.ts';
import { adoptWeather } from './weather.ts';

test('the worst of status and safety is the verdict, and a program that is gone has none', () => {
  const { hosted } = adoptRig(
    lights('WEATHER_STATUS', { WEATHER_TEMPERATURE: 'Ok', WEATHER_WIND_SPEED: 'Ok' }, { state: 'Ok' }),
    lights('SAFETY_STATUS', { SAFETY: 'Ok' }, { state: 'Ok' }),
    numbers(
      'WEATHER_PARAMETERS',
      {
        WEATHER_TEMPERATURE: 4,
        WEATHER_WIND_SPEED: 3,
        WEATHER_DEWPOINT: 1,
        SKY_BRIGHTNESS: 21,
        WEATHER_FORECAST: 0,
      },
      { perm: 'ro', labels: { WEATHER_TEMPERATURE: 'Temperature (C)', WEATHER_WIND_SPEED: 'Wind (kph)' } },
    ),
  );
  const weather = adoptWeather(hosted);
  assert.ok(weather);
  assert.deepEqual(
    weather.readings.map(({ id, kind, unit, label }) => [id, kind, unit, label]),
    [
      ['temperature', 'temperature', 'C', 'Temperature'],
      ['wind-speed', 'windSpeed', 'kph', 'Wind'],
      ['dewpoint', 'dewPoint', '', 'WEATHER_DEWPOINT'],
      ['sky-brightness', 'skyQuality', '', 'SKY_BRIGHTNESS'],
      ['forecast', 'other', '', 'WEATHER_FORECAST'],
    ],
  );
  const seen: string[] = [weather.verdict.value];
  weather.verdict.watch((verdict) => seen.push(verdict));
  hosted.set('WEATHER_STATUS', 'Busy', { WEATHER_WIND_SPEED: 'Busy' });
  assert.equal(weather.readings[1]?.verdict?.value, 'warning');
  hosted.set('SAFETY_STATUS', 'Alert', { SAFETY: 'Alert' });
  hosted.set('SAFETY_STATUS', 'Ok', { SAFETY: 'Ok' });
  hosted.alive.set(false);
  assert.deepEqual(seen, ['safe', 'warning', 'unsafe', 'warning', 'unknown']);
});

test('a safety monitor has a verdict and no readings', () => {
  const { hosted } = adoptRig(lights('SAFETY_STATUS', { SAFETY: 'Idle' }));
  const weather = adoptWeather(hosted);
  assert.deepEqual([weather?.verdict.value, weather?.readings, weather?.refresh], ['unknown', [], undefined]);
});

test('a fix has the time that was heard with it, and goes with the place', async () => {
  const { hosted, parts, pass } = adoptRig(
    numbers('GEOGRAPHIC_COORD', { LAT: 28.76, LONG: 342.12, ELEV: 2396 }, { state: 'Ok', perm: 'ro' }),
    texts('TIME_UTC', { UTC: '2026-01-15T22:00:00', OFFSET: '0' }, { perm: 'ro' }),
  );
  const gps = adoptGps(hosted, parts);
  const first = gps?.fix.value;
  assert.ok(first && Math.abs(first.site.longitude + 17.88) < 1e-9);
  assert.equal(first.utc, undefined, 'nobody knows how old the first time is');
  await pass(1500);
  hosted.set('TIME_UTC', 'Ok', { UTC: '2026-01-15T23:00:01.5' });
  const second = gps?.fix.value;
  assert.deepEqual([second?.utc, second?.heardAt], [utcOf(2026, 1, 15, 23, 0, 1.5), 1500]);
  hosted.set('GEOGRAPHIC_COORD', 'Busy');
  assert.equal(gps?.fix.value, undefined);
});

function guideRig() {
  const milliseconds = { value: 0, min: 0, max: 60_000 };
  const rig = adoptRig(
    numbers('TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: milliseconds, TIMED_GUIDE_S: milliseconds }),
    numbers('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: milliseconds, TIMED_GUIDE_E: milliseconds }),
    numbers('GUIDE_RATE', { GUIDE_RATE_WE: 0.5, GUIDE_RATE_NS: 0.4 }),
  );
  const guide = adoptGuidePort(rig.hosted);
  assert.ok(guide);
  return { ...rig, guide };
}

test('a pulse ends when it is no longer Busy, and not before its time', async () => {
  const { hosted, guide, perform, later, clock } = guideRig();
  hosted.react = (name) => {
    hosted.set(name, 'Busy');
    later(850, () => hosted.set(name, 'Idle', { TIMED_GUIDE_S: 0 }));
  };
  await perform((run) => guide.pulse('south', 800, run));
  assert.deepEqual(hosted.sent[0]?.values, { TIMED_GUIDE_S: 800, TIMED_GUIDE_N: 0 });
  assert.equal(clock.monotonic(), 850);
  hosted.react = (name) => hosted.set(name, 'Ok');
  await perform((run) => guide.pulse('east', 400, run));
  assert.equal(clock.monotonic(), 1250);
});

test('a pulse that never ends is over two seconds late', async () => {
  const { hosted, guide, perform, clock } = guideRig();
  hosted.react = (name) => hosted.set(name, 'Busy');
  await assert.rejects(
    perform((run) => guide.pulse('north', 1000, run)),
    { kind: 'silent' },
  );
  assert.equal(clock.monotonic(), 3000);
  await assert.rejects(
    perform((run) => guide.pulse('north', 0, run)),
    { kind: 'refused' },
  );
});

test('the guide rate is read and set', async () => {
  const { hosted, guide, perform } = guideRig();
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  assert.deepEqual(guide.rate?.value, { ra: 0.5, dec: 0.4 });
  await perform(async (run) => guide.setRate?.({ ra: 0.9, dec: 0.8 }, run));
  assert.deepEqual(guide.rate?.value, { ra: 0.9, dec: 0.8 });
});

test('what can only be pulsed on one axis is a guide port; what cannot, is none', () => {
  const one = adoptRig(numbers('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 0 }));
  assert.ok(adoptGuidePort(one.hosted));
  assert.equal(adoptGuidePort(adoptRig(switches('X', { A: true })).hosted), undefined);
});
