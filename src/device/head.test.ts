import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, when } from '../core/cell.ts';
import { SimClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { allocateFrame } from '../imaging/frame.ts';
import { MemoryPort } from '../wire/memory.ts';
import type { Camera, CameraState } from './camera.ts';
import { defineDriver, serial } from './driver.ts';
import { DeviceHost } from './host.ts';
import { noDarkroom } from './no-darkroom.ts';
import { createObservatory } from './observatory.ts';
import { createRig } from './rig.ts';
import { Shutter } from './shutter.ts';

const person = { name: 'phone', rank: 'person' } as const;

function chip(width: number, height: number): Camera {
  const state = cell<CameraState>('idle');
  return {
    sensor: { name: 'chip', width, height, pixelMicrons: { x: 4, y: 4 }, bitsPerPixel: 16, maxAdu: 65_535 },
    binnings: [1],
    exposureSeconds: { min: 0.001, max: 3600 },
    state,
    async expose({ seconds }, run) {
      state.set('exposing');
      await run.sleep(seconds * 1000).finally(() => state.set('idle'));
      return allocateFrame({ width, height, format: 'u16' });
    },
  };
}

function setUp() {
  const clock = new SimClock(1_000_000);
  const shown = { head: true, polls: 0 };
  const twin = defineDriver({
    id: 'twin',
    label: 'Twin',
    transport: serial(),
    pollMs: 60_000,
    provides: ['camera'],
    settings: {},
    open: async () => ({
      identity: 'S1',
      camera: chip(64, 48),
      ...(shown.head && { heads: { guide: { camera: chip(32, 24) } } }),
      async poll() {
        shown.polls++;
      },
    }),
  });
  const port = new MemoryPort('twin', () => {});
  const parts = { clock, observatory: createObservatory(), darkroom: noDarkroom, log: silentLog };
  const host = new DeviceHost(parts);
  const device = host.add({ id: 'cam', label: 'Cam', driver: twin, port });
  const lab = {
    seal: (frame: { buffer: SharedArrayBuffer }) => new Uint8Array(frame.buffer),
    store: async () => 'frames/one.fits',
    release() {},
  };
  const shutter = new Shutter(createRig(host), lab, silentLog);
  const head = () => {
    const found = host.find('cam/guide');
    assert.ok(found, 'there is no guide head');
    return found;
  };
  return { clock, host, device, port, shutter, shown, head };
}

test('a guide head comes with the first connect, guides by default, and may be named in a role before', async () => {
  const { clock, host, device, head } = setUp();
  assert.deepEqual(host.devices.value, [device]);
  host.assign('guideCamera', 'cam/guide');
  assert.equal(host.inRole('guideCamera'), undefined);
  await clock.drive(device.connect());
  assert.equal(head().status.value.state, 'connected');
  assert.equal(head().capabilities.value.camera?.sensor.width, 32);
  assert.deepEqual(
    Object.keys(device.capabilities.value),
    ['camera'],
    'the head is no capability of its camera',
  );
  assert.equal(head().identity, 'S1/guide');
  assert.equal(host.inRole('guideCamera'), head());
  assert.equal(host.inRole('camera'), device, 'a guide head never takes the pictures by itself');
});

test('both chips expose at the same time, each by its own lane and with its own facts', async () => {
  const { clock, device, shutter, head } = setUp();
  await clock.drive(device.connect());
  const long = shutter.shoot(device, person, { seconds: 10, type: 'light' }, 'store');
  const short = shutter.shoot(head(), person, { seconds: 1, type: 'light' }, 'memory');
  const guide = await clock.drive(short.outcome);
  assert.equal(clock.now(), 1_001_000);
  assert.deepEqual([guide.frame.width, guide.facts.camera.id], [32, 'S1/guide']);
  const picture = await clock.drive(long.outcome);
  assert.deepEqual([picture.frame.width, picture.facts.camera.id], [64, 'S1']);
  assert.deepEqual(Object.keys(shutter.last.value).sort(), ['cam', 'cam/guide']);
});

test('they are lost, come back and are let go together', async () => {
  const { clock, host, device, port, shutter, head } = setUp();
  await clock.drive(device.connect());
  const guiding = shutter.shoot(head(), person, { seconds: 100, type: 'light' }, 'memory');
  await clock.drive(clock.sleep(1000));
  port.unplug();
  await assert.rejects(clock.drive(guiding.outcome), /closed/);
  assert.equal(head().status.value.state, 'recovering');
  assert.equal(head().capabilities.value.camera?.sensor.width, 32, 'its last known state stays');
  port.plug();
  await clock.drive(when(head().status, ({ state }) => state === 'connected'));
  assert.equal(host.devices.value.length, 2, 'it is the same head');
  const next = shutter.shoot(head(), person, { seconds: 100, type: 'light' }, 'memory');
  await clock.drive(clock.sleep(1000));
  await clock.drive(device.disconnect());
  await assert.rejects(next.outcome, { name: 'Stopped' });
  assert.equal(head().status.value.state, 'disconnected');
  await clock.drive(head().connect());
  assert.equal(device.status.value.state, 'connected');
});

test('a head that is no longer there can do nothing', async () => {
  const { clock, device, shown, head } = setUp();
  await clock.drive(device.connect());
  await clock.drive(device.disconnect());
  shown.head = false;
  await clock.drive(device.connect());
  assert.deepEqual(head().capabilities.value, {});
  assert.throws(
    () => head().operate(person, 'camera', 'expose', { seconds: 1, type: 'light' }),
    /has no camera/,
  );
});

test('the poll period: a change counts at once, for as long as the device is known', async () => {
  const { clock, device, shown } = setUp();
  await clock.drive(device.connect());
  assert.equal(shown.polls, 1);
  await clock.drive(clock.sleep(5000));
  device.setPollMs(1000);
  await clock.drive(clock.sleep(3500));
  assert.equal(shown.polls, 5, 'one at the change, three in 3.5 s');
  await clock.drive(device.disconnect());
  await clock.drive(clock.sleep(60_000));
  assert.equal(shown.polls, 5, 'nothing polls a device that is let go');
  assert.equal(device.pollMs.value, 1000);
  for (const wrong of [9, 600_001, Number.NaN])
    assert.throws(() => device.setPollMs(wrong), /ms between polls/);
});
