import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assets, pathOf } from '../../src/assets.ts';
import { isoUtc, systemClock } from '../../src/core/clock.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { chance } from '../sky/random.ts';
import { type Child, inScratch, startNightjar, writeJson } from './appliance.ts';
import { filesIn, lookAt, matches, sighted, soundFile } from './on-disk.ts';
import type { Case, Suite } from './suite.ts';

const SEED = 45;
const FROM = '2026-01-15T22:00:00Z';
const GAP_SECONDS = 60;
/** Of processor time, for 120 exposures on one core of a small board's four. */
const CPU_LIMIT_SECONDS = 60;
const SIGHT_MS = 1000;

/** Whole nights on simulated time, through the real drivers, in a process of their own. */
export const nights: Suite = {
  name: 'nights',
  cases(form) {
    const kills = form === 'full' ? 20 : 3;
    // The short night has the first fault only, and ends before the others.
    const short = form === 'full' ? undefined : 8;
    const cases: [string, (directory: string) => Promise<void>][] = [
      [
        '120 exposures, a garbled mount, a focuser without its cable and a camera that hangs: ends parked',
        faulty,
      ],
      [`killed ${kills} times: takes what is missing, nothing twice`, (at) => killed(at, kills, short)],
      ['the same night twice gives the same frames', (at) => twice(at, short)],
    ];
    return cases.map(
      ([name, run]): Case => ({ name, run: async () => void (await inScratch('night', run)) }),
    );
  },
};

interface Report {
  complete: boolean;
  mount: string;
  sets: Record<string, { wanted: number; stored: number }>;
  events: { utc: string; note: string }[];
  steps: { utc: string; step: string; seconds: number; fault?: string }[];
  frames: { utc: string; set: string; id: string; file: string }[];
}

const benchFile = pathOf(new URL('night.json', assets.benches));
const planOf = (): Plan =>
  JSON.parse(readFileSync(new URL('night-plan.json', assets.benches), 'utf8')) as Plan;

/** @param count of each set, in place of the plan's own */
function writePlan(directory: string, count: number | undefined): { plan: Plan; file: string } {
  const plan = planOf();
  if (count !== undefined) plan.sets = plan.sets.map((set) => ({ ...set, count }));
  return { plan, file: writeJson(directory, 'plan.json', plan) };
}

const startNight = (plan: string, out: string): Child =>
  startNightjar(
    ['night', plan, '--bench', benchFile, '--from', FROM, '--out', out, '--gap', String(GAP_SECONDS)],
    { NIGHTJAR_LOG: 'error' },
  );

async function finish(child: Child, out: string): Promise<Report> {
  const { code } = await child.ended;
  assert.equal(code, 0, `the night ended with ${code}: ${child.output().slice(-2000)}`);
  return JSON.parse(readFileSync(join(out, 'night.json'), 'utf8')) as Report;
}

async function faulty(directory: string): Promise<void> {
  const { plan, file } = writePlan(directory, undefined);
  const out = join(directory, 'out');
  const start = systemClock.monotonic();
  const child = startNight(file, out);
  const report = await finish(child, out);
  const wall = (systemClock.monotonic() - start) / 1000;
  everyFrameOnce(plan, out, report);
  const told = (what: RegExp) => report.events.some(({ note }) => what.test(note));
  const failed = (what: RegExp) => report.steps.some(({ step, fault }) => fault && what.test(step));
  assert.ok(told(/^mount: garble/) && failed(/^slew/), 'the garbled mount was not met');
  assert.ok(told(/^focuser: lost/) && failed(/^focus/), 'the cable of the focuser was not missed');
  assert.ok(told(/^camera: lost/) && failed(/^expose/), 'the camera did not hang');
  const { cpuSeconds, simulatedSeconds } = JSON.parse(child.output().trim().split('\n').at(-1) as string);
  const hours = (simulatedSeconds / 3600).toFixed(1);
  console.log(
    `     ${report.frames.length} frames, ${hours} h in ${wall.toFixed(1)} s wall, ${cpuSeconds} s CPU`,
  );
  assert.ok(cpuSeconds < CPU_LIMIT_SECONDS, `the night took ${cpuSeconds} s of the processor`);
}

/** Kills at random numbers of frames, and some while it starts. */
async function killed(directory: string, times: number, count: number | undefined): Promise<void> {
  const random = chance(SEED);
  const { plan, file } = writePlan(directory, count);
  const wanted = plan.sets.reduce((sum, set) => sum + set.count, 0);
  const moments = Array.from({ length: times }, () => Math.floor(random() * (wanted - 4)));
  const out = join(directory, 'out');
  let adopted = 0;
  let temporary = 0;
  for (const [index, frames] of moments.sort((a, b) => a - b).entries()) {
    const child = startNight(file, out);
    await strike(child, out, frames, index, random);
    assert.ok(!child.isOver(), `the night ended by itself: ${child.output().slice(-2000)}`);
    child.kill('SIGKILL');
    await child.ended;
    const found = lookAt(out);
    adopted += found.finished.length - found.rows.length;
    temporary += found.temporary.length;
  }
  const report = await finish(startNight(file, out), out);
  everyFrameOnce(plan, out, report);
  const starts = report.events.filter(({ note }) => note === 'started again').length;
  assert.ok(starts > times / 2, `the report knows of ${starts} starts only`);
  console.log(
    `     ${times} kills at ${moments.join(' ')} frames: rows adopted ${adopted}, temporaries deleted ${temporary}`,
  );
}

/** The moment of a kill: every fifth while it starts, two of five while a frame is stored, the others any time. */
async function strike(
  child: Child,
  out: string,
  frames: number,
  index: number,
  random: () => number,
): Promise<void> {
  if (index % 5 === 4) return systemClock.sleep(random() * 900);
  while (!child.isOver() && filesIn(out).finished.length < frames) await systemClock.sleep(4);
  if (index % 5 < 2) await sighted(out, (name) => name.endsWith(index % 5 ? '.part' : '.fits'), SIGHT_MS);
  else await systemClock.sleep(random() * 120);
}

async function twice(directory: string, count: number | undefined): Promise<void> {
  const { file } = writePlan(directory, count);
  const outs = ['first', 'second'].map((name) => join(directory, name));
  const reports = await Promise.all(outs.map((out) => finish(startNight(file, out), out)));
  const [first, second] = reports.map((report, index) => {
    const out = outs[index] as string;
    const frames = lookAt(out).rows.map(({ set_id, start_utc, file: name }) => {
      const pixels = createHash('sha256').update(soundFile(out, name).image.data).digest('hex');
      return `${set_id} ${isoUtc(start_utc)} ${pixels}`;
    });
    return { frames, steps: report.steps, events: report.events };
  });
  assert.deepEqual(first?.steps, second?.steps, 'the steps differ');
  assert.deepEqual(first?.events, second?.events, 'the events differ');
  assert.deepEqual(first?.frames, second?.frames, 'start times or pixels differ');
}

/** Ledger, disk and report agree: each set complete, no frame twice, none at the same time as another. */
function everyFrameOnce(plan: Plan, out: string, report: Report): void {
  const { rows, finished, temporary } = lookAt(out);
  assert.deepEqual(temporary, [], 'a temporary file was left');
  for (const row of rows) matches(row, soundFile(out, row.file));
  assert.deepEqual(rows.map(({ file }) => file).sort(), [...finished].sort(), 'ledger and files differ');
  for (const { id, count, filter, seconds } of plan.sets) {
    const own = rows.filter(({ set_id }) => set_id === id);
    assert.equal(own.length, count, `set ${id} has ${own.length} of ${count} frames`);
    assert.ok(
      own.every((row) => row.filter === filter && row.seconds === seconds),
      `a frame of set ${id} has another filter or length`,
    );
  }
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (!before) continue;
    assert.ok(row.start_utc >= before.start_utc + before.seconds * 1000, `${row.file} began too early`);
  }
  assert.deepEqual(
    report.frames.map(({ id }) => id).sort(),
    rows.map(({ id }) => id).sort(),
    'night.json does not tell of every frame',
  );
  assert.equal(report.complete, true);
  assert.equal(report.mount, 'parked');
}
