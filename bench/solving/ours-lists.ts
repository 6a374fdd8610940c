/** `ours-lists.ts TASKS.json`: invented and real star lists, solved blind; one JSON line a list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCatalogue } from '../../hil/sky/catalogue.ts';
import { openSolver } from '../../src/solve/solver.ts';
import { verdictOf } from './answer.ts';
import { type ListKind, makeList } from './star-lists.ts';

export interface ListsTask {
  first: number;
  count: number;
  /** Folder of stars.bin and quads.bin. */
  catalogue: string;
}

export interface ListOutcome {
  index: number;
  kind: ListKind;
  verdict: 'right' | 'wrong' | 'unsolved';
  strangers: number;
  real: number;
  /** Of a real field, degrees across. */
  across?: number;
  cpuMs: number;
}

const tasks = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as ListsTask[];
for (const { first, count, catalogue } of tasks) {
  const sky = openCatalogue(join(catalogue, 'stars.bin'));
  const solver = openSolver({ directory: catalogue });
  for (let index = first; index < first + count; index++) {
    const { kind, list, framing, strangers, real } = makeList(sky, index);
    const before = process.cpuUsage();
    const solution = solver.solve(list, {});
    const { user, system } = process.cpuUsage(before);
    const verdict = !solution.solved ? 'unsolved' : framing ? verdictOf(solution, framing) : 'wrong';
    const outcome: ListOutcome = {
      index,
      kind,
      verdict,
      strangers,
      real,
      ...(framing ? { across: (framing.width * framing.scale) / 3600 } : {}),
      cpuMs: (user + system) / 1e3,
    };
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
}
