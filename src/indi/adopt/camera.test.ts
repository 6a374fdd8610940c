import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { Fault } from '../../core/errors.ts';
import { pixelsOf } from '../../imaging/frame.ts';
import { adoptCamera, adoptGuideHead } from './camera.ts';
import { bayerCard, cameraBench, fitsBlob, noBlob, properties } from './camera-bench.ts';
import { blobs, FakeHosted, numbers, switches } from './fake-hosted.ts';
import { scoped } from './scoped.ts';

const fault =
  (kind: string, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);
const stopped = { name: 'Stopped' };
const without = (...names: string[]) => properties().filter(({ name }) => !names.includes(name));

test('a device without CCD_EXPOSURE has no camera; what a camera is follows its definitions', () => {
  assert.equal(adoptCamera(new FakeHosted('x'), cameraBench().parts), undefined);
  const { camera, hosted } = cameraBench();
  assert.deepEqual(camera.sensor, {
    name: 'Camera',
    width: 64,
    height: 48,
    pixelMicrons: { x: 3.8, y: 3.8 },
    bitsPerPixel: 16,
    bayer: 'RGGB',
    maxAdu: 65_535,
  });
  assert.deepEqual(camera.binnings, [1, 2, 3, 4]);
  assert.deepEqual(camera.exposureSeconds, { min: 0.001, max: 3600 });
  assert.deepEqual([camera.gain?.value.value, camera.gain?.max, camera.offset?.max], [100, 600, 80]);
  assert.deepEqual(camera.readout?.names, ['RAW8', 'Raw 16 bit', 'Y8']);
  assert.equal(camera.readout?.value.value, 1);
  hosted.set('CCD_INFO', 'Ok', { CCD_MAX_X: 32, CCD_BITSPERPIXEL: 8 });
  assert.deepEqual([camera.sensor.width, camera.sensor.maxAdu], [32, 255], 'drivers complete it later');
});

test('an exposure sets what differs, and only that, then waits for the image with Ok', async () => {
  const { clock, camera, expose, hosted, sent } = cameraBench();
  const states: string[] = [];
  camera.state.watch((state) => states.push(state));
  const region = { x: 8, y: 4, width: 33, height: 20 };
  const run = expose(3, { type: 'darkflat', binning: 2, region, gain: 200, offset: 8 });
  const frame = await clock.drive(run.outcome);
  assert.deepEqual([frame.width, frame.height], [16, 10]);
  assert.deepEqual([...pixelsOf(frame).subarray(0, 2)], [0x83, 0x83]);
  assert.deepEqual(
    hosted.sent.map(({ name }) => name),
    [
      'UPLOAD_MODE',
      'CCD_TRANSFER_FORMAT',
      'CCD_COMPRESSION',
      'CCD_CONTROLS',
      'CCD_FRAME_TYPE',
      'CCD_BINNING',
      'CCD_FRAME',
      'CCD_EXPOSURE',
    ],
  );
  assert.deepEqual(sent('CCD_CONTROLS'), [{ Gain: 200, Offset: 8 }], 'the whole vector');
  assert.deepEqual(sent('CCD_FRAME_TYPE')[0]?.FRAME_DARK, true);
  assert.deepEqual(sent('CCD_FRAME'), [{ X: 8, Y: 4, WIDTH: 33, HEIGHT: 20 }]);
  assert.deepEqual(states, ['exposing', 'reading', 'idle']);
  const before = hosted.sent.length;
  await clock.drive(expose(1, { type: 'darkflat', binning: 2, region, gain: 200 }).outcome);
  assert.equal(hosted.sent.length, before + 1, 'nothing but the exposure');
  await clock.drive(expose(1).outcome);
  assert.deepEqual(sent('CCD_FRAME').at(-1), { X: 0, Y: 0, WIDTH: 64, HEIGHT: 48 }, 'the whole sensor again');
});

test('progress follows the time, count-down or not', async () => {
  const { clock, expose } = cameraBench();
  const run = expose(10);
  await clock.drive(clock.sleep(5100));
  assert.ok(Math.abs((run.progress.value.fraction ?? 0) - 0.5) < 0.06);
  await clock.drive(run.outcome);
});

test('a stopped exposure is aborted, and its late image answers nothing', async () => {
  const { clock, expose, hosted, camera, sent } = cameraBench();
  const run = expose(60);
  await clock.drive(clock.sleep(1500));
  assert.equal(camera.state.value, 'exposing');
  run.stop('user');
  await assert.rejects(clock.drive(run.outcome), stopped);
  assert.equal(sent('CCD_ABORT_EXPOSURE').length, 1);
  assert.equal(camera.state.value, 'idle');
  const next = expose(4);
  await clock.drive(clock.sleep(0));
  hosted.blob('CCD1', fitsBlob(9, 9));
  await clock.drive(clock.sleep(1000));
  hosted.blob('CCD1', fitsBlob(9, 9));
  const frame = await clock.drive(next.outcome);
  assert.equal(frame.width, 64, 'the image of the aborted exposure was taken');
});

test('a driver that never says Busy has its images taken again half a minute after an abort', async () => {
  const { clock, expose, hosted, sent } = cameraBench();
  hosted.react = (name, values) => name !== 'CCD_EXPOSURE' && hosted.set(name, 'Ok', values);
  const run = expose(60);
  await clock.drive(clock.sleep(1000));
  run.stop('user');
  await assert.rejects(clock.drive(run.outcome), stopped);
  assert.equal(sent('CCD_ABORT_EXPOSURE').length, 1);
  hosted.react = (name, values) => {
    if (name !== 'CCD_EXPOSURE') return hosted.set(name, 'Ok', values);
    clock.after(2000, () => {
      hosted.blob('CCD1', fitsBlob(64, 48));
      hosted.set('CCD_EXPOSURE', 'Ok');
    });
  };
  await clock.drive(clock.sleep(30_000));
  assert.equal((await clock.drive(expose(2).outcome)).width, 64);
});

test('a driver that never answers an abort holds up the next exposure for no more than 4 s', async () => {
  const { clock, expose, hosted } = cameraBench();
  const react = hosted.react;
  hosted.react = (name, values) => name !== 'CCD_ABORT_EXPOSURE' && react(name, values);
  const run = expose(600);
  await clock.drive(clock.sleep(1500));
  run.stop('user');
  const start = clock.monotonic();
  await assert.rejects(clock.drive(run.outcome), stopped);
  assert.ok(clock.monotonic() - start <= 4001, `${clock.monotonic() - start} ms`);
});

test("a client's own exposure is shown, and its image is not taken for ours", async () => {
  const { clock, expose, hosted, camera, sent } = cameraBench();
  hosted.set('CCD_EXPOSURE', 'Busy', { CCD_EXPOSURE_VALUE: 20 });
  assert.equal(camera.state.value, 'exposing');
  hosted.blob('CCD1', fitsBlob(9, 9));
  const frame = await clock.drive(expose(2).outcome);
  assert.equal(sent('CCD_ABORT_EXPOSURE').length, 1, 'who has the lane exposes');
  assert.equal(frame.width, 64);
});

test('faults: refused with the words of the driver, silent, gone, and images that never come', async () => {
  const { clock, expose, hosted, bench } = cameraBench();
  const react = hosted.react;
  hosted.react = (name, values) => {
    if (name !== 'CCD_EXPOSURE') return react(name, values);
    hosted.said.set('[ERROR] Failed to start exposure (9)');
    hosted.set(name, 'Alert');
  };
  await assert.rejects(clock.drive(expose().outcome), fault('refused', /Failed to start exposure \(9\)/));
  hosted.react = (name, values) => name !== 'CCD_EXPOSURE' && react(name, values);
  await assert.rejects(clock.drive(expose().outcome), fault('silent'));
  hosted.react = react;
  bench.image = () => undefined;
  await assert.rejects(clock.drive(expose().outcome), fault('silent', /no image came/));
  const run = expose(60);
  await clock.drive(clock.sleep(1500));
  hosted.alive.set(false);
  await assert.rejects(clock.drive(run.outcome), fault('gone'));
  const { watches } = hosted;
  hosted.alive.set(true);
  bench.image = fitsBlob;
  await clock.drive(expose(0.5).outcome);
  assert.equal(hosted.watches, watches, 'a watch is left behind');
});

test("somebody else's abort ends our exposure soon", async () => {
  const { clock, expose, hosted } = cameraBench();
  const run = expose(60);
  await clock.drive(clock.sleep(1500));
  hosted.react('CCD_ABORT_EXPOSURE', {});
  const start = clock.monotonic();
  await assert.rejects(clock.drive(run.outcome), fault('refused', /somebody else/));
  assert.ok(clock.monotonic() - start < 2500);
});

test('what was under way when the connection was closed ends there, and tells the next one nothing', async () => {
  const { clock, hosted, parts, run, sent } = cameraBench();
  const { hosted: first, end } = scoped(hosted);
  const camera = adoptCamera(first, parts);
  assert.ok(camera);
  const exposing = run((own) => camera.expose({ seconds: 60, type: 'light' }, own));
  await clock.drive(clock.sleep(1500));
  end();
  await assert.rejects(clock.drive(exposing.outcome), fault('gone'));
  await clock.drive(clock.sleep(1_000_000));
  assert.equal(sent('CCD_ABORT_EXPOSURE').length, 0);
});

test('an image that comes after Ok, and one without any Busy before it, count', async () => {
  const { clock, expose, hosted } = cameraBench();
  const react = hosted.react;
  hosted.react = (name, values) => {
    if (name !== 'CCD_EXPOSURE') return react(name, values);
    hosted.set(name, 'Busy');
    hosted.set(name, 'Ok');
    clock.after(5000, () => hosted.blob('CCD1', fitsBlob(64, 48)));
  };
  assert.equal((await clock.drive(expose(0.1).outcome)).width, 64);
  hosted.react = (name, values) => {
    if (name !== 'CCD_EXPOSURE') return react(name, values);
    hosted.blob('CCD1', fitsBlob(64, 48));
    hosted.set(name, 'Ok');
  };
  assert.equal((await clock.drive(expose(0.1).outcome)).width, 64);
});

test('formats: packed with zlib is unpacked, a picture keeps its file, the others say what to set', async () => {
  const { clock, expose, bench } = cameraBench();
  const { size, bytes } = fitsBlob(64, 48);
  bench.image = () => ({ format: '.fits.z', size, bytes: deflateSync(bytes) });
  assert.equal((await clock.drive(expose().outcome)).height, 48);
  bench.image = () => ({ format: '.fits.z', size: 100, bytes: deflateSync(bytes) });
  await assert.rejects(clock.drive(expose().outcome), fault('garbled'));
  bench.image = () => ({ format: '.fits', size: 5, bytes: new Uint8Array(5) });
  await assert.rejects(clock.drive(expose().outcome), fault('garbled', /no FITS/));
  bench.image = () => ({ format: '.fits.fz', size, bytes });
  await assert.rejects(clock.drive(expose().outcome), fault('unsupported', /CCD_COMPRESSION/));
  bench.image = () => ({ format: '.xisf', size, bytes });
  await assert.rejects(clock.drive(expose().outcome), fault('unsupported', /CCD_TRANSFER_FORMAT/));
  const grey = {
    create: { width: 6, height: 4, channels: 3 as const, background: { r: 200, g: 100, b: 0 } },
  };
  const jpeg = new Uint8Array(await sharp(grey).jpeg({ quality: 100 }).toBuffer());
  bench.image = () => ({ format: '.JPG', size: jpeg.length, bytes: jpeg });
  const frame = await clock.drive(expose().outcome);
  assert.deepEqual([frame.width, frame.height, frame.planes, frame.native?.extension], [6, 4, 3, '.jpg']);
  assert.deepEqual(frame.native?.bytes, jpeg);
  bench.image = () => ({ format: '.cr2', size: jpeg.length, bytes: jpeg });
  await assert.rejects(clock.drive(expose().outcome), fault('garbled', /no raw file/));
});

test('the mosaic is that of the corner: of the region, and only where the format keeps it', async () => {
  const { clock, expose, bench, hosted } = cameraBench();
  const region = { x: 1, y: 2, width: 32, height: 32 };
  const pattern = async (more: object, cards = [bayerCard('RGGB')]) => {
    bench.image = (width, height) => fitsBlob(width, height, cards);
    return (await clock.drive(expose(1, more).outcome)).bayer;
  };
  assert.equal(await pattern({}), 'RGGB');
  assert.equal(await pattern({}, []), 'RGGB', 'CCD_CFA speaks where the file is silent');
  assert.equal(await pattern({ region }), 'GRBG');
  assert.equal(await pattern({ region }, [bayerCard('BGGR')]), 'BGGR', 'the driver has thought of it');
  assert.equal(await pattern({ binning: 2 }), 'RGGB', 'a camera may bin by colours');
  assert.equal(await pattern({ binning: 2 }, []), undefined);
  hosted.set('CCD_CAPTURE_FORMAT', 'Ok', { RAW16: false, Y8: true });
  assert.equal(await pattern({}, []), undefined, 'luminance is no mosaic');
});

test('a cooler: accepted is enough, the goal is what was asked, another one who switches it off is seen', async () => {
  const { clock, camera, hosted, run, sent } = cameraBench();
  const { cooler, temperature } = camera;
  assert.ok(cooler);
  await clock.drive(run((own) => cooler.regulate(-10, own)).outcome);
  assert.deepEqual(sent('CCD_TEMPERATURE'), [{ CCD_TEMPERATURE_VALUE: -10 }]);
  assert.deepEqual([cooler.on.value, cooler.setpoint.value], [true, -10]);
  hosted.set('CCD_TEMPERATURE', 'Busy', { CCD_TEMPERATURE_VALUE: -3 });
  hosted.set('CCD_COOLER_POWER', 'Ok', { CCD_COOLER_VALUE: 55 });
  assert.deepEqual([temperature?.value, cooler.power?.value], [-3, 55]);
  hosted.set('CCD_COOLER', 'Idle', { COOLER_ON: false, COOLER_OFF: true });
  assert.deepEqual([cooler.on.value, cooler.setpoint.value], [false, undefined]);
  await clock.drive(run((own) => cooler.regulate(undefined, own)).outcome);
  assert.deepEqual(sent('CCD_COOLER').at(-1), { COOLER_ON: false, COOLER_OFF: true });
  const plain = cameraBench(without('CCD_COOLER'));
  await plain.clock.drive(plain.run((own) => plain.camera.cooler!.regulate(0, own)).outcome);
  assert.equal(plain.camera.cooler?.on.value, true);
  const off = plain.run((own) => plain.camera.cooler!.regulate(undefined, own));
  await assert.rejects(plain.clock.drive(off.outcome), fault('unsupported'));
  const fixed = [
    ...without('CCD_TEMPERATURE'),
    numbers('CCD_TEMPERATURE', { CCD_TEMPERATURE_VALUE: 9 }, { perm: 'ro' }),
  ];
  const warm = cameraBench(fixed).camera;
  assert.deepEqual([warm.temperature?.value, warm.cooler], [9, undefined]);
});

test('gain by whatever name: a vector of its own, a label, the ISO switch of a photo camera', async () => {
  const others = without('CCD_CONTROLS');
  const own = cameraBench([...others, numbers('CCD_GAIN', { GAIN: { value: 90, min: 0, max: 100 } })]);
  await own.clock.drive(own.run((run) => own.camera.gain!.set(40, run)).outcome);
  assert.deepEqual([own.sent('CCD_GAIN'), own.camera.gain?.value.value], [[{ GAIN: 40 }], 40]);
  const labelled = numbers(
    'CCD_CONTROLS',
    { TC_GAIN: { value: 3, min: 1, max: 9 } },
    { labels: { TC_GAIN: 'Gain' } },
  );
  assert.equal(cameraBench([...others, labelled]).camera.gain?.max, 9);
  const iso = switches('CCD_ISO', { ISO0: true, ISO1: false }, { labels: { ISO0: '100', ISO1: '200' } });
  const photo = cameraBench([...others, iso]);
  assert.deepEqual(photo.camera.gain?.names, ['100', '200']);
  await photo.clock.drive(photo.expose(1, { gain: 1 }).outcome);
  assert.deepEqual(
    [photo.sent('CCD_ISO'), photo.camera.gain?.value.value],
    [[{ ISO0: false, ISO1: true }], 1],
  );
  assert.deepEqual(photo.sent('CCD_TRANSFER_FORMAT'), [], 'who has chosen raw files keeps them');
  const bare = cameraBench(others);
  await assert.rejects(
    bare.clock.drive(bare.expose(1, { gain: 1 }).outcome),
    fault('unsupported', /no gain/),
  );
});

test('a photo camera learns its size from its first picture, and takes whole frames only', async () => {
  const { clock, camera, expose, bench } = cameraBench(
    without('CCD_FRAME', 'CCD_BINNING', 'CCD_INFO', 'CCD_CFA', 'CCD_TRANSFER_FORMAT'),
  );
  bench.image = () => fitsBlob(30, 20);
  assert.deepEqual([camera.sensor.width, camera.binnings], [0, [1]]);
  await clock.drive(expose(40).outcome);
  assert.deepEqual([camera.sensor.width, camera.sensor.height], [30, 20]);
  const region = { x: 0, y: 0, width: 10, height: 10 };
  await assert.rejects(clock.drive(expose(1, { region }).outcome), fault('unsupported', /whole frames/));
});

test('a refused encoding does not keep from exposing; what is refused of the frame does', async () => {
  const { clock, expose, hosted } = cameraBench();
  const react = hosted.react;
  hosted.react = (name, values) =>
    name === 'CCD_TRANSFER_FORMAT' ? hosted.set(name, 'Alert') : react(name, values);
  assert.equal((await clock.drive(expose().outcome)).width, 64);
  hosted.react = (name, values) => (name === 'CCD_BINNING' ? hosted.set(name, 'Alert') : react(name, values));
  await assert.rejects(clock.drive(expose(1, { binning: 3 }).outcome), fault('refused'));
});

test('live video: pictures of the right size, none when it is off; an exposure ends it', async () => {
  const { clock, camera, hosted, run, expose } = cameraBench();
  const { stream } = camera;
  assert.ok(stream);
  await clock.drive(run((own) => stream.setOn(true, own)).outcome);
  assert.equal(stream.on.value, true);
  const send = (format: string, length: number) =>
    hosted.blob('CCD1', { format, size: length, bytes: new Uint8Array(length) });
  hosted.set('FPS', 'Ok', { EST_FPS: 12 });
  send('.stream', 64 * 48 * 3);
  assert.deepEqual(
    [stream.latest.value?.channels, stream.latest.value?.bits, stream.framesPerSecond.value],
    [3, 8, 12],
  );
  send('.stream', 64 * 48 * 2);
  assert.deepEqual([stream.latest.value?.channels, stream.latest.value?.bits], [1, 16]);
  const last = stream.latest.value;
  send('.stream', 1000);
  assert.equal(stream.latest.value, last, 'no picture of this size');
  send('.stream_jpg', 99);
  assert.equal(stream.latest.value?.encoding, 'jpeg');
  assert.equal(
    (await clock.drive(expose(1).outcome)).width,
    64,
    'pictures of the stream are not taken for the image',
  );
  assert.deepEqual(
    [stream.on.value, stream.latest.value, stream.framesPerSecond.value],
    [false, undefined, undefined],
  );
});

test('a guide head exposes by its own properties', async () => {
  const guide = [
    numbers('GUIDER_EXPOSURE', { GUIDER_EXPOSURE_VALUE: { value: 1, min: 0, max: 60 } }),
    numbers(
      'GUIDER_INFO',
      { CCD_MAX_X: 20, CCD_MAX_Y: 10, CCD_PIXEL_SIZE: 9.8, CCD_BITSPERPIXEL: 8 },
      { perm: 'ro' },
    ),
    blobs('CCD2', { CCD2: noBlob }, { perm: 'ro' }),
  ];
  const { clock, hosted, parts, run } = cameraBench([...properties(), ...guide]);
  assert.equal(adoptGuideHead(new FakeHosted('x', properties()), parts), undefined);
  const head = adoptGuideHead(hosted, parts);
  assert.ok(head);
  assert.deepEqual(
    [head.sensor.width, head.sensor.bayer, head.sensor.maxAdu, head.cooler],
    [20, undefined, 255, undefined],
  );
  hosted.react = (name, values) => {
    if (name !== 'GUIDER_EXPOSURE') return hosted.set(name, 'Ok', values);
    hosted.set(name, 'Busy');
    hosted.blob('CCD1', fitsBlob(64, 48));
    hosted.blob('CCD2', fitsBlob(20, 10));
    hosted.set(name, 'Ok');
  };
  const frame = await clock.drive(run((own) => head.expose({ seconds: 1, type: 'light' }, own)).outcome);
  assert.equal(frame.width, 20);
});
