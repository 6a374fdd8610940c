import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ask, type ServingChild } from './appliance.ts';
import { type Found, lookAt, matches, type Sound, soundFile } from './on-disk.ts';

/** The answer to an exposure that was waited for. */
export interface Answer {
  run: string;
  outcome?: { exposure?: string };
}

/** Keeps account of what must never be lost, over all lives of the process. */
export class Book {
  /** Exposures that were answered for. */
  readonly #promised = new Set<string>();
  readonly #data: string;
  readonly #sound = new Map<string, Sound>();
  readonly #spread: Record<string, number> = {};
  #adopted = 0;
  #deleted = 0;
  #logs = 0;
  /** Rows when nothing but what was answered for is stored. */
  #owed = 0;
  #before: Found | undefined;

  constructor(data: string) {
    this.#data = data;
  }

  promise({ outcome }: Answer): void {
    assert.ok(outcome?.exposure, 'an exposure ended without its id');
    this.#promised.add(outcome.exposure);
    this.#owed++;
  }

  afterKill(aim: string): void {
    if (existsSync(join(this.#data, 'nightjar.db-wal'))) this.#logs++;
    const found = this.#look();
    this.#before = found;
    const filed = new Set(found.rows.map(({ file }) => file));
    const strangers = found.finished.filter((file) => !filed.has(file)).length;
    assert.ok(strangers <= 1 && found.temporary.length <= 1, 'more than the last exposure is unfinished');
    this.#adopted += strangers;
    this.#deleted += found.temporary.length;
    const left = found.temporary.length
      ? 'temporary file'
      : strangers
        ? 'file without row'
        : found.rows.length > this.#owed
          ? 'stored'
          : 'no file yet';
    this.#owed = found.finished.length;
    const what = `${left} (${aim})`;
    this.#spread[what] = (this.#spread[what] ?? 0) + 1;
  }

  /** The next start has set everything right. */
  async afterStart({ url }: ServingChild): Promise<void> {
    const found = this.#look();
    assert.deepEqual(found.temporary, [], 'a temporary file was left');
    const filed = new Set(found.rows.map(({ file }) => file));
    assert.deepEqual([...filed].sort(), [...found.finished].sort(), 'ledger and files differ after a start');
    for (const file of this.#before?.finished ?? []) assert.ok(filed.has(file), `${file} was not adopted`);
    assert.ok(!existsSync(join(this.#data, 'unreadable')), 'a file was set aside as unreadable');
    const paged = await allPages(url);
    assert.deepEqual(paged.map(({ file }) => file).sort(), [...found.finished].sort());
    assert.equal(new Set(paged.map(({ id }) => id)).size, paged.length, 'an id is there twice');
    assert.ok(
      paged.every(({ missing }) => !missing),
      'a file counts as missing',
    );
  }

  /** Everything again, file by file. */
  close(): void {
    for (const [file, { checksum }] of this.#sound) {
      assert.equal(soundFile(this.#data, file).checksum, checksum, `${file} has changed`);
    }
    assert.ok(!existsSync(join(this.#data, 'nightjar.db-wal')), 'the database was not closed');
  }

  note(): string {
    const spread = Object.entries(this.#spread)
      .sort()
      .map(([what, times]) => `${what} ${times}`);
    return `${this.#sound.size} files, rows adopted ${this.#adopted}, temporaries deleted ${this.#deleted}, write-ahead logs left ${this.#logs}; found: ${spread.join(', ')}`;
  }

  /** Every row has its whole file, every finished file is whole, and none has gone. */
  #look(): Found {
    const found = lookAt(this.#data);
    const there = new Set(found.finished);
    for (const file of this.#sound.keys()) assert.ok(there.has(file), `${file} was lost`);
    const ids = new Set([...this.#sound.values()].map(({ id }) => id));
    for (const file of found.finished) {
      if (this.#sound.has(file)) continue;
      const sound = soundFile(this.#data, file);
      assert.ok(!ids.has(sound.id), `exposure ${sound.id} has two files`);
      ids.add(sound.id);
      this.#sound.set(file, sound);
    }
    for (const row of found.rows) {
      const sound = this.#sound.get(row.file);
      assert.ok(sound, `the ledger names ${row.file}, which is not there`);
      matches(row, sound);
    }
    const rows = new Set(found.rows.map(({ id }) => id));
    for (const id of this.#promised) assert.ok(rows.has(id), `exposure ${id} was answered for and is lost`);
    return found;
  }
}

interface PagedRow {
  id: string;
  file: string;
  missing: boolean;
}

async function allPages(url: string): Promise<PagedRow[]> {
  const rows: PagedRow[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: { exposures: PagedRow[]; next?: string } = await ask(
      `${url}/api/v1/exposures?limit=200${next && `&before=${next}`}`,
    );
    rows.push(...page.exposures);
    next = page.next;
  }
  return rows;
}
