/**
 * `ours-solve.ts TASKS.json`: files solved by our own solver in one warm process, one JSON line each: CPU from the file on
 * disk to its WCS.
 */
import { readFileSync } from 'node:fs';
import { openFits } from '../../src/imaging/fits-open.ts';
import type { SolveHints } from '../../src/solve/solution.ts';
import { solveImage } from '../../src/solve/solve-image.ts';
import { openSolver } from '../../src/solve/solver.ts';
import type { Answer } from './answer.ts';

export interface SolveTask {
  file: string;
  hints: SolveHints;
  /** Folder of stars.bin and quads.bin. */
  catalogue: string;
}

export interface SolveOutcome {
  answer?: Answer;
  /** What it says where it does not solve. */
  reason?: string;
  message?: string;
  stars: number;
  matched: number;
  logChance: number;
  /** From the file to its WCS. */
  cpuSeconds: number;
  wallSeconds: number;
}

const tasks = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SolveTask[];
const solvers = new Map<string, ReturnType<typeof openSolver>>();
for (const task of tasks.slice(0, 3)) await solve(task);
for (const task of tasks) process.stdout.write(`${JSON.stringify(await solve(task))}\n`);

async function solve({ file, hints, catalogue }: SolveTask): Promise<SolveOutcome> {
  const solver = solvers.get(catalogue) ?? openSolver({ directory: catalogue });
  solvers.set(catalogue, solver);
  const started = performance.now();
  const before = process.cpuUsage();
  const { solution } = solveImage(solver, await openFits(file), hints);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  const wallSeconds = (performance.now() - started) / 1000;
  if (!solution.solved) {
    const { reason, message, stars } = solution;
    return { reason, message, stars, matched: 0, logChance: 0, cpuSeconds, wallSeconds };
  }
  const { ra, dec, scale, rotation, parity, stars, matched, logChance } = solution;
  return { answer: { ra, dec, scale, rotation, parity }, stars, matched, logChance, cpuSeconds, wallSeconds };
}
