import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';

/** More than any pipe takes at once. */
const LENGTH = 1_000_000;
const program = `
  import { printLine } from ${JSON.stringify(new URL('print.ts', import.meta.url).href)};
  await printLine('x'.repeat(${LENGTH}));
  process.exit(7);
`;
const printing = () => spawn(process.execPath, ['--input-type=module', '-e', program], { timeout: 10_000 });

test('all of a long line reaches a reader who takes his time, though the process ends at once', async () => {
  const child = printing();
  await systemClock.sleep(300);
  let length = 0;
  for await (const piece of child.stdout) length += (piece as Buffer).length;
  assert.equal(length, LENGTH + 1);
});

test('a reader who goes away gets no complaint', async () => {
  const child = printing();
  const code = new Promise((resolve) => child.on('close', resolve));
  let complaint = '';
  child.stderr.on('data', (piece: Buffer) => {
    complaint += piece.toString();
  });
  child.stdout.once('data', () => child.stdout.destroy());
  assert.deepEqual([await code, complaint], [7, '']);
});
