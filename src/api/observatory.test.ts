import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../core/cell.ts';
import { isoUtc } from '../core/clock.ts';
import { bench } from './bench.ts';

test("the phone's clock is believed while it agrees, and unlocks slews", async () => {
  const { ask, clock, observatory } = await bench();
  const path = '/api/v1/observatory/time-and-site';
  const early = await ask('POST', path, { utc: isoUtc(clock.now() - 3_600_000) });
  assert.deepEqual(early.json, { time: false, site: false, differenceSeconds: -3600 });
  const site = { latitude: -33, longitude: 151 };
  assert.equal((await ask('POST', path, { utc: isoUtc(clock.now()), site })).json.time, true);
  assert.deepEqual(observatory.site.value, { ...site, elevationMetres: 0 });
  assert.equal((await ask('POST', '/api/v1/devices/mount/mount/slewTo', { ra: 10, dec: 20 })).status, 202);
  assert.equal((await ask('POST', path, { utc: 'yesterday' })).status, 400);
  const { targets } = (await ask('GET', '/api/v1/observatory/targets')).json;
  assert.ok(targets.some(({ name }: { name: string }) => name === 'NGC 3372 Carina'));
  assert.ok(!targets.some(({ name }: { name: string }) => name === 'Polaris'), 'never rises in Sydney');
});

test('the arbiter of time decides where there is one', async () => {
  const offered: number[] = [];
  const offer = (differenceMs: number) => offered.push(differenceMs) > 0;
  const { ask, clock, observatory } = await bench({ timekeeper: { offer } });
  const utc = isoUtc(clock.now() + 3_600_000);
  const { json } = await ask('POST', '/api/v1/observatory/time-and-site', { utc });
  assert.deepEqual(json, { time: true, site: false, differenceSeconds: 3600 });
  assert.deepEqual(offered, [3_600_000]);
  assert.equal(observatory.timeSource.value, undefined, 'the arbiter says so, not this face');
});

test('a phone never overrules a satellite', async () => {
  const { ask, clock, observatory } = await bench();
  observatory.offerTime('gps');
  observatory.offerSite({ latitude: 50, longitude: 10, elevationMetres: 300 }, 'gps');
  const site = { latitude: 0, longitude: 0 };
  const { json } = await ask('POST', '/api/v1/observatory/time-and-site', { utc: isoUtc(clock.now()), site });
  assert.deepEqual([json.time, json.site], [false, false]);
  assert.equal(observatory.site.value?.latitude, 50);
});

test('telescopes and filters are described part by part', async () => {
  const { ask, rig } = await bench();
  const path = '/api/v1/observatory/facts';
  const telescope = { name: 'Newton', focalLengthMm: 800, apertureMm: 200 };
  assert.deepEqual((await ask('PUT', path, { telescope })).json.telescope, telescope);
  const { json } = await ask('PUT', path, { filters: ['Clear', 'OIII'] });
  assert.deepEqual(json.filters, ['Clear', 'OIII', 'Filter 3', 'Filter 4', 'Filter 5']);
  assert.deepEqual(rig.facts.value.telescope, telescope, 'what was not named stays');
  assert.equal((await ask('PUT', path, { telescope: { ...telescope, apertureMm: 0 } })).status, 400);
  assert.equal((await ask('PUT', path, { filter: [] })).status, 400);
});

test('who vouches for the clock is told, and who means another time or place', async () => {
  const keeping = cell({ by: 'PPS', pps: true, offsetSeconds: 4e-8 });
  const { ask, observatory } = await bench({ timekeeper: { offer: () => false, keeping } });
  const time = async () => (await ask('GET', '/api/v1/observatory')).json.time;
  assert.deepEqual(await time(), {
    trusted: false,
    words: 'not trusted: open this page on your phone, or plug in a GPS or a network',
    disagreements: [],
  });
  observatory.offerTime('gps');
  observatory.noteTime('client', -3600);
  observatory.offerSite({ latitude: 48.2, longitude: 17.4, elevationMetres: 0 }, 'client');
  assert.deepEqual(await time(), {
    trusted: true,
    source: 'gps',
    words: 'from GPS, by its pulse',
    offsetSeconds: 4e-8,
    disagreements: [
      'a connected program is 60 min behind this clock, which is from GPS',
      'a connected program says a place 1° from this one',
    ],
  });
});

test('what is wrong with the unit itself is told', async () => {
  const { ask } = await bench({ warnings: cell(['the supply voltage is too low']) });
  assert.deepEqual((await ask('GET', '/api/v1/observatory')).json.warnings, [
    'the supply voltage is too low',
  ]);
});
