import assert from 'node:assert/strict';
import test from 'node:test';
import { pretendCover, pretendDome, pretendLight, pretendRotator } from '../test-rig.ts';
import { createHarness } from './harness.ts';

test('rotator: Busy on the way, sync, home, abort, reverse', async () => {
  const h = createHarness();
  const { rotator, angle } = pretendRotator();
  h.add('rot', 'Rot', { rotator });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.property('Rot', 'DRIVER_INFO')?.values.DRIVER_INTERFACE, '4096');
    client.set('Rot', 'ABS_ROTATOR_ANGLE', { ANGLE: 90 });
    assert.equal(client.shows('Rot', 'ABS_ROTATOR_ANGLE'), 'Busy 10');
    await h.clock.sleep(400);
    assert.equal(client.shows('Rot', 'ABS_ROTATOR_ANGLE'), 'Busy 50');
    client.set('Rot', 'ROTATOR_ABORT_MOTION', { ABORT: true });
    await h.clock.sleep(1000);
    assert.equal(client.shows('Rot', 'ABS_ROTATOR_ANGLE'), 'Ok 50');
    assert.equal(client.shows('Rot', 'ROTATOR_ABORT_MOTION'), 'Idle');
    client.set('Rot', 'SYNC_ROTATOR_ANGLE', { ANGLE: 200 });
    await h.clock.sleep(10);
    assert.equal(client.shows('Rot', 'ABS_ROTATOR_ANGLE'), 'Ok 200');
    client.set('Rot', 'ROTATOR_HOME', { HOME: true });
    assert.match(client.shows('Rot', 'ROTATOR_HOME'), /^Busy/);
    await h.clock.sleep(600);
    assert.equal(client.shows('Rot', 'ROTATOR_HOME'), 'Idle');
    assert.equal(angle.value, 0);
    client.set('Rot', 'ROTATOR_REVERSE', { INDI_ENABLED: true });
    await h.clock.sleep(10);
    assert.equal(client.shows('Rot', 'ROTATOR_REVERSE'), 'Ok INDI_ENABLED');
    client.set('Rot', 'ABS_ROTATOR_ANGLE', { ANGLE: 361 });
    assert.match(client.shows('Rot', 'ABS_ROTATOR_ANGLE'), /^Alert/);
  });
});

test('dome: azimuth, the shorter word for a relative turn over north, sync', async () => {
  const h = createHarness();
  const { dome, azimuth } = pretendDome();
  h.add('dome', 'Dome', { dome });
  const client = h.client();
  await h.perform(async () => {
    client.set('Dome', 'ABS_DOME_POSITION', { DOME_ABSOLUTE_POSITION: 350 });
    assert.equal(client.shows('Dome', 'ABS_DOME_POSITION'), 'Busy 90');
    await h.clock.sleep(600);
    assert.equal(client.shows('Dome', 'ABS_DOME_POSITION'), 'Ok 350');
    client.set('Dome', 'REL_DOME_POSITION', { DOME_RELATIVE_POSITION: 20 });
    assert.equal(client.shows('Dome', 'REL_DOME_POSITION'), 'Busy 20');
    await h.clock.sleep(600);
    assert.equal(client.shows('Dome', 'REL_DOME_POSITION'), 'Ok 20');
    assert.equal(azimuth.value, 10);
    client.set('Dome', 'DOME_SYNC', { DOME_SYNC_VALUE: 15 });
    await h.clock.sleep(10);
    assert.equal(client.shows('Dome', 'ABS_DOME_POSITION'), 'Ok 15');
  });
});

test('dome: held motion has the dead man, the shutter and parking are what the dome says', async () => {
  const h = createHarness();
  const { dome, turns, roof } = pretendDome();
  h.add('dome', 'Dome', { dome });
  const client = h.client();
  await h.perform(async () => {
    client.set('Dome', 'DOME_MOTION', { DOME_CW: true });
    assert.equal(client.shows('Dome', 'DOME_MOTION'), 'Busy DOME_CW');
    await h.clock.sleep(100);
    client.set('Dome', 'DOME_MOTION', { DOME_CW: false });
    await h.clock.sleep(100);
    assert.equal(client.shows('Dome', 'DOME_MOTION'), 'Idle');
    client.set('Dome', 'DOME_MOTION', { DOME_CCW: true });
    await h.clock.sleep(61_000);
    assert.deepEqual(turns, ['clockwise', 'stopped', 'counterclockwise', 'stopped']);

    assert.equal(client.shows('Dome', 'DOME_SHUTTER'), 'Ok SHUTTER_CLOSE');
    client.set('Dome', 'DOME_SHUTTER', { SHUTTER_OPEN: true });
    await h.clock.sleep(500);
    assert.equal(client.shows('Dome', 'DOME_SHUTTER'), 'Busy');
    client.set('Dome', 'ABS_DOME_POSITION', { DOME_ABSOLUTE_POSITION: 100 });
    await h.clock.sleep(600);
    assert.equal(client.shows('Dome', 'DOME_SHUTTER'), 'Ok SHUTTER_OPEN', 'turning does not stop the roof');
    client.set('Dome', 'DOME_SHUTTER', { SHUTTER_CLOSE: true });
    await h.clock.sleep(500);
    client.set('Dome', 'DOME_ABORT_MOTION', { ABORT: true });
    await h.clock.sleep(100);
    assert.equal(roof.value, 'unknown');
    assert.equal(client.shows('Dome', 'DOME_SHUTTER'), 'Idle');

    client.set('Dome', 'DOME_PARK', { PARK: true });
    assert.equal(client.shows('Dome', 'DOME_PARK'), 'Busy UNPARK');
    await h.clock.sleep(600);
    assert.equal(client.shows('Dome', 'DOME_PARK'), 'Ok PARK');
  });
});

test('a roof that only opens has no azimuth, no motion and no parking to show', async () => {
  const h = createHarness();
  const { motion, roof, halt } = pretendDome().dome;
  h.add('roof', 'Roof', { dome: { motion, halt, ...(roof && { roof }) } });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.property('Roof', 'DOME_SHUTTER')?.definition.perm, 'ro');
    for (const name of ['ABS_DOME_POSITION', 'DOME_MOTION', 'DOME_PARK', 'DOME_SYNC']) {
      assert.equal(client.shows('Roof', name), 'not defined');
    }
  });
});

test('cover: parked is closed; on its way it is Busy, and an abort leaves it where nobody knows', async () => {
  const h = createHarness();
  h.add('cap', 'Cap', { cover: pretendCover().cover });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.shows('Cap', 'CAP_PARK'), 'Ok PARK');
    client.set('Cap', 'CAP_PARK', { UNPARK: true });
    assert.match(client.shows('Cap', 'CAP_PARK'), /^Busy/);
    await h.clock.sleep(1100);
    assert.equal(client.shows('Cap', 'CAP_PARK'), 'Ok UNPARK');
    client.set('Cap', 'CAP_PARK', { PARK: true });
    await h.clock.sleep(500);
    client.set('Cap', 'CAP_ABORT', { ABORT: true });
    await h.clock.sleep(100);
    assert.equal(client.shows('Cap', 'CAP_PARK'), 'Idle UNPARK');
  });
});

test('light: switched and dimmed at once, within its range', async () => {
  const h = createHarness();
  const { light, on, brightness } = pretendLight();
  h.add('flat', 'Flat', { light });
  const client = h.client();
  await h.perform(async () => {
    client.set('Flat', 'FLAT_LIGHT_CONTROL', { FLAT_LIGHT_ON: true });
    client.set('Flat', 'FLAT_LIGHT_INTENSITY', { FLAT_LIGHT_INTENSITY_VALUE: 200 });
    await h.clock.sleep(50);
    assert.deepEqual([on.value, brightness.value], [true, 200]);
    assert.equal(client.shows('Flat', 'FLAT_LIGHT_CONTROL'), 'Ok FLAT_LIGHT_ON');
    assert.equal(client.shows('Flat', 'FLAT_LIGHT_INTENSITY'), 'Ok 200');
    client.set('Flat', 'FLAT_LIGHT_INTENSITY', { FLAT_LIGHT_INTENSITY_VALUE: 256 });
    assert.equal(client.shows('Flat', 'FLAT_LIGHT_INTENSITY'), 'Alert 200');
    client.set('Flat', 'FLAT_LIGHT_CONTROL', { FLAT_LIGHT_OFF: true });
    await h.clock.sleep(50);
    assert.equal(client.shows('Flat', 'FLAT_LIGHT_CONTROL'), 'Ok FLAT_LIGHT_OFF');
  });
});
