import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { allFacts } from '../imaging/facts.fixture.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import { sealFrame } from '../imaging/fits-write.ts';
import { allocateFrame } from '../imaging/frame.ts';
import { headerCards } from '../imaging/header.ts';
import { openLedger } from './ledger.ts';

const workerUrl = new URL('./worker.ts', import.meta.url);

function sealed(facts: ExposureFacts): Uint8Array {
  const frame = allocateFrame({ width: 40, height: 30, format: 'u16' });
  return sealFrame(frame, headerCards(frame, facts));
}

/** A data directory with a way to put files into it and to start the ledger on it. */
function bench(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'adopt-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return {
    directory,
    put(path: string, bytes: Uint8Array | string) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    },
    start: () => openLedger({ directory, clock: systemClock, workerUrl }),
    files: (below: string) =>
      readdirSync(join(directory, below), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort(),
  };
}

const NIGHT = 'frames/2026-11-22/M_31/LIGHT';

test('after a kill: half-written files go, finished ones become rows, nothing else is lost', async (t) => {
  const { put, start, files } = bench(t);
  put(`${NIGHT}/.b.fits.part`, sealed(allFacts).subarray(0, 5000));
  put(`${NIGHT}/a.fits`, sealed(allFacts));
  put(`${NIGHT}/cut.fits`, sealed({ ...allFacts, id: 'cut' }).subarray(0, -1000));
  put(`${NIGHT}/zero.fits`, new Uint8Array(8000));
  put('frames/zero.fits', '');
  put('frames/notes.txt', 'seeing was good');
  const ledger = await start();
  assert.deepEqual(ledger.adoption.temporary, [`${NIGHT}/.b.fits.part`]);
  assert.deepEqual(ledger.adoption.adopted, [allFacts.id]);
  assert.deepEqual(ledger.adoption.unreadable.map(({ file }) => file).sort(), [
    `${NIGHT}/cut.fits`,
    `${NIGHT}/zero.fits`,
    'frames/zero.fits',
  ]);
  assert.match(ledger.adoption.unreadable.find(({ file }) => file.includes('cut'))!.reason, /truncated/);
  assert.deepEqual(files('frames'), ['a.fits', 'notes.txt']);
  assert.deepEqual(files('unreadable'), [
    '2026-11-22_M_31_LIGHT_cut.fits',
    '2026-11-22_M_31_LIGHT_zero.fits',
    'zero.fits',
  ]);
  const row = await ledger.get(allFacts.id);
  assert.deepEqual([row?.file, row?.state, row?.set], [`${NIGHT}/a.fits`, 'stored', 'm31-ha']);
  assert.deepEqual(await ledger.countOf('winter', 'm31-ha'), { stored: 1, accepted: 0, rejected: 0 });
  await ledger.close();

  const again = await start();
  assert.deepEqual(again.adoption, { temporary: [], adopted: [], unreadable: [], foreign: [], missing: [] });
  await again.close();
});

test('an adopted row is the row that storing would have made', async (t) => {
  const { directory, start } = bench(t);
  const ledger = await start();
  const facts = { ...allFacts, filter: 'Ha' };
  const { createdUtc, ...stored } = await ledger.store(sealed(facts), facts);
  await ledger.close();
  for (const name of readdirSync(directory))
    if (name.startsWith('nightjar.db')) rmSync(join(directory, name));
  const fresh = await start();
  const { createdUtc: later, ...adopted } = (await fresh.get(facts.id))!;
  assert.deepEqual(adopted, stored);
  await fresh.close();
});

test('a file that is gone is marked, one that was moved is followed, and judgement stays', async (t) => {
  const { directory, start } = bench(t);
  const ledger = await start();
  const row = await ledger.store(sealed(allFacts), allFacts);
  await ledger.judge(row.id, 'accepted');
  await ledger.close();

  const elsewhere = join(directory, 'elsewhere.fits');
  renameSync(join(directory, row.file), elsewhere);
  const without = await start();
  assert.deepEqual(without.adoption.missing, [row.id]);
  assert.equal((await without.get(row.id))?.missing, true);
  assert.equal((await without.countOf('winter', 'm31-ha')).accepted, 1, 'it was taken all the same');
  await without.close();

  renameSync(elsewhere, join(directory, 'frames', 'moved.fits'));
  const back = await start();
  const found = await back.get(row.id);
  assert.deepEqual([found?.file, found?.missing, found?.state], ['frames/moved.fits', false, 'accepted']);
  assert.deepEqual(back.adoption.missing, []);
  await back.close();
});

test('copies of our files and images of others are left where they are', async (t) => {
  const { put, start, files } = bench(t);
  const frame = allocateFrame({ width: 4, height: 4, format: 'u16' });
  const foreign = headerCards(frame, allFacts).filter((card) => !card.keyword.startsWith('NJ-'));
  put('frames/a.fits', sealed(allFacts));
  put('frames/b.fits', sealed(allFacts));
  put('frames/c.fits', sealFrame(frame, foreign));
  const ledger = await start();
  assert.equal(ledger.adoption.adopted.length, 1);
  assert.equal(ledger.adoption.foreign.length, 2);
  assert.deepEqual(files('frames'), ['a.fits', 'b.fits', 'c.fits']);
  await ledger.close();
});
