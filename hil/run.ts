import { appendFileSync, writeFileSync } from 'node:fs';
import { readOptions } from '../src/cli/options.ts';
import { systemClock } from '../src/core/clock.ts';
import { asError, BadInput } from '../src/core/errors.ts';
import { benchSuite } from './on-bench.ts';
import { conclude, junit, print, type Result, toLine } from './results.ts';
import { suites } from './suites/index.ts';
import type { Case, Form, Suite } from './suites/suite.ts';
import { insideSuites } from './vm/guest/index.ts';
import { runInVm } from './vm/run.ts';

/** Where suites run: here and in memory; in a VM made for it; on the unit itself, as in that VM. */
const benches: Readonly<Record<string, readonly Suite[]>> = {
  memory: suites,
  vm: insideSuites,
  inside: insideSuites,
};

/**
 * `nightjar hil --bench memory|vm|inside|FILE [--suite NAME] [--full] [--junit OUT.xml]`; exit 0 only if all passed.
 * FILE names real devices: `--moves` lets mounts and domes move, `--record DIR` writes down what is said on their lines.
 * `--lines FILE` tells each result to another program as it comes.
 */
export async function runSuites(args: string[]): Promise<number> {
  const { values, positionals } = readOptions(args, {
    bench: { type: 'string', default: 'memory' },
    suite: { type: 'string' },
    full: { type: 'boolean', default: false },
    junit: { type: 'string' },
    lines: { type: 'string' },
    record: { type: 'string' },
    moves: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) {
    throw new BadInput(`${positionals.join(' ')}: one suite alone is run by --suite ${positionals[0]}`);
  }
  const there = benches[values.bench] ?? [benchSuite(benchFile(values.bench), values)];
  const chosen = there.filter(({ name, alone }) =>
    values.suite === undefined ? !alone : name === values.suite,
  );
  if (chosen.length === 0) {
    throw new BadInput(`no suite "${values.suite}"; there are: ${there.map(({ name }) => name).join(' ')}`);
  }
  const form: Form = values.full ? 'full' : 'quick';
  const { lines } = values;
  const tell = lines === undefined ? undefined : (result: Result) => appendFileSync(lines, toLine(result));
  const results =
    values.bench === 'vm' ? await runInVm(form, values.suite) : await perform(chosen, form, tell);
  if (values.junit) writeFileSync(values.junit, junit(results));
  return conclude(results);
}

function benchFile(name: string): string {
  if (name.endsWith('.json')) return name;
  throw new BadInput(
    `--bench ${name}: there are ${Object.keys(benches).join(' ')}, and files of real devices`,
  );
}

async function perform(
  chosen: readonly Suite[],
  form: Form,
  tell: (result: Result) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (const suite of chosen) {
    console.log(`── ${suite.name} (${form})`);
    const began = systemClock.monotonic();
    for (const { name, run } of await casesOf(suite, form)) {
      const start = systemClock.monotonic();
      const result: Result = { suite: suite.name, name, seconds: 0 };
      try {
        const skipped = await inTime(run(), form);
        if (skipped !== undefined) result.skipped = skipped;
      } catch (thrown) {
        result.error = asError(thrown);
      }
      result.seconds = (systemClock.monotonic() - start) / 1000;
      results.push(result);
      print(result);
      tell(result);
    }
    console.log(`   ${suite.name}: ${((systemClock.monotonic() - began) / 1000).toFixed(1)} s`);
  }
  return results;
}

/** A stage that cannot be set is a case that fails. */
async function casesOf(suite: Suite, form: Form): Promise<Case[]> {
  try {
    return await suite.cases(form);
  } catch (thrown) {
    return [{ name: 'is set up', run: () => Promise.reject(thrown) }];
  }
}

/** A case that hangs must cost a run neither its result nor its evening. */
const LIMIT_SECONDS: Record<Form, number> = { quick: 180, full: 3600 };

async function inTime<T>(outcome: Promise<T>, form: Form): Promise<T> {
  const over = new AbortController();
  const limit = LIMIT_SECONDS[form];
  const late = systemClock.sleep(limit * 1000, over.signal).then(() => {
    throw new Error(`it has not ended within ${limit} s`);
  });
  // Whichever is second: the end of the sleep after an outcome, the outcome after the limit.
  late.catch(() => {});
  outcome.catch(() => {});
  try {
    return await Promise.race([outcome, late]);
  } finally {
    over.abort();
  }
}
