import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { running } from '../peers.ts';

/** What a command took, with every process that it started and waited for. */
export interface Took {
  /** Exit code; null when it was killed for its time. */
  code: number | null;
  wallSeconds: number;
  cpuSeconds: number;
  /** Of the largest process. */
  peakMiB: number;
  stdout: string;
}

const PYTHON = '/usr/bin/python3';

/** A command that takes longer is killed with its children. */
export async function measured(
  command: string,
  args: readonly string[],
  options: {
    /** Of the wall. */
    limitSeconds: number;
    /** Of CPU, for each process by itself; default no less than the wall's. */
    cpuLimitSeconds?: number;
    directory?: string;
    environment?: Readonly<Record<string, string>>;
    /** Otherwise what it says on standard error is dropped. */
    showErrors?: boolean;
  },
): Promise<Took> {
  const script = join(import.meta.dirname, 'measure.py');
  const { limitSeconds, cpuLimitSeconds = 8 * limitSeconds } = options;
  const limits = [String(limitSeconds), String(Math.ceil(cpuLimitSeconds))];
  const child = spawn(PYTHON, [script, ...limits, command, ...args], {
    cwd: options.directory,
    env: { PATH: '/usr/bin:/bin', HOME: options.directory ?? '/', LC_ALL: 'C', ...options.environment },
    stdio: ['ignore', 'pipe', options.showErrors ? 'inherit' : 'ignore', 'pipe'],
  });
  running.add(child);
  const texts = [child.stdio[1], child.stdio[3]].map((stream) => textOf(stream as Readable));
  await once(child, 'close');
  running.delete(child);
  const [stdout, line] = await Promise.all(texts as [Promise<string>, Promise<string>]);
  if (!line.startsWith('{')) throw new Error(`${command} could not be started`);
  const took = JSON.parse(line) as { code: number | null; wall: number; cpu: number; peakKib: number };
  return {
    code: took.code,
    wallSeconds: took.wall,
    cpuSeconds: took.cpu,
    peakMiB: took.peakKib / 1024,
    stdout,
  };
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
