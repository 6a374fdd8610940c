import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { when } from '../../src/core/cell.ts';
import type { Actor } from '../../src/core/lane.ts';
import type { ExposureRequest } from '../../src/device/camera.ts';
import { contract } from '../../src/device/contract.ts';
import type { Device } from '../../src/device/device.ts';
import { numberIn, textIn } from '../../src/imaging/fits-header.ts';
import { readFits } from '../../src/imaging/fits-read.ts';
import { pixelsOf } from '../../src/imaging/frame.ts';
import { findExecutable } from '../../src/indi/foreign/executable.ts';
import { atOnce } from './at-once.ts';
import { type ForeignRig, withForeign } from './foreign-rig.ts';
import { standInScript } from './stand-ins.ts';
import type { Case, Form, Suite } from './suite.ts';

const person: Actor = { name: 'suite', rank: 'person' };
const SIMULATOR = 'indi_simulator_ccd';
/** An EOS 30D's. */
const CR2 = '/usr/share/doc/rawtran/IMG_5952.CR2';
const SLOW = 'reports progress on the way of a long exposure';

/** So many children at a time: an exposure is mostly waiting. */
const AT_ONCE = 4;

/** Cameras of other programs: a stand-in for drivers with a closed SDK, a photo camera, and libindi's own simulator. */
export const cameras: Suite = {
  name: 'cameras',
  cases: (form) => atOnce(cameraCases(form), AT_ONCE),
};

function cameraCases(form: Form): Case[] {
  const colour = { STAND_IN_COLOUR: '1' };
  return [
    ...contractCases('asi-ccd', form),
    ...contractCases(SIMULATOR, form),
    foreignCase('asi-ccd', 'a sequence of regions, binnings and gains, each in the file as asked', sequence),
    foreignCase('asi-ccd', 'cools, tells its power, and an INDI client sees the same', cool),
    foreignCase('asi-ccd', 'live video shows pictures, and an exposure ends it', video),
    foreignCase(
      'asi-ccd',
      'a colour camera: the mosaic of the region, luminance without one',
      mosaic,
      colour,
    ),
    foreignCase('asi-ccd', 'a driver that dies in an exposure is back, and takes the next one', survive),
    foreignCase('asi-ccd', "a client's exposure is seen, and its image never taken for ours", withClient),
    foreignCase('dslr-ccd', 'a photo camera: ISO as gain, its own file beside the FITS file', photograph),
    ...rawCases(),
    foreignCase(SIMULATOR, 'a sequence of regions, binnings and gains, each in the file as asked', sequence),
    foreignCase(SIMULATOR, 'the guide head is a camera of its own', guideHead),
  ];
}

function contractCases(program: string, form: Form): Case[] {
  const wanted = contract.filter(
    ({ capability, name }) =>
      (capability === 'camera' || capability === 'device') &&
      (form === 'full' || program !== SIMULATOR || name !== SLOW),
  );
  return wanted.map(({ name, perform }) => foreignCase(program, name, perform));
}

function foreignCase(
  program: string,
  name: string,
  perform: (rig: ForeignRig) => Promise<void>,
  environment: Record<string, string> = {},
): Case {
  return {
    name: `${program}: ${name}`,
    async run() {
      const own = program !== SIMULATOR;
      if (!own && !findExecutable(program)) return `${program} is not installed (Debian's indi-bin)`;
      await withForeign(
        (directory) => ({ executable: own ? standInScript(directory, program) : program, environment }),
        perform,
      );
      return undefined;
    },
  };
}

const shoot = (rig: ForeignRig, device: Device, request: ExposureRequest) =>
  rig.shutter.shoot(device, person, request, 'store').outcome;

function cameraOf(device: Device) {
  const { camera } = device.capabilities.value;
  assert.ok(camera, `${device.id} has no camera`);
  return camera;
}

async function sequence(rig: ForeignRig): Promise<void> {
  const { width, height } = cameraOf(rig.device).sensor;
  const region = { x: 64, y: 32, width: 320, height: 128 };
  const requests: ExposureRequest[] = [
    { seconds: 0.2, type: 'light', gain: 10, offset: 12 },
    { seconds: 0.1, type: 'dark', binning: 2, region, gain: 55 },
    { seconds: 0.3, type: 'flat', region, gain: 99 },
  ];
  const sizes = [
    [width, height],
    [160, 64],
    [320, 128],
  ];
  const images: Uint8Array[] = [];
  rig.foreign.watchBlobs('CCD1', ({ bytes }, hold) => {
    hold();
    images.push(bytes);
  });
  for (const [index, request] of requests.entries()) {
    const { path, facts } = await shoot(rig, rig.device, request);
    const { header, width: columns, height: rows } = readFits(readFileSync(path as string));
    assert.deepEqual([columns, rows], sizes[index]);
    assert.equal(numberIn(header, 'XBINNING'), request.binning ?? 1);
    assert.equal(numberIn(header, 'GAIN'), request.gain);
    assert.equal(numberIn(header, 'OFFSET'), 12);
    assert.equal(numberIn(header, 'EXPTIME'), request.seconds);
    assert.equal(textIn(header, 'NJ-TYPE'), request.type);
    assert.equal(facts.camera.name, rig.foreign.device);
    const { x, y, width: across, height: down } = request.region ?? { x: 0, y: 0, width, height };
    assert.equal(textIn(header, 'NJ-ROI'), `${x},${y},${across},${down}`);
  }
  assert.equal(cameraOf(rig.device).gain?.value.value, 99);
  // Clients read the same bytes: nobody may have given them away.
  assert.deepEqual(
    images.map((bytes) => Buffer.from(bytes.subarray(0, 6)).toString('latin1')),
    ['SIMPLE', 'SIMPLE', 'SIMPLE'],
  );
}

async function cool({ device, foreign }: ForeignRig): Promise<void> {
  const { cooler, temperature } = cameraOf(device);
  assert.ok(cooler && temperature && cooler.power);
  await device.operate(person, 'camera', 'cool', { celsius: 12 }).outcome;
  assert.deepEqual([cooler.on.value, cooler.setpoint.value], [true, 12]);
  await when(temperature, (celsius) => celsius !== undefined && Math.abs(celsius - 12) < 0.5);
  assert.ok((cooler.power.value ?? 0) > 0);
  assert.equal(foreign.property('CCD_COOLER')?.values.COOLER_ON, true);
  await device.operate(person, 'camera', 'cool', {}).outcome;
  assert.deepEqual([cooler.on.value, cooler.setpoint.value], [false, undefined]);
}

async function video(rig: ForeignRig): Promise<void> {
  const { device } = rig;
  const { stream } = cameraOf(device);
  assert.ok(stream);
  await device.operate(person, 'camera', 'stream', { on: true }).outcome;
  const picture = await when(stream.latest, (latest) => latest !== undefined);
  assert.deepEqual(
    [picture?.encoding, picture?.bits, picture?.width],
    ['raw', 16, cameraOf(device).sensor.width],
  );
  await when(stream.framesPerSecond, (rate) => (rate ?? 0) > 0);
  const { frame } = await shoot(rig, device, { seconds: 0.1, type: 'light' });
  assert.equal(frame.width, picture?.width);
  assert.equal(stream.on.value, false);
}

async function mosaic(rig: ForeignRig): Promise<void> {
  const { device } = rig;
  const camera = cameraOf(device);
  assert.equal(camera.sensor.bayer, 'GRBG');
  const region = { x: 65, y: 32, width: 128, height: 64 };
  const shot = await shoot(rig, device, { seconds: 0.1, type: 'light', region });
  assert.equal(shot.frame.bayer, 'RGGB');
  assert.equal(textIn(readFits(readFileSync(shot.path as string)).header, 'BAYERPAT'), 'RGGB');
  const luminance = camera.readout?.names?.indexOf('Luma') ?? -1;
  await device.operate(person, 'camera', 'readout', { value: luminance }).outcome;
  const grey = await shoot(rig, device, { seconds: 0.1, type: 'light', region });
  assert.deepEqual([grey.frame.bayer, grey.frame.format, camera.sensor.bitsPerPixel], [undefined, 'u16', 8]);
}

async function withClient(rig: ForeignRig): Promise<void> {
  const { device, foreign } = rig;
  const asks = (seconds: number) => {
    const elements = [{ name: 'CCD_EXPOSURE_VALUE', value: seconds }];
    foreign.forward({ type: 'new', kind: 'number', device: foreign.device, name: 'CCD_EXPOSURE', elements });
  };
  const { state, sensor } = cameraOf(device);
  const images: Uint8Array[] = [];
  foreign.watchBlobs('CCD1', ({ bytes }) => images.push(bytes));
  asks(0.5);
  await when(state, (now) => now === 'exposing');
  await when(state, (now) => now === 'idle');
  assert.equal(images.length, 1);
  asks(20);
  await when(state, (now) => now === 'exposing');
  const region = { x: 0, y: 0, width: 64, height: 64 };
  const { frame } = await shoot(rig, device, { seconds: 0.2, type: 'light', region });
  assert.deepEqual([frame.width, images.length, sensor.width > 64], [64, 2, true]);
}

async function survive(rig: ForeignRig): Promise<void> {
  const { device, programs } = rig;
  await device.operate(person, 'camera', 'gain', { value: 77 }).outcome;
  const lost = shoot(rig, device, { seconds: 30, type: 'light' });
  await when(cameraOf(device).state, (state) => state === 'exposing');
  const { pid } = programs.list.value[0] ?? {};
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  await assert.rejects(lost, { name: 'Fault', kind: 'gone' });
  await when(device.status, ({ state }) => state !== 'connected');
  await when(device.status, ({ state }) => state === 'connected');
  const { frame } = await shoot(rig, device, { seconds: 0.1, type: 'light' });
  assert.equal(frame.width, cameraOf(device).sensor.width);
}

async function photograph(rig: ForeignRig): Promise<void> {
  const { device } = rig;
  const camera = cameraOf(device);
  assert.deepEqual(camera.gain?.names, ['100', '200', '400', '800', '1600']);
  assert.equal(camera.sensor.width, 0, 'before the first picture it does not know');
  const { frame, path } = await shoot(rig, device, { seconds: 0.5, type: 'light', gain: 1 });
  assert.deepEqual([frame.width, camera.sensor.width, camera.gain?.value.value], [640, 640, 1]);
  const bright = pixelsOf(frame).some((byte, index) => index % 2 === 1 && byte > 50);
  assert.ok(bright, 'the picture is black');
  assert.equal(numberIn(readFits(readFileSync(path as string)).header, 'GAIN'), 200);
  const own = readFileSync((path as string).replace(/\.fits$/, '.jpg'));
  assert.deepEqual([...own.subarray(0, 2)], [0xff, 0xd8]);
  assert.equal(own.length, frame.native?.bytes.length);
}

function rawCases(): Case[] {
  const name = 'a raw file: the mosaic of its sensor, and the file itself beside the FITS file';
  if (existsSync(CR2)) return [foreignCase('dslr-ccd', name, rawPhotograph, { STAND_IN_FILE: CR2 })];
  return [{ name: `dslr-ccd: ${name}`, run: async () => "needs Debian's rawtran-doc" }];
}

async function rawPhotograph(rig: ForeignRig): Promise<void> {
  const { frame, path } = await shoot(rig, rig.device, { seconds: 0.2, type: 'light' });
  assert.deepEqual([frame.width, frame.height, frame.bayer], [3522, 2348, 'RGGB']);
  const { header } = readFits(readFileSync(path as string));
  assert.equal(textIn(header, 'BAYERPAT'), 'RGGB');
  const own = readFileSync((path as string).replace(/\.fits$/, '.cr2'));
  assert.ok(own.equals(readFileSync(CR2)));
}

async function guideHead(rig: ForeignRig): Promise<void> {
  const head = rig.host.find(`${rig.device.id}/guide`);
  assert.ok(head, 'there is no guide head');
  const { sensor } = cameraOf(head);
  assert.deepEqual([sensor.width, sensor.height], [500, 290]);
  const region = { x: 100, y: 50, width: 64, height: 64 };
  const { frame } = await shoot(rig, head, { seconds: 0.1, type: 'light', region });
  assert.deepEqual([frame.width, frame.height], [64, 64]);
  const both = await Promise.all([
    shoot(rig, head, { seconds: 0.5, type: 'light' }),
    shoot(rig, rig.device, { seconds: 0.5, type: 'light' }),
  ]);
  assert.deepEqual(
    both.map((shot) => shot.frame.width),
    [500, cameraOf(rig.device).sensor.width],
  );
}
