import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { SimClock, systemClock } from '../core/clock.ts';
import { createApi } from './api.ts';
import { littleRig } from './little-rig.ts';
import { serveApi } from './serve.ts';

function parts() {
  const rig = littleRig(systemClock);
  const previews = { preview: async () => new Uint8Array() };
  const app = createApi({ ...rig, previews, webDirectory: '.', metrics: new Registry(), version: '1' });
  return { app, bind: '127.0.0.1', clock: systemClock, log: rig.log };
}

test('listens, says when the port is taken, and at the end leaves nobody connected', async () => {
  const served = await serveApi({ ...parts(), port: 0 });
  const health = await fetch(`http://127.0.0.1:${served.port}/healthz`);
  assert.deepEqual(await health.json(), { status: 'ok', version: '1' });
  await assert.rejects(serveApi({ ...parts(), port: served.port }), { code: 'EADDRINUSE' });
  const live = await fetch(`http://127.0.0.1:${served.port}/api/v1/live`);
  const reader = live.body!.getReader();
  await reader.read();
  await served.close();
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
    throw new Error('ended');
  });
});

test('knows no simulated time', () => {
  assert.throws(() => serveApi({ ...parts(), clock: new SimClock(0), port: 0 }), /system clock/);
});
