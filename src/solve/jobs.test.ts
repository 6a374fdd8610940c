import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { photograph } from '../../hil/photograph.ts';
import { systemClock } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { startThread } from '../core/thread.ts';
import { real, text } from '../imaging/fits-card.ts';
import { copyWithCards } from '../imaging/fits-edit.ts';
import { separation } from '../sky/angle.ts';
import type { WorkerJobs } from '../worker.ts';
import { type SolveJobs, solveJobs } from './jobs.ts';
import { SolveWorker } from './worker-client.ts';

const entry = new URL('../worker.ts', import.meta.url);
const extract = new URL('../../hil/sky/data/stars.bin', import.meta.url);
const veil = { ra: 312.75, dec: 30.7 };
/** Newtonian 530 mm, 5.86 µm. */
const SCALE = 2.2806;

/** A catalogue without its index: only those who know where, and how large, can solve. */
describe('solving a file in the worker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'solving-'));
  const file = (name: string) => join(folder, name);
  const thread = startThread<WorkerJobs>(entry, systemClock, { catalogue: { directory: folder } });
  const solver = new SolveWorker(thread, systemClock);
  const place = [real('RA', 312.9), real('DEC', 30.5)];
  const optics = [real('FOCALLEN', 530), real('XPIXSZ', 5.86)];

  before(async () => {
    copyFileSync(extract, file('stars.bin'));
    writeFileSync(file('bare.fits'), await photograph(veil));
    await copyWithCards(file('bare.fits'), file('told.fits'), [...place, ...optics]);
    await copyWithCards(file('bare.fits'), file('lost.fits'), [
      ...[real('RA', 100), real('DEC', -30)],
      ...optics,
    ]);
    const upsideDown = [...place, ...optics, text('ROWORDER', 'BOTTOM-UP')];
    await copyWithCards(file('bare.fits'), file('upside-down.fits'), upsideDown);
  });
  after(async () => {
    await thread.close();
    rmSync(folder, { recursive: true });
  });

  test("by what the file's header says", async () => {
    const solution = await solver.solve({ file: file('told.fits') });
    assert.ok(solution.solved, JSON.stringify(solution));
    assert.ok(separation(veil, solution) < 0.02);
    assert.ok(Math.abs(solution.scale - SCALE) < 0.001);
  });

  test('by what somebody says, whatever the header has', async () => {
    const stated = {
      near: { centre: { ra: 312, dec: 31 }, radiusDegrees: 2 },
      scale: { low: 2.2, high: 2.4 },
    };
    for (const name of ['bare.fits', 'lost.fits']) {
      const solution = await solver.solve({ file: file(name) }, { stated });
      assert.ok(solution.solved, name);
    }
  });

  test('a header that is wrong, or not to be asked, leaves the whole sky, and that needs the index', async () => {
    const needsIndex = (error: Error) => error instanceof BadInput && /quads\.bin/.test(error.message);
    await assert.rejects(solver.solve({ file: file('lost.fits') }), needsIndex);
    await assert.rejects(solver.solve({ file: file('told.fits') }, { blind: true }), needsIndex);
  });

  test('a picture whose first row is at the bottom is turned and mirrored as it is seen', async () => {
    const [down, up] = await Promise.all(
      ['upside-down.fits', 'told.fits'].map((name) => solver.solve({ file: file(name) })),
    );
    assert.ok(down?.solved && up?.solved);
    assert.equal(down.parity, -up.parity);
    const turned = Math.abs(down.rotation - up.rotation);
    assert.ok(Math.abs(turned - 180) < 1, `${turned}`);
    assert.deepEqual(down.wcs, up.wcs, 'of the pixels as they are stored');
  });

  test('is stopped by its signal', async () => {
    const stop = new AbortController();
    const solving = solver.solve({ file: file('told.fits') }, {}, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await assert.rejects(solving, /enough/);
  });

  test('a file that cannot be read is named, and the next one is read all the same', async () => {
    await assert.rejects(solver.solve({ file: file('none.fits') }), /none\.fits/);
    assert.ok((await solver.solve({ file: file('told.fits') })).solved);
  });

  test('says for which fields the catalogue has the stars', async () => {
    const wide = await solver.suffices(4, 3);
    assert.deepEqual([wide.verdict, wide.deeper], ['enough', []]);
    assert.equal((await solver.suffices(0.1, 0.1)).verdict, 'too-few');
  });
});

test('a unit without a catalogue says so', () => {
  const jobs: SolveJobs = solveJobs(undefined);
  assert.throws(
    () => jobs.suffices({ width: 1, height: 1 }),
    (error) => error instanceof Fault && error.kind === 'unsupported',
  );
});
