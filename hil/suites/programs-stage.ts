import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assets } from '../../src/assets.ts';
import { rigUp, type Works } from '../../src/cli/rig-up.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Device } from '../../src/device/device.ts';
import { adoptionDriver } from '../../src/indi/adopt/adopt.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { type ProgramSpec, Programs } from '../../src/indi/foreign/programs.ts';
import { createIndiServer } from '../../src/indi/server.ts';

/** A rig whose only devices are those of programs, and its INDI server. */
export interface Stage {
  works: Works;
  programs: Programs;
  directory: string;
  port: number;
  /** Asks for everything. */
  client(): Promise<IndiClient>;
  /** Adds a program and connects its device. */
  bring(spec: ProgramSpec, device: string, settings?: Record<string, string>): Promise<Device>;
  close(): Promise<void>;
}

const site = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };
const LOOK_MS = 20;

export async function createStage(): Promise<Stage> {
  const clock = systemClock;
  const log = silentLog;
  const directory = await mkdtemp(join(tmpdir(), 'nightjar-programs-'));
  const works = await rigUp({
    ...{ clock, log, directory, site, drivers: [] },
    bench: { name: 'programs', clock: 'trusted', filters: [], world: {}, programs: [], devices: [] },
    portOf: () => {
      throw new Error('this bench has no devices');
    },
    workers: { imaging: assets.imagingWorker, storage: assets.storageWorker },
  });
  const { host, rig, shutter, router } = works;
  const programs = new Programs({ router, host, clock, log, directory, driverOf: adoptionDriver });
  const server = await createIndiServer({
    host,
    rig,
    shutter,
    clock,
    log,
    router,
    port: 0,
    bind: '127.0.0.1',
  });
  const clients: IndiClient[] = [];
  return {
    ...{ works, programs, directory, port: server.port },
    async client() {
      const client = await IndiClient.connect(clock, server.port);
      clients.push(client);
      client.getProperties();
      return client;
    },
    async bring(spec, name, settings) {
      programs.add(spec);
      const device = await until(`${name} is there`, () =>
        host.devices.value.find(({ label }) => label.value === name),
      );
      if (settings) device.change(settings);
      await device.connect();
      return device;
    },
    async close() {
      for (const client of clients) client.close();
      await programs.close();
      await server.close();
      await works.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves with the first value that is neither false nor undefined. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  const deadline = systemClock.monotonic() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (systemClock.monotonic() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await systemClock.sleep(LOOK_MS);
  }
}

export async function onStage(
  body: (stage: Stage) => Promise<string | undefined>,
): Promise<string | undefined> {
  const stage = await createStage();
  try {
    return await body(stage);
  } finally {
    await stage.close();
  }
}
