import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../core/clock.ts';
import { pretendAmbient } from '../indi/pretend/dew.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { readAir } from './dew-sources.ts';

test('what no air is like is not taken for dry air, in which nothing is heated', async () => {
  const clock = new SimClock(utcOf(2026, 11, 22, 18));
  const { host, add } = createTestRig(clock);
  const { weather, celsius, humidity } = pretendAmbient();
  const { device } = add('ambient', 'Ambient', { weather });
  assert.equal(readAir(device), undefined, 'not connected');
  await clock.drive(device.connect());
  humidity.set(50);
  assert.ok(Math.abs((readAir(device)?.dewPointCelsius ?? 0) + 4.58) < 0.01);
  for (const broken of [0, -3, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
    humidity.set(broken);
    assert.equal(readAir(device), undefined, `${broken} %`);
  }
  humidity.set(3);
  assert.ok(readAir(device), 'in a desert');
  celsius.set(Number.NaN);
  assert.equal(readAir(device), undefined);
  await clock.drive(host.close());
});
