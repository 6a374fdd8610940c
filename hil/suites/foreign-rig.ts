import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assets } from '../../src/assets.ts';
import { when } from '../../src/core/cell.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { startThread } from '../../src/core/thread.ts';
import { DeviceHost } from '../../src/device/host.ts';
import { createObservatory } from '../../src/device/observatory.ts';
import { createRig } from '../../src/device/rig.ts';
import { type Lab, Shutter } from '../../src/device/shutter.ts';
import { FrameBudget } from '../../src/imaging/budget.ts';
import { createDarkroom } from '../../src/imaging/darkroom.ts';
import { sealFrame } from '../../src/imaging/fits-write.ts';
import { headerCards } from '../../src/imaging/header.ts';
import type { ImagingJobs } from '../../src/imaging/jobs.ts';
import { ImagingWorker } from '../../src/imaging/worker-client.ts';
import { adoptionDriver } from '../../src/indi/adopt/adopt.ts';
import { type ProgramSpec, Programs } from '../../src/indi/foreign/programs.ts';
import { Router } from '../../src/indi/router.ts';
import { openLedger } from '../../src/storage/ledger.ts';
import { inScratch } from './appliance.ts';

const SITE = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };
const START_MS = 20_000;

/** A driver executable as a child, its device adopted and connected, with storage and imaging as in the appliance. */
export async function withForeign(
  spec: (directory: string) => Omit<ProgramSpec & { executable: string }, 'id'>,
  body: (rig: ForeignRig) => Promise<void>,
): Promise<void> {
  await inScratch('adoption', async (directory) => {
    const rig = await createForeignRig(directory, { id: 'program', ...spec(directory) });
    try {
      await body(rig);
    } finally {
      await rig.close();
    }
  });
}

export type ForeignRig = Awaited<ReturnType<typeof createForeignRig>>;

async function createForeignRig(directory: string, spec: ProgramSpec) {
  const clock = systemClock;
  const log = silentLog;
  const observatory = createObservatory(SITE);
  observatory.offerTime('ntp');
  const imaging = startThread<ImagingJobs>(assets.imagingWorker, clock);
  const darkroom = createDarkroom({ worker: new ImagingWorker(imaging), budget: new FrameBudget(160 << 20) });
  const ledger = await openLedger({
    directory: join(directory, 'data'),
    clock,
    workerUrl: assets.storageWorker,
  });
  const host = new DeviceHost({ clock, observatory, darkroom, log });
  const router = new Router(clock);
  const driverOf = adoptionDriver;
  const programs = new Programs({
    router,
    host,
    clock,
    log,
    directory,
    driverOf,
  });
  const rig = createRig(host, { filters: [], zoneMinutes: 0 });
  const lab: Lab = {
    seal: (frame, facts) => sealFrame(frame, headerCards(frame, facts)),
    store: async ({ file, facts, frame }) => ledger.pathOf(await ledger.store(file, facts, frame.native)),
    release: (frame) => darkroom.release(frame),
  };
  const shutter = new Shutter(rig, lab, log);
  programs.add(spec);
  const late = new AbortController();
  const cancel = clock.after(START_MS, () => late.abort(new Error(`not connected within ${START_MS} ms`)));
  const [foreign] = await when(programs.devices, ({ length }) => length > 0, late.signal);
  assert.ok(foreign);
  const [device] = await when(host.devices, ({ length }) => length > 0, late.signal);
  assert.ok(device);
  await device.connect(true);
  await when(device.status, ({ state }) => state === 'connected', late.signal);
  cancel();
  return {
    ...{ clock, directory, observatory, host, router, programs, rig, shutter, ledger, foreign, device },
    async close() {
      await programs.close();
      await host.close();
      await imaging.close();
      await ledger.close();
    },
  };
}
