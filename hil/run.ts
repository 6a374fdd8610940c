import { writeFileSync } from 'node:fs';
import { readOptions } from '../src/cli/options.ts';
import { systemClock } from '../src/core/clock.ts';
import { asError, BadInput } from '../src/core/errors.ts';
import { suites } from './suites/index.ts';
import type { Form } from './suites/suite.ts';

interface Result {
  suite: string;
  name: string;
  seconds: number;
  skipped?: string;
  error?: Error;
}

/** `nightjar hil --bench memory [--suite NAME] [--full] [--junit OUT.xml]`; exit 0 only if all passed. */
export async function runSuites(args: string[]): Promise<number> {
  const { values, positionals } = readOptions(args, {
    bench: { type: 'string', default: 'memory' },
    suite: { type: 'string' },
    full: { type: 'boolean', default: false },
    junit: { type: 'string' },
  });
  if (positionals.length > 0) {
    throw new BadInput(`${positionals.join(' ')}: one suite alone is run by --suite ${positionals[0]}`);
  }
  if (values.bench !== 'memory') throw new BadInput(`--bench ${values.bench}: only "memory" is there yet`);
  const chosen = suites.filter(({ name }) => values.suite === undefined || name === values.suite);
  if (chosen.length === 0) {
    throw new BadInput(`no suite "${values.suite}"; there are: ${suites.map(({ name }) => name).join(' ')}`);
  }
  const form: Form = values.full ? 'full' : 'quick';
  const results: Result[] = [];
  for (const suite of chosen) {
    console.log(`── ${suite.name} (${form})`);
    const began = systemClock.monotonic();
    for (const { name, run } of await suite.cases(form)) {
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
    }
    console.log(`   ${suite.name}: ${((systemClock.monotonic() - began) / 1000).toFixed(1)} s`);
  }
  if (values.junit) writeFileSync(values.junit, junit(results));
  const failed = results.filter(({ error }) => error).length;
  const skipped = results.filter((result) => result.skipped !== undefined).length;
  console.log(`${results.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && results.length > skipped ? 0 : 1;
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

function print({ name, seconds, skipped, error }: Result): void {
  const mark = error ? '✖' : skipped !== undefined ? '–' : '✔';
  const time = seconds >= 0.1 ? ` (${seconds.toFixed(1)} s)` : '';
  console.log(`   ${mark} ${name}${skipped === undefined ? time : `: skipped, ${skipped}`}`);
  if (error) console.log(`${error.stack ?? error.message}`.replace(/^/gm, '       '));
}

function junit(results: readonly Result[]): string {
  const inXml = (text: string) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const cases = results.map(({ suite, name, seconds, skipped, error }) => {
    const inner = error
      ? `<failure message="${inXml(error.message)}">${inXml(error.stack ?? '')}</failure>`
      : skipped !== undefined
        ? `<skipped message="${inXml(skipped)}"/>`
        : '';
    return `  <testcase classname="${inXml(suite)}" name="${inXml(name)}" time="${seconds.toFixed(3)}">${inner}</testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="nightjar" tests="${results.length}">\n${cases.join('\n')}\n</testsuite>\n`;
}
