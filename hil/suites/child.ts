import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';

/** The appliance as a process of its own, as `nightjar serve` starts it: from the bundle or from source alike. */
export interface Appliance {
  url: string;
  indiPort: number;
  /** NIGHTJAR_DATA. */
  directory: string;
  /** What it has written to stderr. */
  complaints(): string;
  /** SIGTERM. @returns the exit code, or the name of the signal it died of */
  stop(): Promise<number | string>;
  /** Ends it if it still runs, and deletes its data. */
  discard(): void;
}

const START_MS = 20_000;
const STOP_MS = 10_000;

/** @param bench the bench file, as data */
export async function startAppliance(bench: object): Promise<Appliance> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-clients-'));
  const file = join(directory, 'bench.json');
  writeFileSync(file, JSON.stringify(bench));
  const child = spawn(process.execPath, [process.argv[1] as string, 'serve', '--bench', file], {
    env: {
      ...process.env,
      NIGHTJAR_DATA: join(directory, 'data'),
      NIGHTJAR_HTTP_PORT: '0',
      NIGHTJAR_INDI_PORT: '0',
      NIGHTJAR_LOG: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => {
    complaints = (complaints + text.toString()).slice(-20_000);
  });
  const discard = () => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', discard);
  const ready = new Promise<{ url: string; indiPort: number }>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-20_000);
      const [, url, port] = /^Nightjar: (\S+) \(INDI on port (\d+)\)$/m.exec(said) ?? [];
      if (url && port) resolve({ url, indiPort: Number(port) });
    });
    child.once('exit', (code) =>
      reject(new Error(`nightjar serve ended with ${code}: ${complaints || said}`)),
    );
    systemClock.after(START_MS, () => reject(new Error(`nightjar serve says nothing in ${START_MS} ms`)));
  });
  try {
    return {
      ...(await ready),
      directory: join(directory, 'data'),
      complaints: () => complaints,
      stop: () => stop(child),
      discard() {
        process.off('exit', discard);
        discard();
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

async function stop(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = systemClock.after(STOP_MS, () => child.kill('SIGKILL'));
  const [code, signal] = (await gone) as [number | null, string | null];
  late();
  return code ?? signal ?? 'unknown';
}
