import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../core/cell.ts';
import { SimClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { allocateFrame, type Frame } from '../imaging/frame.ts';
import { MemoryPort } from '../wire/memory.ts';
import type { CameraState } from './camera.ts';
import { defineDriver, serial } from './driver.ts';
import { DeviceHost } from './host.ts';
import { noDarkroom } from './no-darkroom.ts';
import { createObservatory } from './observatory.ts';
import { createRig } from './rig.ts';
import { Shutter } from './shutter.ts';

const person = { name: 'phone', rank: 'person' } as const;

/** A camera that takes as long as asked, or never answers. */
function setUp({ hangs = false, storing = async () => 'frames/one.fits', sealing = () => {} } = {}) {
  const clock = new SimClock(1_000_000);
  const temperature = cell<number | undefined>(-10);
  const camera = defineDriver({
    id: 'still',
    label: 'Camera',
    transport: serial(),
    pollMs: 60_000,
    provides: [],
    settings: {},
    async open() {
      const state = cell<CameraState>('idle');
      return {
        camera: {
          sensor: {
            name: 's',
            width: 64,
            height: 48,
            pixelMicrons: { x: 4, y: 4 },
            bitsPerPixel: 16,
            maxAdu: 65535,
          },
          binnings: [1, 2],
          exposureSeconds: { min: 0.001, max: 3600 },
          state,
          temperature,
          async expose({ seconds }, run) {
            state.set('exposing');
            try {
              if (hangs) await new Promise(() => {});
              await run.sleep(seconds * 1000);
              return allocateFrame({ width: 64, height: 48, format: 'u16' });
            } finally {
              state.set('idle');
            }
          },
        },
      };
    },
  });
  const observatory = createObservatory();
  const host = new DeviceHost({ clock, observatory, darkroom: noDarkroom, log: silentLog });
  const device = host.add({
    id: 'camera',
    label: 'Camera',
    driver: camera,
    port: new MemoryPort('camera', () => {}),
  });
  host.assign('camera', 'camera');
  const released: Frame[] = [];
  const lab = {
    seal(frame: Frame) {
      sealing();
      return new Uint8Array(frame.buffer);
    },
    store: storing,
    release: (frame: Frame) => void released.push(frame),
  };
  const shutter = new Shutter(createRig(host), lab, silentLog);
  return { clock, device, shutter, temperature, released };
}

test('the facts are those of the middle of the exposure, and its start is when the shutter opened', async () => {
  const { clock, device, shutter, temperature } = setUp();
  await clock.drive(device.connect());
  clock.after(50_000, () => temperature.set(-12));
  clock.after(70_000, () => temperature.set(-15));
  const { facts } = await clock.drive(
    shutter.shoot(device, person, { seconds: 120, type: 'light', object: 'M 42' }, 'store').outcome,
  );
  assert.equal(facts.camera.temperatureCelsius, -12);
  assert.equal(facts.startUtc, 1_000_000);
  assert.equal(facts.object, 'M 42');
  assert.equal(facts.snapshot, true);
  assert.match(facts.id, /^[0-9a-f-]{36}$/);
});

test('a camera that never answers ends in a fault by its deadline, and is opened anew', async () => {
  const { clock, device, shutter } = setUp({ hangs: true });
  await clock.drive(device.connect());
  const run = shutter.shoot(device, person, { seconds: 10, type: 'dark' }, 'store');
  await assert.rejects(
    clock.drive(run.outcome),
    (error) => error instanceof Fault && error.kind === 'silent',
  );
  assert.ok(clock.now() - 1_000_000 < 60_000);
  await clock.drive(clock.sleep(10_000));
  assert.equal(device.status.value.state, 'connected');
});

test('the sensor is free before the frame is stored', async () => {
  const { clock, device, shutter } = setUp({
    storing: () => clock.sleep(5000).then(() => 'frames/one.fits'),
  });
  await clock.drive(device.connect());
  const start = clock.now();
  const run = shutter.shoot(device, person, { seconds: 1, type: 'light' }, 'store');
  await clock.drive(run.sensorFree);
  assert.equal(clock.now() - start, 1000);
  assert.equal((await clock.drive(run.outcome)).path, 'frames/one.fits');
  assert.equal(clock.now() - start, 6000);
});

test('requests outside the ranges are refused with the range, and nothing is exposed', async () => {
  const { clock, device, shutter } = setUp();
  await clock.drive(device.connect());
  const wrong = [
    [{ seconds: 4000 }, /0.001…3600 s/],
    [{ seconds: Number.NaN }, /outside/],
    [{ seconds: 1, binning: 3 }, /the camera has 1, 2/],
    [{ seconds: 1, region: { x: 60, y: 0, width: 8, height: 8 } }, /not within 64×48/],
    [{ seconds: 1, region: { x: 0.5, y: 0, width: 8, height: 8 } }, /not within/],
  ] as const;
  for (const [order, message] of wrong) {
    assert.throws(() => shutter.shoot(device, person, { type: 'light', ...order }, 'store'), message);
  }
  assert.equal(device.runs.value.length, 0);
});

test('a stopped exposure stores nothing; pixels go back to the budget once nobody holds them', async () => {
  const { clock, device, shutter, released } = setUp();
  await clock.drive(device.connect());
  const run = shutter.shoot(device, person, { seconds: 100, type: 'light' }, 'store');
  clock.after(1000, () => run.stop('user'));
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
  assert.equal(shutter.last.value.camera, undefined);

  const take = () =>
    clock.drive(shutter.shoot(device, person, { seconds: 1, type: 'light' }, 'memory').outcome);
  const first = await take();
  const letGo = first.hold();
  assert.equal(shutter.last.value.camera, first);
  await take();
  assert.deepEqual(released, [], 'a client still reads the first');
  letGo();
  letGo();
  assert.deepEqual(released, [first.frame]);
});

test('a frame that cannot be described, or not stored, gives its memory back', async () => {
  const fail = () => {
    throw new Error('no header');
  };
  for (const trouble of [{ sealing: fail }, { storing: async () => fail() }]) {
    const { clock, device, shutter, released } = setUp(trouble);
    await clock.drive(device.connect());
    const shoot = () => shutter.shoot(device, person, { seconds: 1, type: 'light' }, 'store').outcome;
    await assert.rejects(clock.drive(shoot()), /no header/);
    await assert.rejects(clock.drive(shoot()), /no header/);
    assert.ok(released.length >= 1, 'only the last image may be kept');
  }
});
