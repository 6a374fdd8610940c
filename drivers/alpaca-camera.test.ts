import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AlpacaCameraEmulator,
  alpacaCamera as cameraFamily,
  createAlpacaCamera,
} from '../hil/emulators/alpaca-camera.ts';
import type { EmulatorFamily } from '../hil/emulators/emulator.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import type { WorldOptions } from '../hil/sky/world.ts';
import { when } from '../src/core/cell.ts';
import { Fault, type FaultKind } from '../src/core/errors.ts';
import type { Actor } from '../src/core/lane.ts';
import type { Camera, ExposureRequest } from '../src/device/camera.ts';
import { contract } from '../src/device/contract.ts';
import { type Frame, pixelsOf } from '../src/imaging/frame.ts';
import type { MemoryHttpPort } from '../src/wire/http.ts';
import { alpacaCamera } from './alpaca-camera.ts';

const person: Actor = { name: 'test', rank: 'person' };
const corner = { x: 0, y: 0, width: 64, height: 48 };

function rig(options: Record<string, unknown> = {}, world: Partial<WorldOptions> = {}) {
  let emulator: AlpacaCameraEmulator | undefined;
  const family: EmulatorFamily = {
    ...cameraFamily,
    kind: 'http',
    create: (context) => (emulator = createAlpacaCamera({ ...context, options })),
  };
  const made = rigInMemory(alpacaCamera, family, world);
  assert.ok(emulator);
  return { ...made, emulator, socket: made.socket as MemoryHttpPort };
}

/** Connects, and gives the camera and a way to expose; all on simulated time. */
async function connected(made = rig()) {
  const { clock, device } = made;
  await clock.drive(device.connect());
  const camera = device.capabilities.value.camera as Camera;
  const start = (request: ExposureRequest) => device.operate(person, 'camera', 'expose', request);
  return { ...made, camera, start, take: (request: ExposureRequest) => clock.drive(start(request).outcome) };
}

const fault = (kind: FaultKind, words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === kind && words.test(error.message);

/** Stored value at a pixel of a u16 frame. */
function valueAt(frame: Frame, x: number, y: number): number {
  const pixels = pixelsOf(frame);
  const at = 2 * (y * frame.width + x);
  return ((pixels[at]! << 8) | pixels[at + 1]!) ^ 0x8000;
}

for (const { capability, name, perform } of contract) {
  if (!['device', 'camera', 'guide'].includes(capability)) continue;
  test(`contract: the ${capability} ${name}`, async () => {
    const { clock, device, observatory, host } = await connected();
    await clock.drive(perform({ device, clock, observatory }));
    await clock.drive(host.close());
  });
}

test('tells what the camera is', async () => {
  const { camera, device, world } = await connected(rig({}, { main: { sensor: { bayer: 'GRBG' } } }));
  const { width, height, pixelMicrons } = world.main.sensor;
  assert.equal(device.identity, 'nightjar-emulated-main-camera');
  assert.deepEqual([camera.sensor.width, camera.sensor.height], [width, height]);
  assert.deepEqual(camera.sensor.pixelMicrons, { x: pixelMicrons, y: pixelMicrons });
  assert.equal(camera.sensor.bayer, 'GRBG');
  assert.deepEqual(camera.binnings, [1, 2, 3, 4]);
  assert.deepEqual([camera.gain?.min, camera.gain?.max], [0, 300]);
  assert.deepEqual(camera.readout?.names, ['Normal']);
});

test('stores pixels where the sensor has them, by either form of transfer, and shifts the mosaic', async () => {
  const frames: Frame[] = [];
  for (const transfer of ['ImageBytes', 'JSON']) {
    const made = rig({}, { main: { sensor: { bayer: 'RGGB' } } });
    made.device.change({ transfer });
    // One picture that tells every pixel from every other.
    made.world.main.expose = ({ region = corner }) => ({
      width: region.width,
      height: region.height,
      format: 'u16',
      samples: Uint16Array.from(
        { length: region.width * region.height },
        (_, index) => 1000 * (index % region.width) + Math.floor(index / region.width),
      ),
    });
    const { take } = await connected(made);
    frames.push(await take({ seconds: 0.1, type: 'light', region: { x: 3, y: 2, width: 50, height: 20 } }));
  }
  for (const frame of frames) {
    assert.equal(frame.bayer, 'GRBG');
    assert.equal(valueAt(frame, 0, 0), 0);
    assert.equal(valueAt(frame, 49, 0), 49_000);
    assert.equal(valueAt(frame, 7, 19), 7019);
  }
  assert.deepEqual(pixelsOf(frames[0]!), pixelsOf(frames[1]!));
});

test('wide and floating photographs arrive as what they are', async () => {
  for (const [format, value] of [
    ['i32', 70_000],
    ['f32', 0.25],
  ] as const) {
    const samples = format === 'i32' ? Int32Array.of(1, 2, 3, value) : Float32Array.of(1, 2, 3, value);
    const picture = { width: 2, height: 2, format, samples };
    const photographs = { width: 2, height: 2, format, files: [], next: () => picture };
    const made = rigInMemory(alpacaCamera, {
      family: 'alpaca-camera',
      kind: 'http',
      create: (context) => {
        const main = { ...context.world.main, photographs, expose: () => picture };
        const sensor = { ...main.sensor, width: 2, height: 2 };
        return createAlpacaCamera({ ...context, world: { ...context.world, main: { ...main, sensor } } });
      },
    });
    const { take } = await connected({ ...made, emulator: undefined as never, socket: undefined as never });
    const frame = await take({ seconds: 0, type: 'light' });
    assert.equal(frame.format, format);
    const stored = Buffer.from(pixelsOf(frame));
    assert.equal(format === 'i32' ? stored.readInt32BE(12) : stored.readFloatBE(12), value);
  }
});

test('a guide frame is there within 50 ms of its end', async () => {
  const { clock, take, host } = await connected(rig({ role: 'guide' }));
  await take({ seconds: 0.2, type: 'light', region: corner });
  const start = clock.monotonic();
  for (let frame = 0; frame < 5; frame++) await take({ seconds: 0.2, type: 'light', region: corner });
  const each = (clock.monotonic() - start) / 5;
  assert.ok(each <= 250, `${each} ms for 200 ms of light`);
  await clock.drive(host.close());
});

test('shows exposing, reading and idle, and closes the shutter for darks only', async () => {
  const made = rig();
  const kinds: unknown[] = [];
  const truly = made.world.main.expose;
  made.world.main.expose = (request) => {
    kinds.push(request.type);
    return truly(request);
  };
  const { camera, take } = await connected(made);
  const seen: string[] = [];
  camera.state.watch((state) => seen.push(state));
  for (const type of ['light', 'dark', 'bias', 'flat', 'darkflat'] as const) {
    await take({ seconds: 0.1, type, region: corner });
  }
  assert.deepEqual(seen.slice(0, 3), ['exposing', 'reading', 'idle']);
  assert.deepEqual(kinds, ['light', 'dark', 'dark', 'light', 'dark']);
});

test('gain and offset follow the request, and what is off the range is refused', async () => {
  const { take, emulator, camera } = await connected();
  await take({ seconds: 0.1, type: 'light', region: corner, gain: 120, offset: 30 });
  assert.deepEqual([emulator.truth.value.gain, emulator.truth.value.offset], [120, 30]);
  assert.equal(camera.gain?.value.value, 120);
  await assert.rejects(take({ seconds: 0.1, type: 'light', gain: 301 }), fault('refused', /gain 301/));
});

test('an exposure that is finished early keeps its frame', async () => {
  const { clock, device, start } = await connected();
  const run = start({ seconds: 600, type: 'light', region: corner });
  const frame = await clock.drive(
    (async () => {
      await clock.sleep(3000);
      await device.operate(person, 'camera', 'finish', {}).outcome;
      return run.outcome;
    })(),
  );
  assert.equal(frame.width, 64);
  assert.ok(clock.monotonic() < 10_000);
});

test('a stopped exposure is idle before it rejects', async () => {
  const { clock, emulator, camera, start } = await connected();
  const run = start({ seconds: 60, type: 'light' });
  await clock.drive(clock.sleep(2000));
  assert.equal(emulator.truth.value.state, 'exposing');
  run.stop('user');
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
  assert.deepEqual([emulator.truth.value.state, camera.state.value], ['idle', 'idle']);
});

test('a camera that hangs ends its exposure when the device is opened anew', async () => {
  const { clock, device, emulator, start } = await connected();
  emulator.faults.neverReady = true;
  const run = start({ seconds: 1, type: 'light' });
  await clock.drive(clock.sleep(20_000));
  assert.equal(run.ending.value, undefined);
  device.reopen('hangs');
  await assert.rejects(clock.drive(run.outcome), fault('silent', /hangs/));
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
});

test('an exposure that a lost connection left running is thrown away', async () => {
  const { clock, device, emulator, start, take } = await connected();
  start({ seconds: 600, type: 'light' });
  await clock.drive(clock.sleep(5000));
  // Nobody says goodbye: the process was killed.
  device.reopen('killed');
  await clock.drive(when(device.status, ({ state }) => state === 'recovering'));
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
  assert.equal(emulator.truth.value.state, 'exposing');
  const frame = await take({ seconds: 1, type: 'light', region: corner });
  assert.equal(frame.width, corner.width);
});

test('an unplugged server is gone at once and the same device when it is back', async () => {
  const { clock, device, socket, start, camera } = await connected();
  const run = start({ seconds: 30, type: 'light' });
  await clock.drive(clock.sleep(3000));
  socket.unplug();
  await assert.rejects(clock.drive(run.outcome), fault('gone', /unplugged/));
  assert.equal(camera.state.value, 'idle');
  await clock.drive(when(device.status, ({ state }) => state === 'recovering'));
  socket.plug();
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
  assert.equal(device.identity, 'nightjar-emulated-main-camera');
});

test('cools to a setpoint and says how hard it works', async () => {
  const { clock, device, camera } = await connected();
  await clock.drive(device.operate(person, 'camera', 'cool', { celsius: -10 }).outcome);
  assert.equal(camera.cooler?.on.value, true);
  assert.equal(camera.cooler?.setpoint.value, -10);
  await clock.drive(clock.sleep(180_000));
  assert.ok(Math.abs((camera.temperature?.value ?? 99) + 10) < 0.5, `${camera.temperature?.value} °C`);
  assert.ok((camera.cooler?.power?.value ?? 0) > 10);
  await clock.drive(device.operate(person, 'camera', 'cool', {}).outcome);
  assert.equal(camera.cooler?.on.value, false);
});

test('another camera at the same address is not this device', async () => {
  const { clock, device } = rig();
  device.change({ device: 7 });
  await assert.rejects(clock.drive(device.connect()), fault('gone', /no camera number 7/));
});
