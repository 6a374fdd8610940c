import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../../core/cell.ts';
import { SimClock } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { defineDriver, serial } from '../../device/driver.ts';
import type { GpsFix } from '../../device/gps.ts';
import { DeviceHost } from '../../device/host.ts';
import { noDarkroom } from '../../device/no-darkroom.ts';
import { createObservatory } from '../../device/observatory.ts';
import { MemoryPort } from '../../wire/memory.ts';
import { followGps } from './follow-gps.ts';

test('each fix of a GPS among the devices is heard, from one that comes later too, and over its reconnects', async () => {
  const clock = new SimClock(0);
  const host = new DeviceHost({
    clock,
    observatory: createObservatory(),
    darkroom: noDarkroom,
    log: silentLog,
  });
  const heard: (number | undefined)[] = [];
  const end = followGps(host, ({ utc }) => heard.push(utc));
  const fix = cell<GpsFix | undefined>(undefined);
  const driver = defineDriver({
    id: 'receiver',
    label: 'GPS',
    transport: serial(),
    pollMs: 60_000,
    provides: ['gps'],
    settings: {},
    open: async () => ({ gps: { fix } }),
  });
  const device = host.add({ id: 'gps', label: 'GPS', driver, port: new MemoryPort('gps', () => {}) });
  const site = { latitude: 1, longitude: 2, elevationMetres: 3 };
  const say = (utc: number) => fix.set({ site, utc, heardAt: clock.monotonic() });
  await clock.drive(host.connectAll());
  say(1);
  fix.set(undefined);
  await clock.drive(device.disconnect());
  await clock.drive(host.connectAll());
  say(2);
  end();
  say(3);
  assert.deepEqual(heard, [1, 2]);
});
