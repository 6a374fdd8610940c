import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';
import { childrenOf } from './process.ts';
import { pause, Tally } from './tally.ts';

/** A server under test, in processes of its own. */
export interface Peer {
  readonly name: 'nightjar' | 'indiserver';
  readonly port: number;
  readonly pid: number;
  /** What feeds it in other processes; ours has its devices in its own. */
  drivers(): number[];
  stop(): Promise<void>;
}

/** None of them outlives the run, however it ends. */
export const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const INDISERVER = '/usr/bin/indiserver';
export const SIMULATORS = ['ccd', 'telescope', 'focus', 'wheel'].map((name) => `indi_simulator_${name}`);

/** As `dist/nightjar` sets it. */
const YOUNG = '--min-semi-space-size=8';

let bundle: Promise<string> | undefined;

/** As the appliance runs: a bundle. Node's own reading of TypeScript would weigh 30 MiB. */
async function bundled(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const outfile = join(directory, 'server.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/**
 * Nightjar's INDI server (`bench/server.ts`) with in-memory devices.
 * @param driver an executable in their place
 */
export async function startNightjar(
  args: readonly string[] = [],
  driver?: { executable: string; environment?: Readonly<Record<string, string>> },
): Promise<Peer> {
  bundle ??= bundled();
  const home = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  const hosted = driver ? ['--driver', driver.executable, '--home', home] : [];
  const child = spawn(process.execPath, [YOUNG, await bundle, ...hosted, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...driver?.environment },
  });
  running.add(child);
  const line = await firstLine(child);
  return {
    name: 'nightjar',
    port: Number(line),
    pid: child.pid!,
    drivers: () => childrenOf(child.pid!),
    async stop() {
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Why there is nothing to compare with, or nothing. */
export function missingPeer(): string | undefined {
  const missing = [INDISERVER, ...SIMULATORS.map((name) => `/usr/bin/${name}`)].find(
    (path) => !existsSync(path),
  );
  return missing && `indiserver: skipped, ${missing} is not installed (Debian package indi-bin)`;
}

/** `bench/flood.c`, compiled for this run; undefined without a C compiler. */
export function compileFlood(directory: string): string | undefined {
  const file = join(directory, 'indi_bench_flood');
  try {
    execFileSync('cc', ['-O2', '-o', file, join(import.meta.dirname, 'flood.c')]);
    return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * indiserver and its drivers, without the right to set the system's clock (some drivers would) and with a home of
 * their own.
 */
export async function startIndiserver(
  drivers: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  const home = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  const port = await freePort();
  const noClock = ['--bounding-set', '-sys_time', '--inh-caps', '-sys_time', '--'];
  const unix = ['-u', join(home, 'indiserver')];
  const child = spawn(
    'setpriv',
    [...noClock, INDISERVER, '-m', '1024', '-p', String(port), ...unix, ...drivers],
    {
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin', HOME: home, TZ: 'UTC', LC_ALL: 'C', ...environment },
    },
  );
  running.add(child);
  await listening(port);
  return {
    name: 'indiserver',
    port,
    pid: child.pid!,
    drivers: () => childrenOf(child.pid!),
    async stop() {
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 2000);
  await gone;
  clearTimeout(late);
}

/** @throws Error when the process ends without one */
export async function firstLine(child: ChildProcess & { stdout: Readable }): Promise<string> {
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return line;
  throw new Error(`${child.spawnargs.join(' ')} ended before it was ready`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const client = await Tally.connect(port, '?').catch(() => undefined);
    if (client) return client.close();
    await pause(50);
  }
  throw new Error(`indiserver does not listen on port ${port}`);
}
