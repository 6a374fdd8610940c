/**
 * `ours-turns.ts TASKS.json`: how long the main thread is kept from its other work while the imaging thread solves one
 * frame after the other: CPU of the main thread between two turns of its loop, which spins. One JSON line a task.
 */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { startThread } from '../../src/core/thread.ts';
import { SolveWorker } from '../../src/solve/worker-client.ts';
import type { WorkerJobs } from '../../src/worker.ts';

export interface TurnsTask {
  /** Solved blind, over and over; none: an idle control. */
  files: string[];
  catalogue: string;
  seconds: number;
}

export interface TurnsOutcome {
  turns: number;
  /** CPU milliseconds of one turn, by a clock that ticks in milliseconds; and of the wall, which is never less. */
  p999: number;
  longest: number;
  wallP999: number;
  solved: number;
}

const MOST_TURNS = 20_000_000;
const entry = new URL('../../src/worker.ts', import.meta.url);
const tasks = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as TurnsTask[];
for (const task of tasks) process.stdout.write(`${JSON.stringify(await watched(task))}\n`);

async function watched({ files, catalogue, seconds }: TurnsTask): Promise<TurnsOutcome> {
  const thread = startThread<WorkerJobs>(entry, systemClock, { catalogue: { directory: catalogue } });
  const worker = new SolveWorker(thread, systemClock);
  if (files.length > 0) await worker.solve({ file: files[0]! }, { blind: true });
  const end = performance.now() + 1000 * seconds;
  let over = false;
  let solved = 0;
  const solving = (async () => {
    for (let i = 0; files.length > 0 && !over; i++) {
      const solution = await worker.solve({ file: files[i % files.length]! }, { blind: true });
      if (solution.solved) solved++;
    }
  })();
  const { cpu, wall } = await spin(end);
  over = true;
  await solving;
  await thread.close();
  const p999 = (times: Float64Array) => times[Math.floor(times.length * 0.999)]!;
  return { turns: cpu.length, p999: p999(cpu), longest: cpu.at(-1)!, wallP999: p999(wall), solved };
}

/** Milliseconds of each turn until then, sorted. */
function spin(end: number): Promise<{ cpu: Float64Array; wall: Float64Array }> {
  const cpu = new Float64Array(MOST_TURNS);
  const wall = new Float64Array(MOST_TURNS);
  let count = 0;
  let last = { cpu: cpuMs(), wall: performance.now() };
  return new Promise((resolve) => {
    const turn = () => {
      const now = { cpu: cpuMs(), wall: performance.now() };
      if (count < MOST_TURNS) {
        cpu[count] = now.cpu - last.cpu;
        wall[count++] = now.wall - last.wall;
      }
      last = now;
      if (now.wall < end) setImmediate(turn);
      else resolve({ cpu: cpu.slice(0, count).sort(), wall: wall.slice(0, count).sort() });
    };
    setImmediate(turn);
  });
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
