import assert from 'node:assert/strict';
import test from 'node:test';
import type { Actor } from '../../core/lane.ts';
import { pretendCamera, pretendFocuser, pretendWheel } from '../test-rig.ts';
import { createHarness } from './harness.ts';

const phone: Actor = { name: 'phone', rank: 'person' };

test('before the first connect: driver information first, connection, settings; the rest on connect', async () => {
  const h = createHarness();
  const { focuser } = pretendFocuser();
  const { device } = h.add('focus', 'Focus', { focuser });
  h.host.assign('focuser', 'focus');
  const client = h.client();
  assert.equal(client.names[0], 'Focus.DRIVER_INFO');
  assert.equal(client.property('Focus', 'DRIVER_INFO')?.values.DRIVER_INTERFACE, '8');
  assert.equal(client.shows('Focus', 'CONNECTION'), 'Idle DISCONNECT');
  assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'not defined');
  await h.clock.drive(
    (async () => {
      client.set('Focus', 'CONNECTION', { CONNECT: true });
      assert.equal(client.shows('Focus', 'CONNECTION'), 'Busy CONNECT');
      await h.clock.sleep(100);
      assert.equal(client.shows('Focus', 'CONNECTION'), 'Ok CONNECT');
      assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Ok 5000');
      assert.equal(device.status.value.state, 'connected');

      client.set('Focus', 'CONNECTION', { DISCONNECT: true });
      await h.clock.sleep(100);
      assert.equal(client.shows('Focus', 'CONNECTION'), 'Idle DISCONNECT');
      assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'not defined');
      assert.equal(client.shows('Focus', 'STEP_MODE'), 'Idle FULL');
      h.faces.close();
    })(),
  );
});

test('a device that is lost keeps its properties, in Alert, and comes back with the choices of its clients', async () => {
  const h = createHarness();
  const { camera } = pretendCamera();
  const { unplug } = h.add('cam', 'Cam', { camera });
  const client = h.client();
  const deleted: string[] = [];
  client.watch((message) => {
    if (message.type === 'delProperty') deleted.push(message.name ?? 'all');
  });
  await h.perform(async () => {
    client.set('Cam', 'CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    client.set('Cam', 'UPLOAD_MODE', { UPLOAD_LOCAL: true });
    client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 60 });
    await h.clock.sleep(500);
    unplug();
    await h.clock.sleep(100);
    assert.match(client.shows('Cam', 'CONNECTION'), /^Alert CONNECT$/);
    assert.match(client.shows('Cam', 'CCD_EXPOSURE'), /^Alert/);
    assert.match(client.shows('Cam', 'CCD_GAIN'), /^Alert 100/);
    assert.ok(client.messages.some((text) => text.includes('closed')));
    await h.clock.sleep(5000);
    assert.equal(client.shows('Cam', 'CONNECTION'), 'Ok CONNECT');
    assert.equal(client.shows('Cam', 'CCD_BINNING'), 'Idle 2 2');
    assert.equal(client.shows('Cam', 'UPLOAD_MODE'), 'Idle UPLOAD_LOCAL');
    assert.equal(client.shows('Cam', 'CCD_GAIN'), 'Ok 100');
    assert.deepEqual(deleted, []);
  });
});

test('a device that somebody of higher rank uses is not disconnected', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  const client = h.client();
  await h.perform(async () => {
    device.lease({ name: 'night', rank: 'night' }, 'focuser');
    client.set('Focus', 'CONNECTION', { DISCONNECT: true });
    await h.clock.sleep(100);
    assert.equal(device.status.value.state, 'connected');
    assert.match(client.shows('Focus', 'CONNECTION'), /^Alert CONNECT/);
    assert.ok(client.messages.includes('busy: night'));
  });
});

test('labels are the names: renamed, and told apart when two are alike', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  h.add('focus-2', 'Focus', { focuser: pretendFocuser().focuser });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.shows('Focus (focus-2)', 'ABS_FOCUS_POSITION'), 'Ok 5000');
    device.rename('Moon & Lite');
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'not defined');
    assert.equal(client.shows('Moon & Lite', 'ABS_FOCUS_POSITION'), 'Ok 5000');
  });
});

test('settings: each kind is shown, changed, refused out of its range', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  const client = h.client();
  client.set('Focus', 'STEP_MODE', { HALF: true });
  client.set('Focus', 'BACKLASH', { VALUE: 25 });
  client.set('Focus', 'REVERSE', { INDI_ENABLED: true });
  client.set('Focus', 'NICKNAME', { VALUE: 'new' });
  assert.deepEqual(device.settings.value, { stepMode: 'half', backlash: 25, reverse: true, nickname: 'new' });
  assert.equal(client.shows('Focus', 'STEP_MODE'), 'Idle HALF');
  client.set('Focus', 'BACKLASH', { VALUE: 501 });
  assert.equal(client.shows('Focus', 'BACKLASH'), 'Alert 25');
  client.set('Focus', 'BACKLASH', { VALUE: 500 });
  assert.equal(client.shows('Focus', 'BACKLASH'), 'Idle 500');
});

test('commands that cannot be: told, and nothing moves', async () => {
  const h = createHarness();
  const { focuser, position } = pretendFocuser();
  h.add('focus', 'Focus', { focuser });
  const client = h.client();
  await h.perform(async () => {
    client.set('Nobody', 'X', { A: 1 });
    client.set('Focus', 'X', { A: 1 });
    client.set('Focus', 'FOCUS_MAX', { FOCUS_MAX_VALUE: 1 });
    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: true });
    assert.equal(client.messages.length, 4);
    client.set('Focus', 'ABS_FOCUS_POSITION', { WRONG: 1 });
    assert.match(client.shows('Focus', 'ABS_FOCUS_POSITION'), /^Alert/);
    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 10_001 });
    assert.match(client.messages.at(-1) ?? '', /10001 is outside 0…10000/);
    client.set('Focus', 'FOCUS_MOTION', { FOCUS_INWARD: false });
    assert.match(client.shows('Focus', 'FOCUS_MOTION'), /^Alert FOCUS_INWARD/);
    await h.clock.sleep(2000);
    assert.equal(position.value, 5000);
  });
});

test('focuser: absolute, relative both ways, sync, abort, temperature', async () => {
  const h = createHarness();
  const { focuser, position, temperature } = pretendFocuser();
  h.add('focus', 'Focus', { focuser });
  const client = h.client();
  await h.perform(async () => {
    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Busy 5000');
    await h.clock.sleep(400);
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Busy 5500');
    await h.clock.sleep(400);
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Ok 6000');

    client.set('Focus', 'REL_FOCUS_POSITION', { FOCUS_RELATIVE_POSITION: 100 });
    assert.equal(client.shows('Focus', 'REL_FOCUS_POSITION'), 'Busy 100');
    await h.clock.sleep(1000);
    assert.equal(position.value, 5900);
    client.set('Focus', 'FOCUS_MOTION', { FOCUS_OUTWARD: true });
    client.set('Focus', 'REL_FOCUS_POSITION', { FOCUS_RELATIVE_POSITION: 50 });
    await h.clock.sleep(1000);
    assert.equal(client.shows('Focus', 'REL_FOCUS_POSITION'), 'Ok 50');
    assert.equal(position.value, 5950);

    client.set('Focus', 'FOCUS_SYNC', { FOCUS_SYNC_VALUE: 1000 });
    await h.clock.sleep(100);
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Ok 1000');

    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 9000 });
    await h.clock.sleep(400);
    client.set('Focus', 'FOCUS_ABORT_MOTION', { ABORT: true });
    await h.clock.sleep(1000);
    assert.equal(client.shows('Focus', 'ABS_FOCUS_POSITION'), 'Ok 5000');
    assert.equal(client.shows('Focus', 'FOCUS_ABORT_MOTION'), 'Idle');

    temperature.set(-3.25);
    assert.equal(client.shows('Focus', 'FOCUS_TEMPERATURE'), 'Ok -3.25');
    temperature.set(undefined);
    assert.equal(client.shows('Focus', 'FOCUS_TEMPERATURE'), 'Alert -3.25');
  });
});

test('busy: a client is told who has the focuser, and sees when a person takes it', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  const client = h.client();
  await h.perform(async () => {
    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    await h.clock.sleep(100);
    const run = device.operate(phone, 'focuser', 'moveTo', { steps: 100 });
    await h.clock.sleep(10);
    assert.match(client.messages.at(-1) ?? '', /superseded.*phone/);
    client.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    assert.match(client.messages.at(-1) ?? '', /^busy: /);
    assert.match(client.shows('Focus', 'ABS_FOCUS_POSITION'), /^Alert/);
    await run.outcome;
  });
});

test('filter wheel: Busy on the way, names from the owner, changed by a client', async () => {
  const h = createHarness();
  h.add('wheel', 'Wheel', { wheel: pretendWheel().wheel });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.shows('Wheel', 'FILTER_NAME'), 'Ok L R G B Ha');
    client.set('Wheel', 'FILTER_SLOT', { FILTER_SLOT_VALUE: 3 });
    assert.match(client.shows('Wheel', 'FILTER_SLOT'), /^Busy/);
    await h.clock.sleep(500);
    assert.equal(client.shows('Wheel', 'FILTER_SLOT'), 'Ok 3');
    client.set('Wheel', 'FILTER_SLOT', { FILTER_SLOT_VALUE: 6 });
    assert.equal(client.shows('Wheel', 'FILTER_SLOT'), 'Alert 3');
    client.set('Wheel', 'FILTER_NAME', { FILTER_SLOT_NAME_2: 'Red' });
    assert.deepEqual(h.rig.facts.value.filters, ['L', 'Red', 'G', 'B', 'Ha']);
    assert.equal(client.shows('Wheel', 'FILTER_NAME'), 'Ok L Red G B Ha');
  });
});

test('configuration: save and load have nothing left to do, default brings back what the driver comes with', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', pretendFocuser());
  const client = h.client();
  await h.clock.drive(
    (async () => {
      client.set('Focus', 'STEP_MODE', { HALF: true });
      client.set('Focus', 'CONFIG_PROCESS', { CONFIG_SAVE: true });
      await h.clock.sleep(10);
      assert.equal(client.shows('Focus', 'CONFIG_PROCESS'), 'Ok');
      assert.equal(device.settings.value.stepMode, 'half');
      client.set('Focus', 'CONFIG_PROCESS', { CONFIG_DEFAULT: true });
      await h.clock.sleep(10);
      assert.equal(client.shows('Focus', 'STEP_MODE'), 'Idle FULL');
      h.faces.close();
    })(),
  );
});
