import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';

/** A process of our own, of the same source or bundle that runs this suite. */
export interface Child {
  /** What it has printed. */
  output(): string;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  readonly isOver: () => boolean;
}

export function startNightjar(args: readonly string[], environment: Record<string, string> = {}): Child {
  const entry = process.argv[1] as string;
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, NIGHTJAR_LOG: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gather = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  // A case that fails leaves its process behind no longer than the suite runs.
  const reap = () => void child.kill('SIGKILL');
  process.on('exit', reap);
  let over = false;
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      over = true;
      process.off('exit', reap);
      resolve({ code, signal });
    });
  });
  return { output: () => output, kill: (signal) => child.kill(signal), ended, isOver: () => over };
}

export interface ServingChild extends Child {
  readonly url: string;
  /** From nothing to the first answer. */
  readonly startMs: number;
}

const START_MS = 20_000;

/** `nightjar serve` on free ports, its devices connected. */
export async function serveBench(
  bench: string,
  data: string,
  devices: readonly string[],
): Promise<ServingChild> {
  const start = systemClock.monotonic();
  const child = startNightjar(['serve', '--bench', bench], {
    NIGHTJAR_DATA: data,
    NIGHTJAR_HTTP_PORT: '0',
    NIGHTJAR_INDI_PORT: '0',
  });
  const url = await until('an address', child, () => /Nightjar: (http\S+)/.exec(child.output())?.[1]);
  const startMs = systemClock.monotonic() - start;
  for (const device of devices) {
    await until(`${device} connected`, child, async () => {
      const { status } = await ask<{ status: { state: string } }>(`${url}/api/v1/devices/${device}`);
      return status.state === 'connected' || undefined;
    });
  }
  return { ...child, url, startMs };
}

async function until<T>(
  what: string,
  child: Child,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = systemClock.monotonic() + START_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (child.isOver() || systemClock.monotonic() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`no ${what}; the process said: ${child.output().slice(-2000)}`);
    }
    await systemClock.sleep(5);
  }
}

/** @throws for an answer that is no success */
export async function ask<T>(url: string, body?: object): Promise<T> {
  const post = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const reply = await fetch(url, post);
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** A directory for one case; it stays where the case fails, to be looked at. */
export async function inScratch(name: string, body: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), `nightjar-${name}-`));
  try {
    await body(directory);
  } catch (thrown) {
    throw new Error(`${(thrown as Error).message} (see ${directory})`, { cause: thrown });
  }
  rmSync(directory, { recursive: true });
}

export function writeJson(directory: string, name: string, content: unknown): string {
  const file = join(directory, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}
