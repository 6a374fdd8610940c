import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assets, pathOf } from '../../../src/assets.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Suite } from '../../suites/suite.ts';
import { tool } from '../../suites/tools.ts';
import { said, shown } from './unit.ts';

const FOLDER = '/data/hil-night';
const FROM = '2026-01-15T22:00:00Z';
/** Of the whole night's frames those that a quick run waits for; memory is at its height after a few. */
const FRAMES_A_SET = 4;

/** A night on simulated time in a process of its own, beside the service: both have to fit. */
export const night: Suite = {
  name: 'night',
  cases: (form) => [
    shown('memory in a simulated night beside the service, of 512 MB', () => simulated(form === 'quick')),
  ],
};

async function simulated(short: boolean): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const plan = JSON.parse(readFileSync(new URL('night-plan.json', assets.benches), 'utf8')) as Plan;
  if (short) plan.sets = plan.sets.map((set) => ({ ...set, count: FRAMES_A_SET }));
  const file = join(FOLDER, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  const bench = pathOf(new URL('night.json', assets.benches));
  const words = [
    'night',
    file,
    '--bench',
    bench,
    '--from',
    FROM,
    '--out',
    join(FOLDER, 'out'),
    '--gap',
    '60',
  ];
  const { code, stdout, stderr } = await tool(
    'systemd-run',
    // As fenced as the service: what it needs it has to find within the same bounds.
    [
      '--wait',
      '--pipe',
      '--collect',
      '-E',
      'NIGHTJAR_LOG=error',
      '-p',
      'MemoryMax=90%',
      process.execPath,
      process.argv[1] ?? '',
      ...words,
    ],
    { timeoutMs: 3_000_000 },
  );
  assert.equal(code, 0, `${stdout.slice(-1000)}\n${stderr.slice(-1000)}`);
  const report = JSON.parse(readFileSync(join(FOLDER, 'out/night.json'), 'utf8')) as {
    frames: unknown[];
    complete: boolean;
  };
  rmSync(FOLDER, { recursive: true });
  assert.ok(report.complete, 'the night was not complete');
  const peak = /Memory peak: (\S+)/.exec(stderr)?.[1] ?? 'unknown';
  const killed = Number((await said('sh', '-c', 'dmesg | grep -c "Out of memory" || true')).trim());
  const service = Number((await said('systemctl', 'show', 'nightjar', '-p', 'MemoryPeak', '--value')).trim());
  console.log(
    `     ${report.frames.length} frames: ${peak} at most; the service beside it ${Math.round(service / 2 ** 20)} MB at most`,
  );
  assert.equal(killed, 0, 'something was killed for memory');
}
