import assert from 'node:assert/strict';
import test from 'node:test';
import { cell } from '../../core/cell.ts';
import { utcOf } from '../../core/clock.ts';
import type { Verdict } from '../../device/weather.ts';
import { pretendGps, pretendMount, pretendWeather } from '../test-rig.ts';
import { createHarness } from './harness.ts';

test("weather: INDI's names for the first of a kind, ids for the rest; the vector's state is the verdict", async () => {
  const h = createHarness();
  const { weather, verdict, rainVerdict, temperature, refreshed } = pretendWeather();
  h.add('sky', 'Sky', { weather });
  const client = h.client();
  await h.perform(async () => {
    const names = Object.keys(client.property('Sky', 'WEATHER_PARAMETERS')?.values ?? {});
    assert.deepEqual(names, [
      'WEATHER_TEMPERATURE',
      'WEATHER_BOX_TEMPERATURE',
      'WEATHER_RAIN_HOUR',
      'WEATHER_MOOD',
    ]);
    assert.equal(client.shows('Sky', 'WEATHER_STATUS'), 'Ok Ok');
    assert.equal(client.shows('Sky', 'SAFETY_STATUS'), 'Ok Ok');
    rainVerdict.set('unsafe');
    verdict.set('unsafe');
    assert.equal(client.shows('Sky', 'WEATHER_STATUS'), 'Alert Alert');
    assert.equal(client.shows('Sky', 'SAFETY_STATUS'), 'Alert Alert');
    rainVerdict.set('safe');
    verdict.set('warning');
    assert.equal(client.shows('Sky', 'WEATHER_STATUS'), 'Busy Ok');
    assert.equal(client.shows('Sky', 'WEATHER_PARAMETERS'), 'Ok 4.5 1 1 1');
    temperature.set(undefined);
    assert.match(client.shows('Sky', 'WEATHER_PARAMETERS'), /^Alert 4.5/, 'its last value, and a warning');
    client.set('Sky', 'WEATHER_REFRESH', { REFRESH: true });
    await h.clock.sleep(10);
    assert.equal(refreshed(), 1);
    client.set('Sky', 'WEATHER_STATUS', { WEATHER_RAIN_HOUR: 'Ok' });
    assert.match(client.messages.at(-1) ?? '', /WEATHER_STATUS is/);
  });
});

test('a safety monitor has a verdict and no readings', async () => {
  const h = createHarness();
  const verdict = cell<Verdict>('unknown');
  h.add('safe', 'Safe', { weather: { verdict, readings: [] } });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.shows('Safe', 'WEATHER_STATUS'), 'Idle Idle');
    verdict.set('safe');
    assert.equal(client.shows('Safe', 'WEATHER_STATUS'), 'Ok Ok');
    assert.equal(client.shows('Safe', 'WEATHER_PARAMETERS'), 'not defined');
  });
});

test('gps: Busy without a fix, longitudes east; a mount on the same device keeps its own place', async () => {
  const h = createHarness();
  const { gps, fix } = pretendGps();
  h.add('gps', 'GPS', { gps });
  h.add('both', 'Both', { gps, mount: pretendMount().mount });
  const client = h.client();
  await h.perform(async () => {
    assert.match(client.shows('GPS', 'GEOGRAPHIC_COORD'), /^Busy/);
    const site = { latitude: 47.5, longitude: -8.25, elevationMetres: 400 };
    fix.set({ site, utc: utcOf(2026, 11, 22, 21, 30), heardAt: 0 });
    assert.equal(client.shows('GPS', 'GEOGRAPHIC_COORD'), 'Ok 47.5 351.75 400');
    assert.equal(client.shows('GPS', 'TIME_UTC'), 'Ok 2026-11-22T21:30:00 0.00');
    fix.set({ site, heardAt: 1 });
    assert.match(client.shows('GPS', 'TIME_UTC'), /^Busy 2026-11-22/);
    client.set('GPS', 'GPS_REFRESH', { REFRESH: true });
    await h.clock.sleep(10);
    assert.equal(client.shows('GPS', 'GPS_REFRESH'), 'Idle');
    assert.equal(client.property('GPS', 'GEOGRAPHIC_COORD')?.definition.perm, 'ro');
    assert.equal(client.property('Both', 'GEOGRAPHIC_COORD')?.definition.perm, 'rw');
  });
});
