import assert from 'node:assert/strict';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { CapabilityName } from '../../src/device/capabilities.ts';
import { emulatorOf } from '../emulators/index.ts';
import { serveTcp } from '../emulators/serve.ts';
import { createWorld } from '../sky/world.ts';
import { state } from './fuzz-watch.ts';
import { killCases } from './programs-kills.ts';
import { remote } from './programs-remote.ts';
import { onStage, type Stage, until } from './programs-stage.ts';
import { trialCases } from './programs-trials.ts';
import type { Case, Suite } from './suite.ts';
import { present } from './tools.ts';

const CAMERA = 'CCD Simulator';

/** Simulators of INDI, the names of their devices, and what each becomes. */
const simulators: readonly { executable: string; device: string; capability: CapabilityName }[] = [
  { executable: 'indi_simulator_ccd', device: CAMERA, capability: 'camera' },
  { executable: 'indi_simulator_telescope', device: 'Telescope Simulator', capability: 'mount' },
  { executable: 'indi_simulator_focus', device: 'Focuser Simulator', capability: 'focuser' },
  { executable: 'indi_simulator_wheel', device: 'Filter Simulator', capability: 'wheel' },
  { executable: 'indi_simulator_gps', device: 'GPS Simulator', capability: 'gps' },
  { executable: 'indi_simulator_weather', device: 'Weather Simulator', capability: 'weather' },
  { executable: 'indi_simulator_dome', device: 'Dome Simulator', capability: 'dome' },
  { executable: 'indi_simulator_rotator', device: 'Rotator Simulator', capability: 'rotator' },
];

const WRITES = 20;
const WRITE_LIMIT_MS = 100;

/** Driver executables of INDI as our children: hosted, adopted, killed. */
export const programs: Suite = {
  name: 'programs',
  cases: (form) => [
    {
      name: 'eight simulators as children: connected, adopted, seen by a client; a write to disk is not held up',
      run: ifPresent(
        simulators.map(({ executable }) => executable),
        eight,
      ),
    },
    {
      name: 'three images of a camera that knows from the mount where it looks',
      run: ifPresent(['indi_simulator_ccd', 'indi_simulator_telescope'], threeImages),
    },
    {
      name: 'a serial driver moves our focuser over TCP',
      run: ifPresent(['indi_moonlite_focus'], serialDriver),
    },
    {
      name: 'a driver without its hardware stays up and quiet',
      run: ifPresent(['indi_v4l2_ccd'], withoutHardware),
    },
    {
      name: 'one device of another INDI server, which ends and comes back',
      run: ifPresent(['indiserver', 'indi_simulator_focus'], remote),
    },
    ...trialCases(form),
    ...killCases(form),
  ],
};

function ifPresent(
  executables: readonly string[],
  body: (stage: Stage) => Promise<string | undefined>,
): Case['run'] {
  const missing = ['setpriv', ...executables].find((name) => !present(name));
  return missing ? async () => `${missing} is not installed` : () => onStage(body);
}

async function eight(stage: Stage): Promise<undefined> {
  const client = await stage.client();
  for (const { executable, device, capability } of simulators) {
    const ours = await stage.bring({ id: executable.replaceAll('_', '-'), executable }, device);
    assert.ok(ours.capabilities.value[capability], `${device} did not become a ${capability}`);
    assert.equal(client.property(device, 'CONNECTION')?.values.CONNECT, true);
  }
  // The better of two: one may have met the machine's own pauses.
  const { directory } = stage;
  const slowest = Math.min(await slowestWrite(directory), await slowestWrite(directory));
  // CPU and memory are looked at every five seconds.
  await until('what they use is seen', () =>
    stage.programs.list.value.every(({ residentBytes }) => residentBytes),
  );
  const list = stage.programs.list.value;
  state({
    'MB resident, all eight': list.reduce((sum, { residentBytes = 0 }) => sum + residentBytes, 0) / 1e6,
    'ms for the slowest of 20 writes': slowest,
  });
  assert.ok(slowest < WRITE_LIMIT_MS, `a write took ${slowest} ms`);
  assert.deepEqual(
    list.map(({ state }) => state),
    list.map(() => 'running'),
  );
}

async function slowestWrite(directory: string): Promise<number> {
  const path = join(directory, 'written');
  let slowest = 0;
  for (let write = 0; write < WRITES; write++) {
    const start = systemClock.monotonic();
    const file = await open(path, 'w');
    await file.write(Buffer.alloc(65_536));
    await file.close();
    slowest = Math.max(slowest, systemClock.monotonic() - start);
  }
  await rm(path);
  return slowest;
}

async function threeImages(stage: Stage): Promise<undefined> {
  await stage.bring({ id: 'mount', executable: 'indi_simulator_telescope' }, 'Telescope Simulator');
  await stage.bring({ id: 'camera', executable: 'indi_simulator_ccd' }, CAMERA);
  const client = await stage.client();
  client.enableBlob('Also', CAMERA);
  await client.until(() => client.property(CAMERA, 'CCD_EXPOSURE') !== undefined, 'the camera');
  for (let image = 1; image <= 3; image++) {
    client.set(CAMERA, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.2 });
    await client.until(() => client.blobs === image, `image ${image}`, 15_000);
  }
  const { bytes, format } = client.lastBlob ?? { bytes: new Uint8Array(0), format: '' };
  const header = Buffer.from(bytes.subarray(0, 5760)).toString('latin1');
  assert.equal(format, '.fits');
  assert.equal(bytes.length % 2880, 0);
  assert.match(header, /^SIMPLE {2}=/);
  assert.match(header, /TELESCOP= 'Telescope Simulator'/);
  assert.match(header, /OBJCTRA =/);
}

async function serialDriver(stage: Stage): Promise<undefined> {
  const family = emulatorOf('moonlite');
  assert.ok(family?.kind === 'stream');
  const world = createWorld({ clock: systemClock });
  const emulator = family.create({ clock: systemClock, world, options: {} });
  const served = await serveTcp(emulator, 0);
  try {
    const spec = { id: 'moonlite', executable: 'indi_moonlite_focus' };
    const device = await stage.bring(spec, 'MoonLite', { port: `127.0.0.1:${served.port}` });
    const target = Number(emulator.truth.value.position) + 300;
    const { outcome } = device.operate({ name: 'phone', rank: 'person' }, 'focuser', 'moveTo', {
      steps: target,
    });
    await outcome;
    await until('it has arrived', () => emulator.truth.value.position === target);
    // This driver does not tell the last few steps.
    const told = device.capabilities.value.focuser?.position.value ?? 0;
    assert.ok(Math.abs(told - target) < 10, `it says ${told}`);
  } finally {
    await stage.programs.close();
    await served.close();
  }
}

async function withoutHardware({ programs }: Stage): Promise<undefined> {
  programs.add({ id: 'v4l2', executable: 'indi_v4l2_ccd' });
  await until('it runs', () => programs.list.value[0]?.state === 'running');
  await systemClock.sleep(3000);
  const [program] = programs.list.value;
  assert.deepEqual([program?.state, program?.restarts], ['running', 0], program?.message);
}
