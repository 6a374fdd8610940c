import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitBook } from '../device/limits/book.ts';
import { safeLimits } from '../device/limits/mount-limits.ts';
import { LimitWatch } from '../device/limits/watch.ts';
import { bench } from './bench.ts';

async function watched() {
  const limits = new LimitBook();
  const made = await bench(({ host, log }) => ({
    limits,
    watch: new LimitWatch(host, { book: limits, log }),
  }));
  return { ...made, limits };
}

test('limits are read and changed part by part', async () => {
  const { ask, limits } = await watched();
  const before = await ask('GET', '/api/v1/limits/mount');
  assert.deepEqual(before.json.limits, safeLimits);
  const path = '/api/v1/limits/mount';
  const changed = await ask('PUT', path, { lowestAltitude: 25, atLimit: 'park' });
  assert.deepEqual(changed.json.limits, { ...safeLimits, lowestAltitude: 25, atLimit: 'park' });
  assert.equal(limits.of('mount').lowestAltitude, 25);
  for (const bad of [{ lowestAltitude: 91 }, { lowestAltitude: 80, highestAltitude: 70 }, { lowest: 1 }]) {
    assert.equal((await ask('PUT', path, bad)).status, 400, JSON.stringify(bad));
  }
  assert.equal((await ask('GET', '/api/v1/limits/indi/none')).status, 404);
  assert.match((await ask('GET', '/api/v1/limits/camera%2Ffocus')).json.device, /camera\/focus/);
});

test('a mount says how it stands to its limits', async () => {
  const { ask, pass, observatory } = await watched();
  observatory.offerTime('gps');
  await pass(5000);
  const { json } = await ask('GET', '/api/v1/devices/mount');
  assert.match(json.limit.state, /within|near/);
  await ask('PUT', '/api/v1/limits/mount', { lowestAltitude: 88 });
  await pass(30_000);
  const { limit } = (await ask('GET', '/api/v1/devices/mount')).json;
  assert.equal(limit.state, 'stopped');
  assert.match(limit.reason, /the limit is 88/);
});

test('solar mode is confirmed in so many words', async () => {
  const { ask, limits } = await watched();
  const path = '/api/v1/observatory/solar-mode';
  const careless = await ask('PUT', path, { on: true });
  assert.equal(careless.status, 400);
  assert.match(careless.json.detail, /solar filter/);
  assert.equal((await ask('PUT', path, { on: true, confirm: true })).json.on, true);
  assert.equal(limits.solarMode.value, true);
  assert.equal((await ask('GET', '/api/v1/observatory')).json.solarMode, true);
  assert.equal((await ask('PUT', path, { on: false })).json.on, false);
  assert.equal(limits.solarMode.value, false);
});

test('a unit that keeps none says so', async () => {
  const { ask } = await bench();
  assert.equal((await ask('GET', '/api/v1/limits/mount')).status, 501);
  assert.ok(!('solarMode' in (await ask('GET', '/api/v1/observatory')).json));
});
