import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Device } from '../../src/device/device.ts';
import type { IndiClient } from '../../src/indi/client.ts';
import { emulatorOf } from '../emulators/index.ts';
import { serveTcp } from '../emulators/serve.ts';
import { chance } from '../sky/random.ts';
import { createWorld } from '../sky/world.ts';
import { state } from './fuzz-watch.ts';
import { onStage, type Stage, until } from './programs-stage.ts';
import type { Case, Form } from './suite.ts';
import { present } from './tools.ts';

const SEED = 20261122;
const night = { name: 'night', rank: 'night' } as const;

interface Victim {
  executable: string;
  device: string;
  /** Where it is seen that the device is lost and back. */
  property: string;
  /** Kills in the quick form, where it takes part. */
  quick?: number;
  /** What it reaches its hardware by. */
  hardware?(): Promise<{ port: string; close(): Promise<void> }>;
  /** Some seconds of work; repeated, it does the same. */
  work(stage: Stage, device: Device, round: number): Promise<unknown>;
}

const victims: readonly Victim[] = [
  {
    ...{ executable: 'indi_simulator_ccd', device: 'CCD Simulator', property: 'CCD_EXPOSURE', quick: 1 },
    work: async ({ works }, device) => {
      const { path, file } = await works.shutter.shoot(
        device,
        night,
        { seconds: 1.5, type: 'light' },
        'store',
      ).outcome;
      assert.ok(path && file.length > 0);
    },
  },
  {
    ...{ executable: 'indi_simulator_telescope', device: 'Telescope Simulator' },
    ...{ property: 'EQUATORIAL_EOD_COORD', quick: 1 },
    work: async (_, device) => {
      await device.operate(night, 'mount', 'unpark', {}).outcome;
      const { ra = 0, dec = 0 } = device.capabilities.value.mount?.position.value ?? {};
      await device.operate(night, 'mount', 'slewTo', { ra, dec: dec > 40 ? dec - 2 : dec + 2 }).outcome;
    },
  },
  {
    ...{
      executable: 'indi_simulator_focus',
      device: 'Focuser Simulator',
      property: 'ABS_FOCUS_POSITION',
      quick: 1,
    },
    work: async (_, device, round) => {
      const steps = round % 2 ? 20_000 : 80_000;
      await device.operate(night, 'focuser', 'moveTo', { steps }).outcome;
      assert.equal(device.capabilities.value.focuser?.position.value, steps);
    },
  },
  {
    ...{ executable: 'indi_simulator_wheel', device: 'Filter Simulator', property: 'FILTER_SLOT', quick: 1 },
    work: async (_, device, round) => {
      await device.operate(night, 'wheel', 'select', { slot: 1 + (round % 5) }).outcome;
    },
  },
  {
    ...{ executable: 'indi_simulator_dome', device: 'Dome Simulator', property: 'ABS_DOME_POSITION' },
    work: async (_, device, round) => {
      await device.operate(night, 'dome', 'turnTo', { degrees: round % 2 ? 20 : 40 }).outcome;
    },
  },
  {
    ...{ executable: 'indi_simulator_rotator', device: 'Rotator Simulator', property: 'ABS_ROTATOR_ANGLE' },
    work: async (_, device, round) => {
      await device.operate(night, 'rotator', 'turnTo', { degrees: round % 2 ? 20 : 50 }).outcome;
    },
  },
  {
    ...{ executable: 'indi_simulator_gps', device: 'GPS Simulator', property: 'GEOGRAPHIC_COORD' },
    work: async (_, device) => {
      await device.operate(night, 'gps', 'refresh', {}).outcome;
    },
  },
  {
    ...{ executable: 'indi_simulator_weather', device: 'Weather Simulator', property: 'WEATHER_PARAMETERS' },
    work: async (_, device) => {
      await device.operate(night, 'weather', 'refresh', {}).outcome;
    },
  },
  {
    ...{ executable: 'indi_moonlite_focus', device: 'MoonLite', property: 'ABS_FOCUS_POSITION' },
    hardware: moonlite,
    work: async (_, device, round) => {
      await device.operate(night, 'focuser', 'moveTo', { steps: round % 2 ? 20_000 : 21_000 }).outcome;
    },
  },
];

/** Our emulator, as INDI's serial driver reaches it over TCP. */
async function moonlite() {
  const family = emulatorOf('moonlite');
  assert.ok(family?.kind === 'stream');
  const world = createWorld({ clock: systemClock });
  const served = await serveTcp(family.create({ clock: systemClock, world, options: {} }), 0);
  return { port: `127.0.0.1:${served.port}`, close: () => served.close() };
}

const FULL = 50;

/** A child that is killed in the middle of its work: clients notice an Alert, the engine repeats the step. */
export const killCases = (form: Form): Case[] =>
  victims.flatMap((victim) => {
    const count = form === 'full' ? FULL : victim.quick;
    if (count === undefined) return [];
    return {
      name: `${victim.executable} killed at work, ${count} times: its device stays, and the work is done in the end`,
      run: async () =>
        present(victim.executable)
          ? onStage((stage) => killOften(stage, victim, count))
          : `${victim.executable} is not installed`,
    };
  });

async function killOften(stage: Stage, victim: Victim, count: number): Promise<undefined> {
  const hardware = await victim.hardware?.();
  try {
    const settings = hardware && { port: hardware.port };
    const device = await stage.bring(
      { id: 'victim', executable: victim.executable },
      victim.device,
      settings,
    );
    await killAtWork(stage, device, victim, count);
    if (hardware) await stage.programs.close();
  } finally {
    await hardware?.close();
  }
}

async function killAtWork(stage: Stage, device: Device, victim: Victim, count: number): Promise<void> {
  const random = chance(SEED);
  const client = await stage.client();
  await client.until(() => client.property(victim.device, victim.property) !== undefined, 'its properties');
  // What the driver defines late (after its saved configuration) is there, too.
  let before: string[] = [];
  for (let known = -1; known !== before.length; ) {
    known = before.length;
    await systemClock.sleep(1000);
    before = [...client.names].sort();
  }
  const back: number[] = [];
  let repeated = 0;
  for (let round = 0; round < count; round++) {
    const work = repeating(
      device,
      () => victim.work(stage, device, round),
      () => repeated++,
    );
    work.catch(() => {});
    await systemClock.sleep(100 + random() * 900);
    const start = systemClock.monotonic();
    await kill(stage, client, victim);
    assert.deepEqual([...client.names].sort(), before, 'a property has vanished');
    hasten(stage);
    await work;
    await until('the device is connected', () => device.status.value.state === 'connected', 60);
    back.push(systemClock.monotonic() - start);
    await client.until(
      () => client.property(victim.device, victim.property)?.state !== 'Alert',
      'no Alert',
      20_000,
    );
    assert.ok(!client.closed, 'the client was dropped');
    assert.deepEqual([...client.names].sort(), before, 'a property has vanished after the return');
  }
  state({
    kills: count,
    'steps repeated': repeated,
    's from kill to done, mean': back.reduce((sum, ms) => sum + ms, 0) / back.length / 1000,
    's at most': Math.max(...back) / 1000,
  });
  assert.equal(stage.programs.list.value[0]?.restarts, count);
}

/** As the engine does: a step whose device is gone waits for it and is done again. */
async function repeating(device: Device, work: () => Promise<unknown>, again: () => void): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'gone') throw error;
      again();
      await until('the device is back', () => device.status.value.state === 'connected', 60);
    }
  }
}

async function kill({ programs }: Stage, client: IndiClient, { device, property }: Victim): Promise<void> {
  const pid = programs.list.value[0]?.pid;
  assert.ok(pid, 'it has no process');
  process.kill(pid, 'SIGKILL');
  await client.untilState(device, property, 'Alert');
}

/** One who dies so often waits ever longer for its next start: the owner can shorten that. */
function hasten({ programs }: Stage): void {
  const [program] = programs.list.value;
  if (program?.state === 'waiting' && !/in [12] s/.test(program.message ?? '')) programs.restart(program.id);
}
