import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { SimClock, systemClock } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { startThread } from '../core/thread.ts';
import { arrange } from '../imaging/arrange.ts';
import { allFacts } from '../imaging/facts.fixture.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import { readFits } from '../imaging/fits-read.ts';
import { sealFrame } from '../imaging/fits-write.ts';
import { allocateFrame } from '../imaging/frame.ts';
import { headerCards } from '../imaging/header.ts';
import { diskFault, writeDurably } from './files.ts';
import type { StorageJobs } from './jobs.ts';
import { openLedger } from './ledger.ts';
import { migrate } from './migrations.ts';

const workerUrl = new URL('./worker.ts', import.meta.url);

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

const facts = (index: number, more: Partial<ExposureFacts> = {}): ExposureFacts => ({
  ...allFacts,
  id: `00000000-0000-4000-8000-00000000000${index}`,
  startUtc: allFacts.startUtc + index * 400_000,
  ...more,
});

function sealed(of: ExposureFacts): Uint8Array {
  const frame = allocateFrame({ width: 40, height: 30, format: 'u16' });
  const raw = new Uint8Array(new Uint16Array(1200).fill(1234).buffer);
  return sealFrame(arrange(raw, { element: 'u16', order: 'row-major' }, frame), headerCards(frame, of));
}

test('an exposure is stored, judged, counted, paged and read back', async (t) => {
  const ledger = await openLedger({ directory: folder(t), clock: systemClock, workerUrl });
  for (let index = 1; index <= 5; index++) await ledger.store(sealed(facts(index)), facts(index));
  const row = await ledger.get(facts(2).id);
  assert.ok(row);
  const bytes = readFileSync(ledger.pathOf(row));
  assert.equal(row.checksum, createHash('sha256').update(bytes).digest('hex'));
  assert.equal(row.bytes, bytes.length);
  assert.equal(readFits(bytes).header.get('NJ-ID'), row.id);
  assert.deepEqual(
    [row.state, row.night, row.trust, row.camera],
    ['stored', '2026-11-22', 'gps', allFacts.camera.id],
  );

  await ledger.judge(facts(1).id, 'accepted');
  await ledger.judge(facts(2).id, 'rejected', 'clouds');
  await ledger.analyse(facts(2).id, 3, { hfr: 2.5 });
  assert.deepEqual(await ledger.countOf('winter', 'm31-ha'), { stored: 3, accepted: 1, rejected: 1 });
  assert.deepEqual(await ledger.countOf('winter', 'other'), { stored: 0, accepted: 0, rejected: 0 });
  const judged = await ledger.get(facts(2).id);
  assert.deepEqual([judged?.reason, judged?.analysis], ['clouds', { version: 3, result: { hfr: 2.5 } }]);
  await assert.rejects(ledger.judge('nobody', 'accepted'), BadInput);

  const first = await ledger.page({ limit: 2 });
  const second = await ledger.page({ limit: 2, before: first[1]!.id });
  assert.deepEqual(
    [...first, ...second].map(({ id }) => id),
    [5, 4, 3, 2].map((index) => facts(index).id),
  );
  assert.equal((await ledger.page({ limit: 9, night: '2026-11-21' })).length, 0);
  assert.equal((await ledger.page({ limit: 9, plan: 'winter', set: 'm31-ha' })).length, 5);
  await ledger.close();
});

test('what has been found out is kept, and what has not is found again', async (t) => {
  const directory = folder(t);
  const ledger = await openLedger({ directory, clock: systemClock, workerUrl });
  for (let index = 1; index <= 4; index++) {
    const of = facts(index, index === 4 ? { type: 'dark' } : {});
    await ledger.store(sealed(of), of);
  }
  const unseen = async (version: number, since = 0) =>
    (await ledger.unseen({ version, since, limit: 9 })).map(({ id }) => Number(id.at(-1)));
  assert.deepEqual(await unseen(2), [3, 2, 1], 'lights only, latest first');
  assert.deepEqual(await unseen(2, facts(3).startUtc), [3]);
  await ledger.analyse(facts(3).id, 2, { stars: 4 });
  await ledger.analyse(facts(2).id, 1, { stars: 4 });
  assert.deepEqual(await unseen(2), [2, 1], 'an older version counts as nothing');
  const solution = { solved: false, reason: 'trailed' };
  await ledger.solve(facts(1).id, solution);
  assert.deepEqual((await ledger.get(facts(1).id))?.solution, solution);
  assert.equal((await ledger.get(facts(2).id))?.solution, undefined);
  await assert.rejects(ledger.solve('nobody', solution), BadInput);
  await ledger.close();
});

test('the same exposure is stored once, and others of the same moment beside it', async (t) => {
  const directory = folder(t);
  const ledger = await openLedger({ directory, clock: systemClock, workerUrl });
  const row = await ledger.store(sealed(facts(1)), facts(1));
  assert.deepEqual(await ledger.store(sealed(facts(1)), facts(1)), row);
  const twin = facts(2, { startUtc: facts(1).startUtc });
  assert.notEqual((await ledger.store(sealed(twin), twin)).file, row.file);
  const files = readdirSync(join(directory, 'frames'), { recursive: true }).map(String);
  assert.equal(files.filter((name) => name.endsWith('.fits')).length, 2);
  assert.equal(files.filter((name) => name.endsWith('.part')).length, 0);
  await ledger.close();
});

test('what was awaited outlives the death of the worker', async (t) => {
  const directory = folder(t);
  const thread = startThread<StorageJobs>(workerUrl, systemClock, { directory });
  await thread.call('store', { file: sealed(facts(1)), facts: facts(1), createdUtc: 0 });
  await thread.call('textPut', { table: 'settings', key: 'site', value: { latitude: 47 } });
  await thread.close();
  const ledger = await openLedger({ directory, clock: systemClock, workerUrl });
  assert.equal((await ledger.get(facts(1).id))?.state, 'stored');
  assert.deepEqual(await ledger.settings.get('site'), { latitude: 47 });
  assert.deepEqual(ledger.adoption, { temporary: [], adopted: [], unreadable: [], foreign: [], missing: [] });
  await ledger.close();
  await assert.rejects(ledger.get('x'), Fault);
});

test('settings and plans are kept as JSON, on simulated time too', async (t) => {
  const clock = new SimClock(1e12);
  const directory = folder(t);
  await clock.drive(
    (async () => {
      const { settings, plans, close } = await openLedger({ directory, clock, workerUrl });
      await settings.set('b', [1, null]);
      await settings.set('a', false);
      assert.deepEqual(await settings.all(), [
        ['a', false],
        ['b', [1, null]],
      ]);
      await settings.set('b', undefined);
      assert.equal(await settings.get('b'), undefined);
      await plans.set('winter', { sets: [] });
      await plans.set('winter', { sets: ['x'] });
      assert.deepEqual(await plans.get('winter'), { sets: ['x'] });
      await close();
    })(),
  );
  assert.equal(clock.now(), 1e12);
});

test('migrations run once, in order; a later database is refused in plain words', async (t) => {
  const directory = folder(t);
  const path = join(directory, 'nightjar.db');
  const database = new Sqlite(path);
  migrate(database, ['CREATE TABLE a (x)']);
  migrate(database, ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y']);
  database.exec('INSERT INTO a (x, y) VALUES (1, 2)');
  assert.throws(() =>
    migrate(database, ['CREATE TABLE a (x)', '-- 2', 'CREATE TABLE b (x); CREATE TABLE a (x)']),
  );
  assert.equal(database.pragma('user_version', { simple: true }), 2, 'a failed one leaves nothing');
  assert.throws(() => database.prepare('SELECT * FROM b'), /no such table/);
  database.pragma('user_version = 99');
  database.close();
  await assert.rejects(
    openLedger({ directory, clock: systemClock, workerUrl }),
    (error: Error) => error instanceof BadInput && /newer version/.test(error.message),
  );
});

test('a full disk is a clear fault and leaves nothing half-written', async (t) => {
  const directory = folder(t);
  const full = (after: number) => async (path: unknown, flags: unknown) => {
    const handle: FileHandle = await open(String(path), String(flags));
    const write = handle.write.bind(handle) as (
      bytes: Uint8Array,
      at: number,
      length: number,
    ) => Promise<object>;
    let room = after;
    const limited = async (bytes: Uint8Array, at: number, length: number) => {
      if (room === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const part = Math.min(room, length);
      room -= part;
      return write(bytes, at, part);
    };
    return Object.assign(handle, { write: limited });
  };
  const path = join(directory, 'a.fits');
  const bytes = new Uint8Array(3_000_000);
  await assert.rejects(writeDurably(path, bytes, full(1_500_000) as typeof open), /ENOSPC/);
  assert.deepEqual(readdirSync(directory), []);
  const fault = diskFault(Object.assign(new Error('x'), { code: 'ENOSPC' }));
  assert.ok(fault instanceof Fault && fault.kind === 'refused' && /disk is full/.test(fault.message));
  const digest = await writeDurably(path, bytes, full(3_000_000) as typeof open);
  assert.equal(digest, createHash('sha256').update(bytes).digest('hex'));
});

test("the camera's own file lies beside the FITS file, written before it, and never over another's", async (t) => {
  const directory = folder(t);
  const ledger = await openLedger({ directory, clock: systemClock, workerUrl });
  const native = { extension: '.CR2', bytes: new Uint8Array(new SharedArrayBuffer(5000)).fill(7) };
  const row = await ledger.store(sealed(facts(1)), facts(1), native);
  const beside = ledger.pathOf(row).replace(/\.fits$/, '.cr2');
  assert.deepEqual(readFileSync(beside), Buffer.from(native.bytes));

  // A stranger's file of that name, and none of the FITS file's: the exposure takes another name.
  const names = await ledger.store(sealed(facts(2)), facts(2));
  const stranger = ledger.pathOf(names).replace(/\.fits$/, '.jpg');
  rmSync(ledger.pathOf(names));
  writeFileSync(stranger, 'theirs');
  const again = await ledger.store(
    sealed(facts(2)),
    { ...facts(2), id: facts(2).id.replace(/2$/, '9') },
    {
      ...native,
      extension: '.jpg',
    },
  );
  assert.equal(readFileSync(stranger, 'utf8'), 'theirs');
  assert.ok(again.file.endsWith('9.fits'), again.file);
  assert.ok(readdirSync(join(ledger.pathOf(again), '..')).some((name) => name.endsWith('9.jpg')));
  await ledger.close();

  const reopened = await openLedger({ directory, clock: systemClock, workerUrl });
  assert.deepEqual(reopened.adoption.unreadable, [], 'files of cameras are let be');
  await reopened.close();
});
