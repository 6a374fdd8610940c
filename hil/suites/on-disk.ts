import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/core/clock.ts';
import { type FitsImage, readFits } from '../../src/imaging/fits-read.ts';

/** A row as another program reads it. */
export interface DiskRow {
  id: string;
  set_id: string | null;
  file: string;
  checksum: string;
  bytes: number;
  start_utc: number;
  seconds: number;
  filter: string | null;
}

export interface Files {
  /** Relative to the data directory, as the ledger names them. */
  finished: string[];
  /** Half-written, or whatever else lies there. */
  temporary: string[];
}

export interface Found extends Files {
  /** Earliest start first. */
  rows: DiskRow[];
}

/**
 * What lies in the data directory of a process that has ended, read by other means than the appliance's: its own
 * SQLite, opened for reading, so that a write-ahead log left by a kill stays as it is.
 */
export function lookAt(directory: string): Found {
  return { rows: rowsIn(join(directory, 'nightjar.db')), ...filesIn(directory) };
}

function rowsIn(database: string): DiskRow[] {
  if (!existsSync(database)) return [];
  const tables = new DatabaseSync(database, { readOnly: true });
  try {
    if (!tables.prepare("SELECT 1 FROM sqlite_master WHERE name = 'exposures'").get()) return [];
    return tables.prepare('SELECT * FROM exposures ORDER BY start_utc, id').all() as unknown as DiskRow[];
  } finally {
    tables.close();
  }
}

/** For a process that runs too. */
export function filesIn(directory: string): Files {
  const files: Files = { finished: [], temporary: [] };
  if (!existsSync(join(directory, 'frames'))) return files;
  const entries = readdirSync(join(directory, 'frames'), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name).slice(directory.length + 1);
    (isFinished(entry.name) ? files.finished : files.temporary).push(file);
  }
  return files;
}

/** A file that is being written is hidden. */
const isFinished = (name: string) => !name.startsWith('.') && name.endsWith('.fits');

/** Resolves when such a name appears beside the finished files, or when the time is over. */
export async function sighted(
  directory: string,
  isIt: (name: string) => boolean,
  withinMs: number,
): Promise<void> {
  const over = new AbortController();
  const folders = new Set(filesIn(directory).finished.map((file) => dirname(join(directory, file))));
  for (const folder of folders) {
    watch(folder, { signal: over.signal }, (_, name) => {
      if (name && isIt(name)) over.abort();
    });
  }
  await systemClock.sleep(withinMs, over.signal).catch(() => undefined);
  over.abort();
}

/** A whole, readable FITS file of one exposure. */
export interface Sound {
  id: string;
  checksum: string;
  bytes: number;
  image: FitsImage;
}

/** @throws AssertionError for a file that is not whole; BadInput for one that is no FITS image */
export function soundFile(directory: string, file: string): Sound {
  const bytes = readFileSync(join(directory, file));
  const image = readFits(bytes);
  assert.equal(image.data.length, 2 * image.width * image.height, `${file} is cut short`);
  const id = image.header.get('NJ-ID');
  assert.ok(typeof id === 'string', `${file} names no exposure`);
  return { id, checksum: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, image };
}

/** Row and file say the same. */
export function matches(row: DiskRow, sound: Sound): void {
  const { id, checksum, bytes } = sound;
  assert.deepEqual(
    { id: row.id, checksum: row.checksum, bytes: row.bytes },
    { id, checksum, bytes },
    `row and file of ${row.file} differ`,
  );
}
