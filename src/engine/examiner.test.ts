import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, systemClock } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import type { Analysis } from '../imaging/analysis.ts';
import type { ImageSource } from '../imaging/source.ts';
import type { StarField } from '../imaging/stars/star.ts';
import type { Solution } from '../solve/solution.ts';
import type { ExposureRow } from '../storage/rows.ts';
import { Examiner, type ExaminerParts } from './examiner.ts';

const analysis: Analysis = {
  ...{ stars: 61, hfr: 2.1, width: 300, height: 200 },
  ...{ background: 800, noise: 14, saturated: 0, ninths: [] },
};
const statistics = { stars: 2, hfr: 2, fwhm: 3, eccentricity: 0.2, elongationDegrees: Number.NaN };
const star = {
  ...{ x: 1, y: 2, flux: 3, peak: 4, snr: 5, hfr: 2, meanRadius: 2 },
  ...{ fwhm: 3, eccentricity: 0, elongationDegrees: 0, saturated: false },
};
const field: StarField = {
  ...{ width: 300, height: 200, stars: [star, star, star], found: 3, background: 800, noise: 14 },
  ...{ saturated: 0, whole: statistics, ninths: [], tilt: Number.NaN },
};
const solution: Solution = { solved: false, reason: 'few-stars', message: 'too few stars', stars: 2 };

function stage(analyse: (file: string, signal?: AbortSignal) => Promise<Analysis>) {
  const clock = new SimClock(1e12);
  const rows = new Map<string, ExposureRow>();
  const seen: string[] = [];
  const parts: ExaminerParts = {
    imaging: {
      analyse: (source, { signal } = {}) => {
        seen.push(fileOf(source));
        return analyse(fileOf(source), signal);
      },
      stars: async () => field,
    },
    solver: {
      async solve(_source, _order, { signal } = {}) {
        await clock.sleep(1000, signal);
        return solution;
      },
    },
    ledger: {
      unseen: async ({ limit }) =>
        [...rows.values()]
          .filter((row) => !row.analysis)
          .reverse()
          .slice(0, limit),
      async analyse(id, version, result) {
        rows.get(id)!.analysis = { version, result };
      },
      async solve(id, found) {
        rows.get(id)!.solution = found;
      },
      pathOf: ({ id }) => id,
    },
    clock,
    log: silentLog,
  };
  const examiner = new Examiner(parts);
  const told: string[] = [];
  examiner.watch((id) => void told.push(id));
  const take = (id: string) => {
    rows.set(id, { id } as ExposureRow);
    examiner.look();
  };
  return { clock, rows, seen, told, examiner, take };
}

const fileOf = (source: ImageSource) => ('file' in source ? source.file : '');

test('every light is looked at once, the latest first, whenever it came', async () => {
  let first = () => {};
  const { rows, seen, told, examiner, take } = stage((file) =>
    file === 'a' ? new Promise((resolve) => (first = () => resolve(analysis))) : Promise.resolve(analysis),
  );
  take('a');
  await systemClock.turn();
  take('b');
  take('c');
  first();
  await examiner.idle();
  assert.deepEqual(seen, ['a', 'c', 'b']);
  assert.deepEqual(told, ['a', 'c', 'b']);
  take('d');
  await examiner.idle();
  assert.deepEqual(rows.get('d')?.analysis?.result, analysis);
});

test('what cannot be read, or kills the worker, is tried once and keeps no other waiting', async () => {
  const { rows, seen, examiner, take } = stage(async (file) => {
    if (file === 'cut short') throw new BadInput('cut short: truncated');
    if (file === 'deadly') throw new Fault('gone', 'a worker thread ended');
    return analysis;
  });
  take('fine');
  take('cut short');
  take('deadly');
  await examiner.idle();
  examiner.look();
  await examiner.idle();
  assert.deepEqual(seen.toSorted(), ['cut short', 'deadly', 'fine']);
  assert.deepEqual(rows.get('cut short')?.analysis?.result, { problem: 'cut short: truncated' });
  assert.deepEqual(rows.get('fine')?.analysis?.result, analysis);
});

test('what it was at when it closes waits for the next start', async () => {
  const { rows, examiner, take } = stage(
    (_file, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  );
  take('a');
  await systemClock.turn();
  await examiner.close();
  assert.equal(rows.get('a')?.analysis, undefined);
});

test('the stars of an old exposure are kept as its analysis, once', async () => {
  const { rows, told, examiner } = stage(async () => analysis);
  const row = { id: 'old' } as ExposureRow;
  rows.set('old', row);
  assert.equal((await examiner.stars(row, 2)).stars.length, 2);
  assert.equal((row.analysis!.result as Analysis).stars, 3);
  await examiner.stars(row, 2);
  assert.deepEqual(told, ['old']);
});

test('a solve is a run: its answer is kept in the row, a stopped one leaves none', async () => {
  const { clock, rows, told, examiner } = stage(async () => analysis);
  const row = { id: 'a' } as ExposureRow;
  rows.set('a', row);
  const stopped = examiner.solve(row, {});
  stopped.stop('user');
  await clock.drive(assert.rejects(stopped.outcome, /stopped/));
  assert.equal(row.solution, undefined);
  assert.deepEqual(await clock.drive(examiner.solve(row, {}).outcome), solution);
  assert.deepEqual(row.solution, solution);
  assert.deepEqual(told, ['a']);
});

test('asked again, the earlier question is dropped; so are all at the end, and too many are refused', async () => {
  const { clock, rows, examiner } = stage(async () => analysis);
  const row = (id: string) => {
    const made = { id } as ExposureRow;
    rows.set(id, made);
    return made;
  };
  const a = row('a');
  const first = examiner.solve(a, {});
  const second = examiner.solve(a, { blind: true });
  await clock.drive(assert.rejects(first.outcome, /superseded/));
  await clock.drive(second.outcome);
  const many = Array.from({ length: 8 }, (_, index) => examiner.solve(row(`${index}`), {}));
  assert.throws(() => examiner.solve(row('one more'), {}), /busy/);
  await clock.drive(examiner.close());
  for (const { ending } of many) assert.equal(ending.value?.state, 'stopped');
});
