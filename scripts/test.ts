/** Runs every `*.test.ts` and closes with one line: `N passed, N failed, N skipped`. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const files = globSync('{src,drivers,web,hil,scripts,bench,image}/**/*.test.{ts,tsx}', { cwd: root })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

// A file that hangs shall cost a run neither its result nor its evening.
const options = ['--test', '--test-reporter=tap', '--test-concurrency=2', '--test-timeout=300000'];
const runner = spawn(process.execPath, [...options, ...files], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});

let passed = 0;
let failed = 0;
let skipped = 0;
let failing = false;
const context: string[] = [];
for await (const line of createInterface({ input: runner.stdout })) {
  const result = /^\s*(not ok|ok) \d+ - (.*)$/.exec(line);
  if (!result) {
    // What a failing test printed and threw stands below its line.
    if (failing && /^\s+(\.\.\.|---)$/.test(line) === false && context.length < 60) context.push(line);
    continue;
  }
  flush();
  const [, state, name = ''] = result;
  if (/# SKIP/.test(name)) {
    skipped++;
    console.log(`skipped: ${name.replace(/ # SKIP\s*/, ' — ')}`);
  } else if (state === 'ok') passed++;
  else {
    failed++;
    failing = true;
    context.push(`FAILED: ${name}`);
  }
}
flush();

function flush(): void {
  if (context.length > 0) console.log(context.splice(0).join('\n'));
  failing = false;
}

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
