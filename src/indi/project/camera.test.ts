import assert from 'node:assert/strict';
import test from 'node:test';
import type { Actor } from '../../core/lane.ts';
import { pretendCamera } from '../test-rig.ts';
import { createHarness } from './harness.ts';

const phone: Actor = { name: 'phone', rank: 'person' };

function withCamera() {
  const h = createHarness();
  const c = pretendCamera();
  const { device } = h.add('cam', 'Cam', { camera: c.camera });
  const client = h.client();
  client.enableBlob('Cam');
  return { ...h, ...c, device, client };
}

/** States of a property and BLOBs, in order of arrival. */
function record({ client }: ReturnType<typeof withCamera>, name: string): string[] {
  const seen: string[] = [];
  client.watch((message) => {
    if (message.type !== 'set') return;
    if (message.kind === 'blob') seen.push('BLOB');
    else if (message.name === name && seen.at(-1) !== message.state) seen.push(message.state ?? '');
  });
  return seen;
}

test('an exposure: Busy, counted down every second, the image, then Ok', async () => {
  const h = withCamera();
  const seen = record(h, 'CCD_EXPOSURE');
  await h.perform(async () => {
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 3.5 });
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Busy 3.5');
    await h.clock.sleep(2200);
    const left = h.client.property('Cam', 'CCD_EXPOSURE')?.values.CCD_EXPOSURE_VALUE as number;
    assert.ok(left > 1 && left <= 2, `${left}`);
    await h.clock.sleep(2000);
    assert.deepEqual(seen, ['Busy', 'BLOB', 'Ok']);
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Ok 0');
    const shot = h.shutter.last.value.cam;
    assert.ok(shot);
    assert.equal(h.client.lastBlob?.format, '.fits');
    assert.equal(h.client.lastBlob?.size, shot.file.length);
    assert.deepEqual(h.client.lastBlob?.bytes, Buffer.from(shot.file));
    assert.equal(h.stored.length, 0);
  });
});

test('UPLOAD_MODE: LOCAL stores and sends nothing, BOTH does both', async () => {
  const h = withCamera();
  await h.perform(async () => {
    h.client.set('Cam', 'UPLOAD_MODE', { UPLOAD_LOCAL: true });
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
    await h.clock.sleep(500);
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Ok 0');
    assert.deepEqual([h.stored.length, h.client.blobs], [1, 0]);
    assert.equal(h.client.shows('Cam', 'CCD_FILE_PATH'), `Ok frames/${h.stored[0]?.facts.id}.fits`);
    h.client.set('Cam', 'UPLOAD_MODE', { UPLOAD_BOTH: true });
    h.client.set('Cam', 'FITS_HEADER', {
      KEYWORD_NAME: 'OBJECT',
      KEYWORD_VALUE: 'M 31',
      KEYWORD_COMMENT: '',
    });
    h.client.set('Cam', 'CCD_FRAME_TYPE', { FRAME_DARK: true });
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
    await h.clock.sleep(500);
    assert.deepEqual([h.stored.length, h.client.blobs], [2, 1]);
    assert.equal(h.stored[1]?.facts.object, 'M 31');
    assert.equal(h.stored[1]?.facts.type, 'dark');
  });
});

test('frame and binning are choices for the next exposure, within the sensor', async () => {
  const h = withCamera();
  await h.perform(async () => {
    h.client.set('Cam', 'CCD_FRAME', { X: 8, Y: 4, WIDTH: 32, HEIGHT: 16 });
    h.client.set('Cam', 'CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
    await h.clock.sleep(500);
    const { frame, facts } = h.shutter.last.value.cam ?? {};
    assert.deepEqual([frame?.width, frame?.height], [16, 8]);
    assert.deepEqual(facts?.camera.region, { x: 8, y: 4, width: 32, height: 16 });
    h.client.set('Cam', 'CCD_FRAME', { X: 40, Y: 0, WIDTH: 32, HEIGHT: 16 });
    assert.equal(h.client.shows('Cam', 'CCD_FRAME'), 'Alert 8 4 32 16');
    h.client.set('Cam', 'CCD_BINNING', { HOR_BIN: 1, VER_BIN: 2 });
    assert.equal(h.client.shows('Cam', 'CCD_BINNING'), 'Alert 2 2');
    h.client.set('Cam', 'CCD_FRAME_RESET', { RESET: true });
    assert.equal(h.client.shows('Cam', 'CCD_FRAME'), 'Ok 0 0 64 48');
  });
});

test('a new exposure ends the one in progress; an abort is no failure, and no image comes', async () => {
  const h = withCamera();
  const seen = record(h, 'CCD_EXPOSURE');
  await h.perform(async () => {
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 100 });
    await h.clock.sleep(1500);
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 1 });
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Busy 1');
    await h.clock.sleep(2000);
    assert.deepEqual(seen, ['Busy', 'BLOB', 'Ok']);
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 100 });
    await h.clock.sleep(1500);
    h.client.set('Cam', 'CCD_ABORT_EXPOSURE', { ABORT: true });
    await h.clock.sleep(200);
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Idle 0');
    assert.equal(h.state.value, 'idle');
    await h.clock.sleep(200_000);
    assert.deepEqual(seen, ['Busy', 'BLOB', 'Ok', 'Busy', 'Idle']);
  });
});

test('failures are Alert with words: the camera, a person, a request that cannot be', async () => {
  const h = withCamera();
  await h.perform(async () => {
    h.failing.set(true);
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 1 });
    await h.clock.sleep(100);
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Alert 0');
    assert.ok(h.client.messages.includes('the camera did not answer'));
    h.failing.set(false);
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 4000 });
    assert.match(h.client.messages.at(-1) ?? '', /outside/);
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 10 });
    await h.clock.sleep(1000);
    const run = h.shutter.shoot(h.device, phone, { seconds: 1, type: 'light' }, 'memory');
    await h.clock.sleep(100);
    assert.equal(h.client.shows('Cam', 'CCD_EXPOSURE'), 'Alert 0');
    h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 10 });
    assert.match(h.client.messages.at(-1) ?? '', /^busy/);
    await run.outcome;
    assert.equal(h.client.blobs, 0, "the phone's image is not a client's");
  });
});

test('cooling: Busy until it is there, power and switch follow', async () => {
  const h = withCamera();
  await h.perform(async () => {
    assert.equal(h.client.property('Cam', 'CCD_TEMPERATURE')?.definition.perm, 'rw');
    h.client.set('Cam', 'CCD_TEMPERATURE', { CCD_TEMPERATURE_VALUE: -10 });
    await h.clock.sleep(50);
    assert.equal(h.client.shows('Cam', 'CCD_TEMPERATURE'), 'Busy 20');
    assert.equal(h.client.shows('Cam', 'CCD_COOLER'), 'Ok COOLER_ON');
    h.temperature.set(-9.8);
    assert.equal(h.client.shows('Cam', 'CCD_TEMPERATURE'), 'Ok -9.8');
    h.client.set('Cam', 'CCD_COOLER', { COOLER_OFF: true });
    await h.clock.sleep(50);
    assert.equal(h.on.value, false);
    assert.equal(h.client.shows('Cam', 'CCD_TEMPERATURE'), 'Idle -9.8');
    h.client.set('Cam', 'CCD_GAIN', { GAIN: 200 });
    await h.clock.sleep(50);
    assert.equal(h.client.shows('Cam', 'CCD_GAIN'), 'Ok 200');
  });
});

test('images come to those alone who enabled them, and are let go when they are sent', async () => {
  const h = withCamera();
  await h.perform(async () => {
    const { TestClient } = await import('./harness.ts');
    const without = new TestClient(h.router);
    for (let count = 1; count <= 3; count++) {
      h.client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
      await h.clock.sleep(500);
      assert.equal(h.client.blobs, count);
      assert.equal(h.released.length, count - 1, 'the last image stays in memory, no other does');
    }
    assert.equal(without.blobs, 0);
    assert.equal(without.shows('Cam', 'CCD1'), 'Idle [object Object]');
  });
});
