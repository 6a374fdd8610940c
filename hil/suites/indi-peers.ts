import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { Tap } from './indi-tap.ts';

/** A server under test, and what its devices are called. */
export interface Peer {
  readonly name: 'Nightjar' | 'indiserver';
  readonly port: number;
  readonly pid: number;
  /** Bytes behind which it drops a client. */
  readonly limitBytes: number;
  readonly mount: string;
  readonly camera: string;
  readonly focuser: string;
  readonly wheel: string;
  /** A new client; hung up after the case. */
  tap(): Promise<Tap>;
  /** A new client that knows all there is, or all of one device. */
  learnt(device?: string): Promise<Tap>;
  hangUp(): void;
  close(): Promise<void>;
}

export const START_MS = 20_000;
const SETTLED_MS = 150;
export const SIMULATORS = {
  mount: 'Telescope Simulator',
  camera: 'CCD Simulator',
  focuser: 'Focuser Simulator',
  wheel: 'Filter Simulator',
};
/** Every device connected, the mount unparked, and small pictures. */
export async function prepare(peer: Peer): Promise<void> {
  const tap = await peer.tap();
  tap.getProperties();
  await connectDevice(tap, peer.mount, 'TELESCOPE_TIMED_GUIDE_NS');
  await connectDevice(tap, peer.camera, 'CCD_EXPOSURE');
  await connectDevice(tap, peer.focuser, 'ABS_FOCUS_POSITION');
  await connectDevice(tap, peer.wheel, 'FILTER_NAME');
  await settled(tap);
  tap.set('Switch', peer.mount, 'TELESCOPE_PARK', { UNPARK: true });
  // The simulator looks at its exposure no more often than this.
  if (tap.latest(peer.camera, 'SIMULATOR_SETTINGS'))
    tap.set('Number', peer.camera, 'POLLING_PERIOD', { PERIOD_MS: 50 });
  tap.set('Number', peer.camera, 'CCD_FRAME', { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 });
  await settled(tap);
  tap.close();
}

/** @param property one that is defined when the device is connected */
export async function connectDevice(tap: Tap, device: string, property: string): Promise<void> {
  await tap.next({ verb: 'def', device, name: 'CONNECTION' }, 0, START_MS);
  tap.set('Switch', device, 'CONNECTION', { CONNECT: true });
  await tap.next({ verb: 'def', device, name: property }, 0, START_MS);
}

/** Until the server has answered and nothing new has been defined for a while. */
export async function settled(tap: Tap): Promise<void> {
  await tap.ping();
  for (let known = -1; known !== tap.all({ verb: 'def' }).length; ) {
    known = tap.all({ verb: 'def' }).length;
    await systemClock.sleep(SETTLED_MS);
  }
}

/** File descriptors that a process has open. */
export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** UNIX sockets at which a process listens (proc(5), /proc/net/unix). */
export function unixDoors(pid: number): string[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)));
  const rows = readFileSync('/proc/net/unix', 'latin1').split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, , , flags = '', , , inode, path = ''] = row.trim().split(/\s+/);
    return Number.parseInt(flags, 16) & 0x1_0000 && own.has(`socket:[${inode}]`) ? [path] : [];
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the listing.
    return '';
  }
}

/** The process of an executable whose parent is another. */
export function childOf(parent: number, executable: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      return status.includes(`PPid:\t${parent}\n`) && command[0]?.endsWith(executable);
    } catch {
      // It has ended since the listing.
      return false;
    }
  });
  if (!found) throw new Error(`${parent} has no ${executable}`);
  return Number(found);
}

/** How clients come to a port. */
export function lines(port: number): Pick<Peer, 'tap' | 'learnt' | 'hangUp'> {
  const open = new Set<Tap>();
  const tap = async () => {
    const made = await Tap.open({ port });
    open.add(made);
    return made;
  };
  return {
    tap,
    async learnt(device) {
      const made = await tap();
      made.getProperties(device);
      await made.next({ verb: 'def' }, 0);
      await settled(made);
      return made;
    },
    hangUp() {
      for (const each of open) each.close();
      open.clear();
    },
  };
}
