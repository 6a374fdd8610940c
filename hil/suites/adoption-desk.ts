import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { when } from '../../src/core/cell.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { ContractSetting } from '../../src/device/contract.ts';
import { DeviceHost } from '../../src/device/host.ts';
import { createObservatory } from '../../src/device/observatory.ts';
import { adoptionDriver } from '../../src/indi/adopt/adopt.ts';
import type { ForeignDevice } from '../../src/indi/foreign/device.ts';
import { Programs } from '../../src/indi/foreign/programs.ts';
import { Router } from '../../src/indi/router.ts';
import { emulatorOf } from '../emulators/index.ts';
import { serveTcp } from '../emulators/serve.ts';
import { darkroomInline } from '../rig-in-memory.ts';
import { createWorld } from '../sky/world.ts';
import { standInScript } from './stand-ins.ts';
import { present } from './tools.ts';

/** A simulator of Debian's indi-bin, a driver of it before one of our emulators, or a stand-in of ours. */
export type Subject =
  | { simulator: string }
  | { driver: string; emulator: string }
  | { standIn: string; args: readonly string[] };

export interface Adopted extends ContractSetting {
  foreign: ForeignDevice;
}

const SITE = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };
/** They report once a second by themselves. */
const POLLING_MS = 50;

export function labelOf(subject: Subject): string {
  if ('simulator' in subject) return subject.simulator;
  return 'driver' in subject ? subject.driver : [subject.standIn, ...subject.args].join(' ');
}

/** Why it cannot be run here. */
export function missing(subject: Subject): string | undefined {
  if ('standIn' in subject) return undefined;
  return present(labelOf(subject)) ? undefined : 'indi-bin is not installed';
}

/** Runs the program as a child, connects its one device, and ends it again whatever comes. */
export async function adopted<T>(subject: Subject, body: (adopted: Adopted) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'nightjar-adoption-'));
  const clock = systemClock;
  const observatory = createObservatory(SITE);
  observatory.offerTime('gps');
  const host = new DeviceHost({ clock, observatory, darkroom: darkroomInline, log: silentLog });
  const parts = {
    router: new Router(clock),
    host,
    clock,
    log: silentLog,
    directory,
    driverOf: adoptionDriver,
  };
  const programs = new Programs(parts);
  const emulator = 'driver' in subject ? await emulated(subject.emulator) : undefined;
  try {
    programs.add({ id: 'subject', executable: executableOf(subject, directory) });
    const late = new AbortController();
    const cancel = clock.after(10_000, () => late.abort(new Error('the program defines no device')));
    const [foreign] = await when(programs.devices, (devices) => devices.length > 0, late.signal);
    const [device] = host.devices.value;
    if (!foreign || !device) throw new Error('the program has brought no device');
    await when(foreign.settled, Boolean, late.signal).finally(cancel);
    hurry(foreign);
    if (emulator) device.change({ port: `127.0.0.1:${emulator.port}` });
    await device.connect();
    return await body({ device, foreign, clock, observatory });
  } finally {
    await programs.close();
    await host.close();
    await emulator?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Served over TCP; slews are five times as fast as at the telescope. */
function emulated(name: string) {
  const family = emulatorOf(name);
  if (family?.kind !== 'stream') throw new Error(`there is no emulator ${name}`);
  const world = createWorld({ clock: systemClock, site: SITE });
  return serveTcp(family.create({ clock: systemClock, world, options: { slewRate: 15 } }), 0);
}

function hurry(foreign: ForeignDevice): void {
  if (!foreign.property('POLLING_PERIOD')) return;
  const elements = [{ name: 'PERIOD_MS', value: POLLING_MS }];
  foreign.send({ type: 'new', kind: 'number', device: foreign.device, name: 'POLLING_PERIOD', elements });
}

const executableOf = (subject: Subject, directory: string): string =>
  'standIn' in subject ? standInScript(directory, subject.standIn, subject.args) : labelOf(subject);
