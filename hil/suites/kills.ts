import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { fromApparent } from '../../src/sky/apparent.ts';
import { fromHorizon } from '../../src/sky/horizon.ts';
import { createAlpacaCamera } from '../emulators/alpaca-camera.ts';
import { onstep } from '../emulators/lx200.ts';
import { serveHttp, serveTcp } from '../emulators/serve.ts';
import { chance } from '../sky/random.ts';
import { createWorld } from '../sky/world.ts';
import { ask, inScratch, type ServingChild, serveBench, writeJson } from './appliance.ts';
import { type Answer, Book } from './kills-book.ts';
import { lookAt, sighted } from './on-disk.ts';
import type { Suite } from './suite.ts';

const SEED = 20260115;
const site = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };
/** A file of four slices: the writing of it can be interrupted. */
const sensor = { width: 1600, height: 1200 };
/** What is taken in between is small. */
const corner = { x: 0, y: 0, width: 320, height: 240 };
/** A whole frame is taken to its end every so many lives, to know how long it takes. */
const GAUGE = 10;
const memoryBench = {
  name: 'kills',
  clock: 'trusted',
  site,
  world: { seed: 3, main: { sensor } },
  devices: [{ id: 'camera', label: 'Camera', driver: 'alpaca-camera', role: ['camera'] }],
};

/** When in an exposure the process dies. A temporary and a finished file are seen by their names in the directory. */
const aims = ['ending', 'temporary', 'finished', 'exposing', 'ending'] as const;
type Aim = (typeof aims)[number];
const LAST_MS = 50;
/** A name that does not show up in time: the process dies anyway. */
const LATE_MS = 2000;
const START_LIMIT_MS = 10_000;

/** The appliance, killed at every moment of an exposure: what is in the ledger is on the disk, and the reverse. */
export const kills: Suite = {
  name: 'kills',
  cases(form) {
    const count = form === 'full' ? 200 : 5;
    return [
      {
        name: `${count} times kill -9 in the middle of an exposure: no row without its file, no file lost`,
        run: async () => void (await inScratch('kills', (directory) => killOften(directory, count))),
      },
      {
        name: 'an exposure that outlives a killed process does not keep the next one from exposing',
        run: async () => void (await inScratch('outlived', outlived)),
      },
      {
        name: 'SIGTERM during an exposure and a slew ends both and the process, cleanly',
        run: async () => void (await inScratch('sigterm', terminate)),
      },
    ];
  },
};

async function killOften(directory: string, count: number): Promise<void> {
  const random = chance(SEED);
  const bench = writeJson(directory, 'bench.json', memoryBench);
  const data = join(directory, 'data');
  const book = new Book(data);
  let slowest = 0;
  /** From the end of an exposure to its answer. */
  let overheadMs = 100;
  for (let kill = 0; kill < count; kill++) {
    const child = await serveBench(bench, data, ['camera']);
    slowest = Math.max(slowest, child.startMs);
    assert.ok(child.startMs < START_LIMIT_MS, `it took ${Math.round(child.startMs)} ms to start`);
    await book.afterStart(child);
    for (let row = Math.floor(random() * 3); row > 0; row--)
      book.promise(await expose(child, 0.02, 30, corner));
    if (kill % GAUGE === 0) {
      const start = systemClock.monotonic();
      book.promise(await expose(child, 0.02, 30));
      overheadMs = systemClock.monotonic() - start - 20;
    }
    const aim = aims[kill % aims.length] as Aim;
    const seconds = aim === 'exposing' && random() < 0.3 ? 1 + random() : 0.02 + 0.2 * random();
    const moment = reach(aim, data, seconds * 1000 + overheadMs, random);
    await expose(child, seconds, 0);
    await moment;
    child.kill('SIGKILL');
    await child.ended;
    book.afterKill(aim);
  }
  const child = await serveBench(bench, data, ['camera']);
  await book.afterStart(child);
  child.kill('SIGTERM');
  assert.equal((await child.ended).code, 0);
  book.close();
  console.log(`     ${count} kills: ${book.note()}; slowest start ${Math.round(slowest)} ms`);
}

const expose = ({ url }: ServingChild, seconds: number, wait: number, region?: object) =>
  ask<Answer>(`${url}/api/v1/devices/camera/camera/expose${wait ? `?wait=${wait}` : ''}`, {
    seconds,
    type: 'light',
    ...(region && { region }),
  });

/** Resolves at a moment of an exposure of so many milliseconds from now. */
async function reach(aim: Aim, data: string, milliseconds: number, random: () => number): Promise<void> {
  if (aim === 'exposing') return systemClock.sleep(random() * milliseconds);
  if (aim === 'ending') return systemClock.sleep(Math.max(0, milliseconds + 10 - random() * (LAST_MS + 10)));
  const isIt = (name: string) => name.endsWith(aim === 'temporary' ? '.part' : '.fits');
  await sighted(data, isIt, milliseconds + LATE_MS);
  // Half of them at once, the others up to four milliseconds later.
  if (random() < 0.5) await systemClock.sleep(random() * 4);
}

/** Devices that live on when the appliance dies: here, behind sockets. */
async function outside(directory: string, body: (rig: Outside) => Promise<void>): Promise<void> {
  const clock = systemClock;
  const world = createWorld({ clock, site, seed: 3, main: { sensor } });
  const camera = createAlpacaCamera({ clock, world, options: {} });
  assert.ok(onstep.kind === 'stream');
  const mount = onstep.create({ clock, world, options: {} });
  const [http, tcp] = [await serveHttp(camera, 0), await serveTcp(mount, 0)];
  const bench = writeJson(directory, 'bench.json', {
    ...memoryBench,
    world: {},
    devices: [
      { ...memoryBench.devices[0], port: { http: `127.0.0.1:${http.port}` } },
      {
        id: 'mount',
        label: 'Mount',
        driver: 'onstep',
        role: ['mount'],
        port: { tcp: `127.0.0.1:${tcp.port}` },
      },
    ],
  });
  try {
    await body({ bench, data: join(directory, 'data'), camera: camera.truth, mount: mount.truth });
  } finally {
    await http.close();
    await tcp.close();
  }
}

interface Outside {
  bench: string;
  data: string;
  camera: { readonly value: Readonly<Record<string, unknown>> };
  mount: { readonly value: Readonly<Record<string, unknown>> };
}

const outlived = (directory: string) =>
  outside(directory, async ({ bench, data, camera }) => {
    const first = await serveBench(bench, data, ['camera']);
    await expose(first, 600, 0);
    await systemClock.sleep(200);
    first.kill('SIGKILL');
    await first.ended;
    assert.equal(camera.value.state, 'exposing');
    const second = await serveBench(bench, data, ['camera']);
    const { outcome } = await expose(second, 0.1, 10);
    second.kill('SIGTERM');
    assert.ok(outcome?.exposure);
    assert.equal((await second.ended).code, 0);
  });

const terminate = (directory: string) =>
  outside(directory, async ({ bench, data, camera, mount }) => {
    const child = await serveBench(bench, data, ['camera', 'mount']);
    await expose(child, 0.1, 10);
    await expose(child, 60, 0);
    // High in the south at any time of day; from its rest at the pole the mount needs seconds to get there.
    const south = fromHorizon({ altitude: 50, azimuth: 180 }, site, systemClock.now());
    const { ra, dec } = fromApparent(south, systemClock.now());
    await ask(`${child.url}/api/v1/devices/mount/mount/unpark?wait=5`, {});
    await ask(`${child.url}/api/v1/devices/mount/mount/slewTo`, { ra, dec });
    await systemClock.sleep(800);
    assert.equal(camera.value.state, 'exposing');
    assert.equal(mount.value.slewing, true, 'the mount does not slew');
    const start = systemClock.monotonic();
    child.kill('SIGTERM');
    const { code } = await child.ended;
    const seconds = (systemClock.monotonic() - start) / 1000;
    assert.equal(code, 0, child.output());
    assert.ok(seconds < 10, `it took ${seconds.toFixed(1)} s to stop`);
    assert.equal(camera.value.state, 'idle', 'the camera exposes on');
    await systemClock.sleep(500);
    assert.equal(mount.value.slewing, false, 'the mount slews on');
    const rest = mount.value.dec;
    await systemClock.sleep(500);
    assert.equal(mount.value.dec, rest, 'the mount moves on');
    assert.ok(!existsSync(join(data, 'nightjar.db-wal')), 'the database was not closed');
    const { rows, finished, temporary } = lookAt(data);
    assert.deepEqual([rows.length, finished.length, temporary.length], [1, 1, 0]);
  });
