import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured } from './child.ts';

const LIMIT_SECONDS = 600;

/** Runs one of the `ours-….ts` in a process of its own; an answer a task, in their order, and its memory at most. */
export async function ours<Task, Outcome>(
  script: string,
  tasks: readonly Task[],
): Promise<{ outcomes: Outcome[]; peakMiB: number; cpuSeconds: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    const file = join(directory, 'tasks.json');
    writeFileSync(file, JSON.stringify(tasks));
    const took = await measured(process.execPath, [join(import.meta.dirname, script), file], {
      limitSeconds: LIMIT_SECONDS,
      showErrors: true,
    });
    if (took.code !== 0) throw new Error(`${script} ended with ${took.code}`);
    const outcomes = took.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Outcome);
    return { outcomes, peakMiB: took.peakMiB, cpuSeconds: took.cpuSeconds };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
