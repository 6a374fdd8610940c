import assert from 'node:assert/strict';
import test from 'node:test';
import { pretendCamera } from '../test-rig.ts';
import { createHarness } from './harness.ts';

function withHead() {
  const h = createHarness();
  const main = pretendCamera();
  const guide = pretendCamera(32, 24);
  const added = h.add('cam', 'Cam', { camera: main.camera, heads: { guide: { camera: guide.camera } } });
  const client = h.client();
  client.enableBlob('Cam');
  return { ...h, ...added, main, guide, client };
}

test('a guide head is no device of its own among clients, but the second chip of its camera', async () => {
  const { client, clock, perform, host, shutter } = withHead();
  await perform(async () => {
    assert.deepEqual(
      host.devices.value.map(({ id }) => id),
      ['cam', 'cam/guide'],
    );
    assert.deepEqual([...new Set(client.names.map((name) => name.split('.')[0]))], ['Cam']);
    assert.equal(client.shows('Cam', 'GUIDER_INFO'), 'Idle 32 24 3.76 3.76 3.76 16');
    assert.equal(client.shows('Cam', 'GUIDER_FRAME_RESET'), 'not defined');
    client.set('Cam', 'GUIDER_FRAME', { X: 0, Y: 0, WIDTH: 16, HEIGHT: 8 });
    client.set('Cam', 'GUIDER_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    client.set('Cam', 'GUIDER_FRAME_TYPE', { FRAME_DARK: true });
    client.set('Cam', 'GUIDER_EXPOSURE', { GUIDER_EXPOSURE_VALUE: 1 });
    assert.equal(client.shows('Cam', 'GUIDER_EXPOSURE'), 'Busy 1');
    await clock.sleep(1500);
    assert.equal(client.shows('Cam', 'GUIDER_EXPOSURE'), 'Ok 0');
    assert.equal(client.blobs, 1);
    const shot = shutter.last.value['cam/guide'];
    assert.deepEqual([shot?.frame.width, shot?.frame.height, shot?.facts.type], [8, 4, 'dark']);
    assert.deepEqual(client.lastBlob?.bytes, Buffer.from(shot?.file ?? []));
    assert.equal(shutter.last.value.cam, undefined);
  });
});

test('the chips do not disturb each other, and guide frames are never stored', async () => {
  const { client, clock, perform, stored, guide, main } = withHead();
  const images: string[] = [];
  client.watch((message) => {
    if (message.type === 'set' && message.kind === 'blob') images.push(message.name);
  });
  await perform(async () => {
    client.set('Cam', 'UPLOAD_MODE', { UPLOAD_LOCAL: true });
    client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 3 });
    client.set('Cam', 'GUIDER_EXPOSURE', { GUIDER_EXPOSURE_VALUE: 1 });
    await clock.sleep(1500);
    assert.equal(client.shows('Cam', 'GUIDER_EXPOSURE'), 'Ok 0');
    assert.match(client.shows('Cam', 'CCD_EXPOSURE'), /^Busy/);
    client.set('Cam', 'GUIDER_EXPOSURE', { GUIDER_EXPOSURE_VALUE: 60 });
    await clock.sleep(500);
    client.set('Cam', 'GUIDER_ABORT_EXPOSURE', { ABORT: true });
    await clock.sleep(2000);
    assert.equal(client.shows('Cam', 'GUIDER_EXPOSURE'), 'Idle 0');
    assert.equal(client.shows('Cam', 'CCD_EXPOSURE'), 'Ok 0');
    assert.deepEqual([guide.state.value, main.state.value], ['idle', 'idle']);
    assert.deepEqual(images, ['CCD2']);
    assert.equal(stored.length, 1);
  });
});

test('a lost camera takes its guide head into Alert, and back with the choices of its clients', async () => {
  const { client, clock, perform, unplug } = withHead();
  await perform(async () => {
    client.set('Cam', 'GUIDER_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    unplug();
    await clock.sleep(100);
    assert.match(client.shows('Cam', 'GUIDER_EXPOSURE'), /^Alert/);
    await clock.sleep(5000);
    assert.equal(client.shows('Cam', 'GUIDER_EXPOSURE'), 'Idle 0');
    assert.equal(client.shows('Cam', 'GUIDER_BINNING'), 'Idle 2 2');
  });
});

test('a camera whose guide head guides the night is not disconnected by a client', async () => {
  const { client, clock, perform, host, device } = withHead();
  await perform(async () => {
    host.find('cam/guide')?.lease({ name: 'night', rank: 'night' }, 'camera');
    client.set('Cam', 'CONNECTION', { DISCONNECT: true });
    await clock.sleep(100);
    assert.equal(device.status.value.state, 'connected');
    assert.ok(client.messages.includes('busy: night'));
  });
});

test('video: Busy while it streams, each picture a BLOB in its own format, none after the end', async () => {
  const { client, clock, perform, main } = withHead();
  const { latest } = main.stream;
  const picture = { width: 4, height: 2, channels: 1, bits: 8, encoding: 'raw' } as const;
  await perform(async () => {
    assert.equal(client.shows('Cam', 'CCD_VIDEO_STREAM'), 'Idle STREAM_OFF');
    client.set('Cam', 'CCD_VIDEO_STREAM', { STREAM_ON: true });
    await clock.sleep(10);
    assert.equal(client.shows('Cam', 'CCD_VIDEO_STREAM'), 'Busy STREAM_ON');
    latest.set({ ...picture, bytes: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) });
    assert.equal(client.lastBlob?.format, '.stream');
    assert.deepEqual([...(client.lastBlob?.bytes ?? [])], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(client.shows('Cam', 'CCD_STREAM_FRAME'), 'Ok 0 0 4 2');
    latest.set({ ...picture, encoding: 'jpeg', bytes: new Uint8Array([0xff, 0xd8]) });
    assert.deepEqual([client.blobs, client.lastBlob?.format], [2, '.stream_jpg']);
    assert.equal(client.shows('Cam', 'FPS'), 'Ok 20 20');
    client.set('Cam', 'CCD_VIDEO_STREAM', { STREAM_OFF: true });
    await clock.sleep(10);
    latest.set({ ...picture, bytes: new Uint8Array(8) });
    assert.equal(client.blobs, 2);
    assert.equal(client.shows('Cam', 'CCD_VIDEO_STREAM'), 'Idle STREAM_OFF');
  });
});

test('FITS_HEADER: what clients want is in the order of the next exposure, until it is cleared', async () => {
  const { client, clock, perform, shutter } = withHead();
  const say = (KEYWORD_NAME: string, KEYWORD_VALUE: string, KEYWORD_COMMENT = '') =>
    client.set('Cam', 'FITS_HEADER', { KEYWORD_NAME, KEYWORD_VALUE, KEYWORD_COMMENT });
  const shoot = async () => {
    client.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.1 });
    await clock.sleep(500);
    return shutter.last.value.cam?.facts;
  };
  await perform(async () => {
    say('OBJECT', 'M 42');
    say('observer', 'Zoë');
    say('MYTEMP', '12', 'mine');
    say('MYTEMP', '13', 'mine');
    const facts = await shoot();
    assert.equal(facts?.object, 'M 42');
    assert.deepEqual(facts?.keywords, [
      { keyword: 'OBSERVER', kind: 'text', value: 'Zoë', comment: '' },
      { keyword: 'MYTEMP', kind: 'integer', value: 13, comment: 'mine' },
    ]);
    say('NAXIS1', '5');
    assert.match(client.shows('Cam', 'FITS_HEADER'), /^Alert/);
    for (let index = 0; index < 200; index++) say(`K${index}`, 'x');
    assert.match(client.messages.at(-1) ?? '', /INDI_CLEAR/);
    say('INDI_CLEAR', '');
    const after = await shoot();
    assert.deepEqual([after?.object, after?.keywords], [undefined, undefined]);
  });
});
