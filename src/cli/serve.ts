import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AnyDriver } from '../device/driver.ts';
import type { Site } from '../sky/site.ts';
import type { CataloguePlace } from '../solve/jobs.ts';
import { DriverKits } from '../system/drivers/kits.ts';
import type { Port } from '../wire/link.ts';
import type { Bench, BenchDevice } from './bench-file.ts';
import { lookAtBoard } from './doctor/look-at-board.ts';
import { mayOpen } from './doctor.ts';
import { GearShelf } from './gear.ts';
import { portFrom } from './options.ts';
import type { Sockets } from './ports.ts';
import { ProgramShelf, packagesIn } from './programs.ts';
import { rigUp, type Works } from './rig-up.ts';
import { openUnit, type Unit } from './unit.ts';

export interface ServeParts {
  log: Log;
  bench: Bench;
  site: Site | undefined;
  drivers: readonly AnyDriver[];
  portOf(device: BenchDevice): Port;
  sockets: Sockets;
  workers: { imaging: URL; storage: URL };
  catalogue?: CataloguePlace;
}

export interface Face {
  port: number;
  close(): Promise<void>;
}

/** Starts one face of the rig; `main.ts` chooses which. */
export type FaceStarter = (
  works: Works & { programs?: ProgramShelf; gear?: GearShelf; kits?: DriverKits; unit?: Unit },
  listen: { port: number; bind: string },
) => Promise<Face>;

export interface Appliance {
  url: string;
  indiPort: number;
  works: Works;
  /** Stops motion, ends exposures, closes faces and ledger. */
  close(): Promise<void>;
}

/** The whole appliance in this process. Faces open before devices connect: the page shows them coming. */
export async function startAppliance(
  parts: ServeParts,
  faces: { http: FaceStarter; indi: FaceStarter },
): Promise<Appliance> {
  const directory = resolve(process.env.NIGHTJAR_DATA ?? './data');
  mkdirSync(directory, { recursive: true });
  const { plugged, claims } = parts.sockets;
  const rig = await rigUp({ ...parts, clock: systemClock, directory });
  const unit = await openUnit({ ...rig, clock: systemClock, log: parts.log, directory });
  const gear = await GearShelf.open({
    ...{ ...parts, host: rig.host, ledger: rig.ledger },
    lookAtBoard: () => lookAtBoard(mayOpen, parts.sockets.board.i2c),
    forget: (id) => rig.dew.forget(id),
  });
  const programs = await ProgramShelf.open(rig, parts.bench, directory, parts.log, claims);
  const kits = await DriverKits.open({
    directory: packagesIn(directory),
    clock: systemClock,
    log: parts.log,
  });
  const { now } = plugged;
  let plugs = now.value.usb;
  const endWatch = now.watch(({ usb }) => {
    if (usb.some((device) => !plugs.includes(device))) programs.retryNow();
    plugs = usb;
  });
  const works = { ...rig, programs, gear, kits, unit };
  const bind = process.env.NIGHTJAR_BIND ?? '127.0.0.1';
  const open: Face[] = [];
  const close = async () => {
    endWatch();
    await unit.notifier.stopping();
    await Promise.allSettled(open.map((face) => face.close()));
    // Our own mount must not go on until a driver that hangs has been given up.
    const own = rig.host.devices.value.filter(({ driver }) => driver.transport.kind !== 'program');
    const disconnecting = own.map((device) => device.disconnect());
    // Nor until NetworkManager has joined what it is about to join.
    await Promise.allSettled([programs.close(), unit.close(), ...disconnecting]);
    await rig.close();
    await plugged.close();
  };
  try {
    const http = await faces.http(works, { port: portFrom('NIGHTJAR_HTTP_PORT', 8080), bind });
    open.push(http);
    const indi = await faces.indi(works, {
      port: portFrom('NIGHTJAR_INDI_PORT', 7624),
      bind: process.env.NIGHTJAR_INDI_BIND ?? '127.0.0.1',
    });
    open.push(indi);
    works.host.connectAll();
    const host = bind === '0.0.0.0' || bind === '::' ? 'localhost' : bind;
    const url = `http://${host}:${http.port}`;
    await unit.notifier.ready(`serving at ${url}`);
    return { url, indiPort: indi.port, works, close };
  } catch (error) {
    await close();
    throw error;
  }
}
