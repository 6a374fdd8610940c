/** `ours-rigs.ts TASKS.json`: star lists solved hinted, blind, and hinted with a deeper catalogue; a JSON line each. */
import { readFileSync } from 'node:fs';
import type { Solution, StarList } from '../../src/solve/solution.ts';
import { openSolver } from '../../src/solve/solver.ts';
import { type Verdict, verdictOf } from './answer.ts';
import type { Framing } from './camera.ts';
import { hintsFor } from './hints.ts';

export interface RigTask {
  name: string;
  framing: Framing;
  list: StarList;
  catalogue: string;
  deeper: string;
  /** A hinted solve is trusted so far, degrees. */
  trusted: number;
}

export interface RigOutcome {
  near: Verdict;
  blind: Verdict;
  deeper: Verdict;
}

const tasks = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as RigTask[];
const [{ catalogue, deeper }] = tasks as [RigTask];
const usual = openSolver({ directory: catalogue });
const deep = openSolver({ directory: catalogue, deeper });
for (const { framing, list, trusted } of tasks) {
  const told = (solution: Solution) => verdictOf(solution.solved ? solution : undefined, framing);
  const outcome: RigOutcome = {
    near: told(usual.solve(list, hintsFor(framing, 'near', trusted))),
    blind: told(usual.solve(list, {})),
    deeper: told(deep.solve(list, hintsFor(framing, 'near', trusted))),
  };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
