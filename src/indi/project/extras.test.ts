import assert from 'node:assert/strict';
import test from 'node:test';
import { cell } from '../../core/cell.ts';
import { pretendCamera, pretendFocuser, pretendMount, pretendRotator, pretendWeather } from '../test-rig.ts';
import { createHarness } from './harness.ts';

test('mount: park position in hours and degrees, the present place as one, home', async () => {
  const h = createHarness();
  h.add('mount', 'Mount', { mount: pretendMount().mount });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK_POSITION'), 'Ok -6 50');
    client.set('Mount', 'TELESCOPE_PARK_POSITION', { PARK_HA: 3, PARK_DEC: -10 });
    await h.clock.sleep(10);
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK_POSITION'), 'Ok 3 -10');
    client.set('Mount', 'TELESCOPE_PARK_OPTION', { PARK_CURRENT: true });
    await h.clock.sleep(10);
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK_POSITION'), 'Ok 1 20');
    client.set('Mount', 'TELESCOPE_PARK_OPTION', { PARK_WRITE_DATA: true });
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK_OPTION'), 'Ok');
    assert.deepEqual(Object.keys(client.property('Mount', 'TELESCOPE_HOME')?.values ?? {}), ['GO']);
    client.set('Mount', 'TELESCOPE_HOME', { GO: true });
    assert.match(client.shows('Mount', 'TELESCOPE_HOME'), /^Busy/);
    await h.clock.sleep(600);
    assert.equal(client.shows('Mount', 'TELESCOPE_HOME'), 'Idle');
  });
});

test('a mount that keeps neither home nor park position shows neither', async () => {
  const h = createHarness();
  const { parkPosition, parkHere, home, ...plain } = pretendMount().mount;
  assert.ok(parkPosition && parkHere && home);
  h.add('mount', 'Mount', { mount: plain });
  const client = h.client();
  await h.perform(async () => {
    for (const name of ['TELESCOPE_PARK_POSITION', 'TELESCOPE_PARK_OPTION', 'TELESCOPE_HOME']) {
      assert.equal(client.shows('Mount', name), 'not defined');
    }
  });
});

test('focuser: speed, timer in the chosen direction, reverse', async () => {
  const h = createHarness();
  const { focuser, position } = pretendFocuser();
  h.add('focus', 'Focus', { focuser });
  const client = h.client();
  await h.perform(async () => {
    client.set('Focus', 'FOCUS_SPEED', { FOCUS_SPEED_VALUE: 5 });
    await h.clock.sleep(10);
    assert.equal(client.shows('Focus', 'FOCUS_SPEED'), 'Ok 5');
    client.set('Focus', 'FOCUS_SPEED', { FOCUS_SPEED_VALUE: 6 });
    assert.equal(client.shows('Focus', 'FOCUS_SPEED'), 'Alert 5');
    client.set('Focus', 'FOCUS_MOTION', { FOCUS_OUTWARD: true });
    client.set('Focus', 'FOCUS_TIMER', { FOCUS_TIMER_VALUE: 500 });
    assert.equal(client.shows('Focus', 'FOCUS_TIMER'), 'Busy 500');
    await h.clock.sleep(600);
    assert.equal(client.shows('Focus', 'FOCUS_TIMER'), 'Idle 0');
    assert.equal(position.value, 5050);
    client.set('Focus', 'FOCUS_TIMER', { FOCUS_TIMER_VALUE: 5000 });
    await h.clock.sleep(100);
    client.set('Focus', 'FOCUS_ABORT_MOTION', { ABORT: true });
    await h.clock.sleep(6000);
    assert.equal(client.shows('Focus', 'FOCUS_TIMER'), 'Idle 0');
    assert.equal(position.value, 5050);
    client.set('Focus', 'FOCUS_REVERSE_MOTION', { INDI_ENABLED: true });
    await h.clock.sleep(10);
    assert.equal(client.shows('Focus', 'FOCUS_REVERSE_MOTION'), 'Ok INDI_ENABLED');
  });
});

test('focuser: backlash off keeps its steps for the next time it is on', async () => {
  const h = createHarness();
  const { focuser } = pretendFocuser();
  h.add('focus', 'Focus', { focuser });
  const client = h.client();
  const toggle = async (on: boolean) => {
    client.set('Focus', 'FOCUS_BACKLASH_TOGGLE', on ? { INDI_ENABLED: true } : { INDI_DISABLED: true });
    await h.clock.sleep(10);
  };
  await h.perform(async () => {
    await toggle(true);
    assert.match(client.shows('Focus', 'FOCUS_BACKLASH_TOGGLE'), /^Alert INDI_DISABLED/);
    client.set('Focus', 'FOCUS_BACKLASH_STEPS', { FOCUS_BACKLASH_VALUE: 40 });
    await h.clock.sleep(10);
    assert.equal(focuser.backlash?.value, 0);
    await toggle(true);
    assert.equal(focuser.backlash?.value, 40);
    assert.equal(client.shows('Focus', 'FOCUS_BACKLASH_TOGGLE'), 'Ok INDI_ENABLED');
    await toggle(false);
    assert.equal(focuser.backlash?.value, 0);
    assert.equal(client.shows('Focus', 'FOCUS_BACKLASH_STEPS'), 'Ok 40');
    await toggle(true);
    client.set('Focus', 'FOCUS_BACKLASH_STEPS', { FOCUS_BACKLASH_VALUE: 25 });
    await h.clock.sleep(10);
    assert.equal(focuser.backlash?.value, 25);
  });
});

test('polling: clients see and change how often a device is asked, before it is connected too', async () => {
  const h = createHarness();
  const { device } = h.add('sky', 'Sky', { weather: pretendWeather().weather });
  const client = h.client();
  assert.equal(client.shows('Sky', 'POLLING_PERIOD'), 'Ok 60000');
  client.set('Sky', 'POLLING_PERIOD', { PERIOD_MS: 2000 });
  assert.equal(device.pollMs.value, 2000);
  await h.perform(async () => {
    assert.equal(client.shows('Sky', 'WEATHER_UPDATE'), 'Ok 2');
    client.set('Sky', 'WEATHER_UPDATE', { PERIOD: 30 });
    assert.equal(client.shows('Sky', 'POLLING_PERIOD'), 'Ok 30000');
    client.set('Sky', 'POLLING_PERIOD', { PERIOD_MS: 5 });
    assert.equal(client.shows('Sky', 'POLLING_PERIOD'), 'Alert 30000');
  });
});

test('debug: enabled, clients hear of every operation, whoever asks for it; else of none', async () => {
  const h = createHarness();
  const { device } = h.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  const client = h.client();
  const phone = { name: 'phone', rank: 'person' } as const;
  await h.perform(async () => {
    await device.operate(phone, 'focuser', 'moveTo', { steps: 100 }).outcome;
    assert.deepEqual(client.messages, []);
    client.set('Focus', 'DEBUG', { ENABLE: true });
    const run = device.operate(phone, 'focuser', 'moveTo', { steps: 200 });
    await run.outcome;
    const stopped = device.operate(phone, 'focuser', 'moveTo', { steps: 300 });
    stopped.stop('user', 'enough');
    await h.clock.sleep(100);
    assert.deepEqual(client.messages, [
      '[DEBUG] focus focuser.moveTo begins',
      '[DEBUG] focus focuser.moveTo is done',
      '[DEBUG] focus focuser.moveTo begins',
      '[DEBUG] focus focuser.moveTo: stopped (user): enough',
    ]);
    client.set('Focus', 'DEBUG', { DISABLE: true });
    await device.operate(phone, 'focuser', 'moveTo', { steps: 400 }).outcome;
    assert.equal(client.messages.length, 4);
  });
});

test("an exposure knows the rotator's angle and the sky's darkness, a guide frame not the rotator's", async () => {
  const h = createHarness();
  h.add('cam', 'Cam', { camera: pretendCamera().camera });
  h.add('guide', 'Guide', { camera: pretendCamera().camera });
  h.host.assign('camera', 'cam');
  h.host.assign('guideCamera', 'guide');
  h.add('rot', 'Rot', { rotator: pretendRotator(91.2345).rotator });
  const { weather } = pretendWeather();
  const sqm = { id: 'sqm', label: 'SQM', kind: 'skyQuality', unit: 'mag', value: cell(21.456) } as const;
  h.add('sky', 'Sky', { weather: { ...weather, readings: [...weather.readings, sqm] } });
  const client = h.client();
  await h.perform(async () => {
    for (const name of ['Cam', 'Guide']) client.set(name, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
    await h.clock.sleep(500);
    const { cam, guide } = h.shutter.last.value;
    assert.deepEqual([cam?.facts.rotatorDegrees, cam?.facts.skyMagnitude], [91.235, 21.46]);
    assert.equal(guide?.facts.rotatorDegrees, undefined);
  });
});
