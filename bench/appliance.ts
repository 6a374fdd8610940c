import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { firstLine, running } from './peers.ts';
import { usageOf } from './process.ts';
import { pause } from './tally.ts';

const root = join(import.meta.dirname, '..');
export const program = join(root, 'dist/nightjar');
const IDLE_MS = 10_000;
const EXPOSING_MS = 20_000;

/** The bundle with its emulated rig, all in one process: what a unit uses that does nothing, and one that exposes. */
export async function appliance(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  const started = performance.now();
  const child = spawn(program, ['serve', '--demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NIGHTJAR_DATA: directory,
      NIGHTJAR_HTTP_PORT: '0',
      NIGHTJAR_INDI_PORT: '0',
      NIGHTJAR_LOG: 'error',
    },
  });
  running.add(child);
  const line = await firstLine(child);
  const startSeconds = (performance.now() - started) / 1000;
  const url = /http:\S+/.exec(line)?.[0];
  if (!url || child.pid === undefined) throw new Error(`no address in "${line}"`);
  await pause(IDLE_MS / 2);
  const half = usageOf(child.pid);
  await pause(IDLE_MS / 2);
  const idle = usageOf(child.pid);
  const { frames, most } = await expose(url, child.pid);
  const busy = usageOf(child.pid);
  child.kill('SIGTERM');
  await once(child, 'exit');
  running.delete(child);
  rmSync(directory, { recursive: true, force: true });
  const note = 'rig and sky are emulated in the same process';
  return [
    { measure: 'start to the first line', unit: 's', nightjar: startSeconds },
    { measure: 'resident, idle', unit: 'MiB', nightjar: idle.residentMiB, note },
    {
      measure: 'CPU, idle',
      unit: '%',
      nightjar: percent(idle.cpuSeconds - half.cpuSeconds, IDLE_MS / 2),
      note,
    },
    { measure: 'resident at most, exposing 1 s after 1 s', unit: 'MiB', nightjar: most, note },
    {
      measure: 'CPU, exposing 1 s after 1 s',
      unit: '%',
      nightjar: percent(busy.cpuSeconds - idle.cpuSeconds, EXPOSING_MS),
      note: `${frames} frames in ${EXPOSING_MS / 1000} s, drawn, stored and entered in the ledger`,
    },
  ];
}

async function expose(url: string, pid: number): Promise<{ frames: number; most: number }> {
  let frames = 0;
  let most = 0;
  const end = performance.now() + EXPOSING_MS;
  const watch = setInterval(() => {
    most = Math.max(most, usageOf(pid).residentMiB);
  }, 250);
  try {
    while (performance.now() < end) {
      const answer = await fetch(`${url}/api/v1/devices/camera/camera/expose?wait=30`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ seconds: 1, type: 'light' }),
      });
      if (!answer.ok) throw new Error(`exposure: ${answer.status} ${await answer.text()}`);
      frames++;
    }
  } finally {
    clearInterval(watch);
  }
  return { frames, most };
}

const percent = (cpuSeconds: number, milliseconds: number): number => (cpuSeconds / milliseconds) * 1e5;

/** A whole night on simulated time. */
export async function night(): Promise<Figure[]> {
  const plan = join(root, 'hil/benches/night-plan.json');
  const bench = join(root, 'hil/benches/night.json');
  if (!existsSync(plan) || !existsSync(bench)) return [];
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  const args = ['night', plan, '--bench', bench, '--from', '2026-01-15T20:00:00Z', '--out', directory];
  const started = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NIGHTJAR_LOG: 'error' },
  });
  running.add(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'exit');
  running.delete(child);
  const wall = (performance.now() - started) / 1000;
  rmSync(directory, { recursive: true, force: true });
  const report = JSON.parse(text.trim().split('\n').at(-1) ?? '{}');
  const note = `${(report.simulatedSeconds / 3600).toFixed(2)} h simulated, ${code === 0 ? 'complete' : report.problem}`;
  return [
    { measure: 'simulated night, wall', unit: 's', nightjar: wall, note },
    { measure: 'simulated night, CPU', unit: 's', nightjar: report.cpuSeconds },
  ];
}
