import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { startThread } from '../core/thread.ts';
import type { AnyDriver } from '../device/driver.ts';
import { DeviceHost } from '../device/host.ts';
import { LimitBook } from '../device/limits/book.ts';
import { LimitWatch } from '../device/limits/watch.ts';
import { type Guard, wholeGuard } from '../device/limits.ts';
import { createObservatory, type Observatory } from '../device/observatory.ts';
import { createRig, type Rig } from '../device/rig.ts';
import { Shutter } from '../device/shutter.ts';
import type { DewKeeper } from '../engine/dew-keeper.ts';
import { Examiner } from '../engine/examiner.ts';
import { Stacker } from '../engine/stacker.ts';
import { FrameBudget } from '../imaging/budget.ts';
import { createDarkroom } from '../imaging/darkroom.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import { sealFrame } from '../imaging/fits-write.ts';
import { headerCards } from '../imaging/header.ts';
import { StackWorker } from '../imaging/stack/worker-client.ts';
import { ImagingWorker } from '../imaging/worker-client.ts';
import { Router } from '../indi/router.ts';
import type { Site } from '../sky/site.ts';
import type { CataloguePlace } from '../solve/jobs.ts';
import { SolveWorker } from '../solve/worker-client.ts';
import { type Ledger, openLedger } from '../storage/ledger.ts';
import { frameBudgetBytes, readMemory } from '../system/memory.ts';
import type { Port } from '../wire/link.ts';
import type { WorkerJobs } from '../worker.ts';
import type { Bench, BenchDevice } from './bench-file.ts';
import { keepChoices, keepDew, keepFacts, keepLimits, keepRoles } from './keep.ts';

export interface RigParts {
  clock: Clock;
  log: Log;
  /** Where frames and the ledger live. */
  directory: string;
  bench: Bench;
  site: Site | undefined;
  drivers: readonly AnyDriver[];
  portOf(device: BenchDevice): Port;
  workers: { imaging: URL; storage: URL };
  /** Of stars; absent: this rig cannot solve. */
  catalogue?: CataloguePlace;
}

/** Everything between the devices' links and the faces. */
export interface Works {
  rig: Rig;
  host: DeviceHost;
  observatory: Observatory;
  limits: LimitBook;
  watch: LimitWatch;
  dew: DewKeeper;
  /** What every command to a mount meets, ours and foreign ones. */
  guard: Guard;
  /** Of INDI: the faces' and the foreign programs'. */
  router: Router;
  shutter: Shutter;
  ledger: Ledger;
  imaging: ImagingWorker;
  examiner: Examiner;
  solver: SolveWorker;
  stacker: Stacker;
  close(): Promise<void>;
}

/** Builds the rig of a bench, from workers and ledger up to the shutter; no device is connected yet. */
export async function rigUp({
  clock,
  log,
  directory,
  bench,
  site,
  drivers,
  portOf,
  workers,
  catalogue,
}: RigParts): Promise<Works> {
  const observatory = createObservatory(site);
  if (bench.clock === 'trusted') observatory.offerTime('ntp');
  const thread = startThread<WorkerJobs>(workers.imaging, clock, { catalogue });
  const imaging = new ImagingWorker(thread);
  const darkroom = createDarkroom({
    worker: imaging,
    budget: new FrameBudget(frameBudgetBytes(readMemory().total)),
  });
  const ledger = await openLedger({ directory, clock, workerUrl: workers.storage });
  if (ledger.adoption.adopted.length + ledger.adoption.temporary.length > 0) {
    log.info({ ...ledger.adoption }, 'the last session ended in the middle; its files are in order again');
  }
  const solver = new SolveWorker(thread, clock);
  const examiner = new Examiner({ imaging, solver, ledger, clock, log });
  const stacker = new Stacker({
    worker: new StackWorker(thread),
    pathOf: (row) => ledger.pathOf(row),
    directory: emptied(join(directory, 'stack')),
    log,
  });
  const limits = new LimitBook();
  const guard = wholeGuard(limits, observatory);
  const host = new DeviceHost({ clock, observatory, darkroom, log }, guard);
  const rig = createRig(host, {
    filters: bench.filters,
    zoneMinutes: Math.round((site?.longitude ?? 0) / 15) * 60,
    ...(bench.telescope && { telescope: bench.telescope }),
    ...(bench.guideTelescope && { guideTelescope: bench.guideTelescope }),
    ...(bench.observer && { observer: bench.observer }),
  });
  for (const entry of bench.devices) {
    const driver = drivers.find(({ id }) => id === entry.driver);
    if (!driver) {
      const known = drivers.map(({ id }) => id).join(' ');
      throw new BadInput(`bench ${bench.name}: no driver "${entry.driver}"; there are: ${known}`);
    }
    const { id, label, settings } = entry;
    const device = host.add({ id, label, driver, port: portOf(entry), settings });
    await keepChoices(device, ledger, log);
    for (const role of entry.role) host.assign(role, id);
  }
  await keepFacts(rig, ledger, log);
  await keepRoles(host, ledger, log);
  await keepLimits(limits, ledger, log);
  const watch = new LimitWatch(host, { book: limits, log });
  const dew = await keepDew(host, ledger, log);
  const shutter = new Shutter(
    rig,
    {
      seal: (frame, facts) => sealFrame(frame, headerCards(frame, facts)),
      async store({ file, facts, frame }) {
        const row = await ledger.store(file, facts, frame.native);
        examiner.look();
        if (isImaging(host, facts)) stacker.offer(row);
        return ledger.pathOf(row);
      },
      release: (frame) => darkroom.release(frame),
    },
    log,
  );
  examiner.look();
  return {
    rig,
    host,
    observatory,
    limits,
    watch,
    dew,
    guard,
    router: new Router(clock),
    shutter,
    ledger,
    imaging,
    examiner,
    solver,
    stacker,
    async close() {
      watch.close();
      dew.close();
      await host.close();
      await examiner.close();
      await stacker.stop();
      await thread.close();
      await ledger.close();
    },
  };
}

/** Where nobody is known to take the pictures, whoever takes one does. */
function isImaging(host: DeviceHost, { camera }: ExposureFacts): boolean {
  const device = host.inRole('camera');
  return !device || camera.id === (device.identity ?? device.id);
}

/** What a killed process has left there is of no use to anybody. */
function emptied(directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  return directory;
}
