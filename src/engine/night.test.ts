import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alpacaCamera } from '../../drivers/alpaca-camera.ts';
import { onstep } from '../../drivers/lx200.ts';
import { xagyl } from '../../drivers/xagyl.ts';
import { openBench } from '../../hil/bench.ts';
import { darkroomInline } from '../../hil/rig-in-memory.ts';
import { benchSchema } from '../cli/bench-file.ts';
import { parseUtc, SimClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { DeviceHost } from '../device/host.ts';
import { createObservatory } from '../device/observatory.ts';
import { createRig } from '../device/rig.ts';
import { Shutter } from '../device/shutter.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import type { Ledger } from '../storage/ledger.ts';
import { type NightEntry, runNight } from './night.ts';
import { planSchema } from './plan.ts';

const MINUTE = 60_000;
const plan = planSchema.parse({
  id: 'pleiades',
  target: { name: 'M 45', ra: 56.75, dec: 24.117 },
  sets: [
    { id: 'r', filter: 'R', seconds: 30, count: 3 },
    { id: 'b', filter: 'B', seconds: 30, count: 2 },
  ],
});
const bench = benchSchema.parse({
  name: 'test',
  site: { latitude: 28.7606, longitude: -17.8816 },
  world: { seed: 1, main: { sensor: { width: 64, height: 48 } } },
  devices: [
    { id: 'mount', label: 'Mount', driver: 'onstep' },
    { id: 'camera', label: 'Camera', driver: 'alpaca-camera' },
    { id: 'wheel', label: 'Wheel', driver: 'xagyl' },
  ],
});
const drivers = { mount: onstep, camera: alpacaCamera, wheel: xagyl };

/** A rig in memory whose ledger is a list. @param fail what is wrong with the disk for the so-maniest frame */
function setUp(fail: (frame: number) => Fault | undefined = () => undefined) {
  const clock = new SimClock(parseUtc('2026-01-15T22:00:00Z'));
  const { site, portOf, sockets, world } = openBench(bench, clock);
  const observatory = createObservatory(site);
  observatory.offerTime('gps');
  const host = new DeviceHost({ clock, observatory, darkroom: darkroomInline, log: silentLog });
  const rig = createRig(host, { filters: ['L', 'R', 'G', 'B', 'Ha'] });
  for (const device of bench.devices) {
    const role = device.id as keyof typeof drivers;
    host.add({ ...device, driver: drivers[role], port: portOf(device) });
    host.assign(role, device.id);
  }
  const stored: ExposureFacts[] = [];
  let frames = 0;
  const shutter = new Shutter(
    rig,
    {
      seal: () => new Uint8Array(),
      async store({ facts }) {
        await clock.sleep(200);
        const fault = fail(++frames);
        if (fault) throw fault;
        stored.push(facts);
        return `frames/${facts.id}.fits`;
      },
      release: () => {},
    },
    silentLog,
  );
  const ledger = {
    countOf: async (_: string, set: string) => ({
      stored: stored.filter((facts) => facts.plan?.set === set).length,
      accepted: 0,
      rejected: 0,
    }),
  } as unknown as Ledger;
  const entries: NightEntry[] = [];
  const start = () =>
    runNight({ rig, shutter, ledger, log: silentLog }, plan, (entry) => entries.push(entry));
  const motion = () => host.inRole('mount')?.capabilities.value.mount?.motion.value;
  return { clock, host, sockets, world, stored, entries, start, motion, taken: () => frames };
}

const filters = (stored: readonly ExposureFacts[]) => stored.map(({ filter }) => filter).join('');

test('takes every frame through its filter and parks', async () => {
  const { clock, host, start, stored, motion } = setUp();
  await clock.drive(host.connectAll().then(() => start().outcome));
  assert.equal(filters(stored), 'RRRBB');
  assert.equal(motion(), 'parked');
});

test('a wheel that is not there at dusk is waited for, not taken for a rig without one', async () => {
  const { clock, host, sockets, start, stored } = setUp();
  sockets.get('wheel')?.unplug();
  clock.after(4 * MINUTE, () => sockets.get('wheel')?.plug());
  const began = clock.now();
  await clock.drive(host.connectAll().then(() => start().outcome));
  assert.equal(filters(stored), 'RRRBB');
  assert.ok((stored[0]?.startUtc ?? 0) >= began + 4 * MINUTE);
});

test('a full disk ends the night with its words, and the mount is parked', async () => {
  const { clock, host, start, entries, motion, taken } = setUp(
    () => new Fault('refused', 'the disk is full'),
  );
  await assert.rejects(clock.drive(host.connectAll().then(() => start().outcome)), /the disk is full/);
  assert.ok(taken() <= 2, `${taken()} frames were exposed for nothing`);
  assert.deepEqual(entries.find(({ step }) => step === 'store')?.fault, 'the disk is full');
  assert.equal(entries.at(-1)?.step, 'park');
  assert.equal(motion(), 'parked');
});

test('a frame that was lost on its way to the disk is taken again', async () => {
  const lost = new Set([2, 5]);
  const { clock, host, start, stored, taken } = setUp((frame) =>
    lost.has(frame) ? new Fault('gone', 'a worker thread ended') : undefined,
  );
  await clock.drive(host.connectAll().then(() => start().outcome));
  assert.equal([...filters(stored)].sort().join(''), 'BBRRR');
  assert.equal(taken(), 7);
});

test('a camera that stays away ends the night after half an hour, with the mount parked', async () => {
  const { clock, host, sockets, start, stored, motion } = setUp();
  clock.after(MINUTE, () => sockets.get('camera')?.unplug());
  const began = clock.now();
  await assert.rejects(
    clock.drive(host.connectAll().then(() => start().outcome)),
    (error) =>
      error instanceof Fault && error.kind === 'gone' && /camera did not come back/.test(error.message),
  );
  assert.equal(motion(), 'parked');
  assert.ok(stored.length >= 1 && clock.now() - began < 35 * MINUTE);
});

test('stopped by its owner it ends at once, moves nothing more and lets go of the devices', async () => {
  const { clock, host, start, motion } = setUp();
  const night = host.connectAll().then(() => {
    const run = start();
    clock.after(MINUTE, () => run.stop('user'));
    return run.outcome;
  });
  const began = clock.now();
  await assert.rejects(clock.drive(night), { name: 'Stopped' });
  assert.ok(clock.now() - began < MINUTE + 5000);
  assert.equal(motion(), 'tracking');
  const client = { name: 'indi', rank: 'client' } as const;
  const focusing = host.find('wheel')?.operate(client, 'wheel', 'select', { slot: 1 });
  await clock.drive(focusing?.outcome ?? Promise.reject(new Error('no wheel')));
});

test('a person who takes the mount pauses the night, which comes back to its target by itself', async () => {
  const { clock, host, start, stored, motion } = setUp();
  const person = { name: 'phone', rank: 'person' } as const;
  const mount = () => host.inRole('mount')!;
  let paused: readonly string[] = [];
  await clock.drive(
    host.connectAll().then(async () => {
      const night = start();
      while (stored.length < 1) await clock.sleep(1000);
      await clock.sleep(5000);
      const client = { name: 'indi', rank: 'client' } as const;
      assert.throws(() => mount().operate(client, 'mount', 'park', {}), /busy: night/);
      await mount().operate(person, 'mount', 'slewTo', { ra: 80, dec: 45 }).outcome;
      await clock.sleep(30_000);
      paused = night.progress.value.steps;
      await night.outcome;
    }),
  );
  assert.deepEqual(paused, ['paused: a person has taken over']);
  assert.equal(filters(stored), 'RRRBB');
  for (const { mount: at } of stored) assert.ok(Math.abs((at?.ra ?? 0) - plan.target.ra) < 0.5, 'off target');
  assert.equal(motion(), 'parked');
});
