import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../core/errors.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import { readFacts } from '../imaging/facts-read.ts';
import { readFits } from '../imaging/fits-read.ts';
import { HEADER_ROOM } from '../imaging/frame.ts';
import type { Tables } from './database.ts';
import { makeDirectory } from './files.ts';
import { isFits, isTemporary, nightOf } from './names.ts';
import { type Adoption, rowOf } from './rows.ts';

/**
 * Brings ledger and files together after whatever end (HOUSE, rule 5): deletes half-written files, makes rows of
 * finished ones from their headers, moves unreadable ones aside, marks rows without a file. Never deletes an image.
 */
export async function adoptFiles(directory: string, tables: Tables, createdUtc: number): Promise<Adoption> {
  const report: Adoption = { temporary: [], adopted: [], unreadable: [], foreign: [], missing: [] };
  const rows = tables.files();
  const known = new Set(rows.map((row) => row.file));
  const found = new Set<string>();
  const strangers: string[] = [];
  for await (const file of walk(directory, 'frames')) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (isTemporary(name)) {
      await rm(join(directory, file));
      report.temporary.push(file);
    } else if (known.has(file)) found.add(file);
    else if (isFits(name)) strangers.push(file);
  }
  const missing = new Set(rows.filter((row) => !found.has(row.file)).map((row) => row.id));
  for (const file of strangers) {
    try {
      await adoptOne(directory, file, tables, createdUtc, missing, report);
    } catch (thrown) {
      if (!(thrown instanceof BadInput)) throw thrown;
      await setAside(directory, file);
      report.unreadable.push({ file, reason: thrown.message });
    }
  }
  const changed = rows.filter((row) => row.missing !== missing.has(row.id));
  tables.setMissing(changed.map((row) => ({ id: row.id, missing: missing.has(row.id) })));
  report.missing = [...missing];
  return report;
}

async function adoptOne(
  directory: string,
  file: string,
  tables: Tables,
  createdUtc: number,
  missing: Set<string>,
  report: Adoption,
): Promise<void> {
  const path = join(directory, file);
  const { facts, bytes } = await readHead(path);
  if (!facts || (tables.get(facts.id) && !missing.has(facts.id))) {
    report.foreign.push(file);
    return;
  }
  if (missing.delete(facts.id)) tables.move(facts.id, file);
  else {
    const checksum = await checksumOf(path);
    tables.add(
      rowOf(facts, nightOf(facts.startUtc, facts.zoneMinutes), { file, checksum, bytes, createdUtc }),
    );
  }
  report.adopted.push(facts.id);
}

/** @throws BadInput for a file that is no whole FITS image */
async function readHead(path: string): Promise<{ facts: ExposureFacts | undefined; bytes: number }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = new Uint8Array(Math.min(size, 4 * HEADER_ROOM));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const { header } = readFits(head.subarray(0, bytesRead), size);
    return { facts: readFacts(header), bytes: size };
  } finally {
    await handle.close();
  }
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** To `unreadable/`, its path in its name; an earlier one of the same name is kept. */
async function setAside(directory: string, file: string): Promise<void> {
  const aside = join(directory, 'unreadable');
  await makeDirectory(aside);
  const taken = new Set(await readdir(aside));
  const name = file.slice('frames/'.length).replaceAll('/', '_');
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${count}_${name}`;
  await rename(join(directory, file), join(aside, free));
}

/** Regular files below `from`, as paths relative to `directory`. Links are not followed. */
async function* walk(directory: string, from: string, depth = 0): AsyncGenerator<string> {
  if (depth === 0) await makeDirectory(join(directory, from));
  for (const entry of await readdir(join(directory, from), { withFileTypes: true })) {
    const path = `${from}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth < 8) yield* walk(directory, path, depth + 1);
  }
}
