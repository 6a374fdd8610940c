import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { serveBench, writeJson } from './appliance.ts';
import { lines, type Peer, prepare, SIMULATORS, START_MS } from './indi-peers.ts';

export interface IndiServer extends Peer {
  readonly home: string;
  readonly unixSocket: string;
  /** What it has printed. */
  output(): string;
}

const OURS = {
  mount: 'Test Mount',
  camera: 'Test Camera',
  focuser: 'Test Focuser',
  wheel: 'Test Wheel',
};
const bench = {
  name: 'indi',
  clock: 'trusted',
  site: { latitude: 50, longitude: -10, elevationMetres: 100 },
  filters: ['L', 'R', 'G', 'B', 'Ha'],
  world: { seed: 3, main: { sensor: { width: 1280, height: 1024 } } },
  devices: [
    { id: 'mount', label: OURS.mount, driver: 'onstep', role: ['mount', 'guider'] },
    { id: 'camera', label: OURS.camera, driver: 'alpaca-camera', role: ['camera'] },
    { id: 'focuser', label: OURS.focuser, driver: 'moonlite', role: ['focuser'] },
    { id: 'wheel', label: OURS.wheel, driver: 'xagyl', role: ['wheel'] },
  ],
};

/** The appliance, a process of its own, its devices emulated. */
export const startOurs = (): Promise<Peer> => startAppliance(bench, OURS);

/** The appliance with indiserver's simulators as its programs. */
export const startHost = (): Promise<Peer> =>
  startAppliance(
    {
      ...bench,
      devices: [],
      programs: Object.entries(simulators).map(([id, executable]) => ({ id, executable })),
    },
    SIMULATORS,
  );

async function startAppliance(content: object, names: typeof OURS): Promise<Peer> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-indi-'));
  const file = writeJson(directory, 'bench.json', content);
  const ids = names === OURS ? bench.devices.map(({ id }) => id) : [];
  const child = await serveBench(file, join(directory, 'data'), ids);
  const port = Number(/INDI on port (\d+)/.exec(child.output())?.[1]);
  const peer: Peer = {
    ...{ name: 'Nightjar', port, pid: pidOf(file), limitBytes: 128 << 20, ...names },
    ...lines(port),
    async close() {
      peer.hangUp();
      child.kill('SIGTERM');
      await child.ended;
      rmSync(directory, { recursive: true });
    },
  };
  await prepare(peer);
  return peer;
}

export const simulators = {
  mount: 'indi_simulator_telescope',
  camera: 'indi_simulator_ccd',
  focuser: 'indi_simulator_focus',
  wheel: 'indi_simulator_wheel',
} as const;

/** Who could set the clock may not: some drivers would. */
const withoutClock: readonly [string, ...string[]] =
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-sys_time', '--inh-caps', '-sys_time', '--']
    : ['env'];

/** Debian's indiserver with its simulators, with a home of its own. */
export async function startIndiServer(
  drivers: readonly string[] = Object.values(simulators),
  args: readonly string[] = [],
): Promise<IndiServer> {
  const home = mkdtempSync(join(tmpdir(), 'nightjar-indiserver-'));
  const port = await freePort();
  const unixSocket = `nightjar-${port}`;
  const limits = ['-p', String(port), '-u', unixSocket, '-m', '10'];
  const child = spawn(
    withoutClock[0],
    [...withoutClock.slice(1), 'indiserver', ...limits, ...args, ...drivers],
    {
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, TZ: 'UTC', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const gather = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-100_000);
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  const reap = () => void child.kill('SIGKILL');
  process.on('exit', reap);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const peer: IndiServer = {
    ...{ name: 'indiserver', port, pid: child.pid ?? 0, limitBytes: 10 << 20, ...SIMULATORS },
    ...{ home, unixSocket, output: () => output },
    ...lines(port),
    async close() {
      peer.hangUp();
      // It ends its drivers with itself: they read the end of their input.
      child.kill('SIGTERM');
      await ended;
      process.off('exit', reap);
      await systemClock.sleep(100);
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  const deadline = systemClock.monotonic() + START_MS;
  for (;;) {
    const reached = await peer.tap().catch(() => undefined);
    reached?.close();
    if (reached) break;
    if (systemClock.monotonic() > deadline) {
      await peer.close();
      throw new Error(`indiserver does not listen: ${output.slice(-500)}`);
    }
    await systemClock.sleep(50);
  }
  return peer;
}

/** The process that was given a file as its argument. */
function pidOf(argument: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(argument);
    } catch {
      // It has ended since the listing.
      return false;
    }
  });
  if (!found) throw new Error(`no process was started with ${argument}`);
  return Number(found);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
