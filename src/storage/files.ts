import { createHash } from 'node:crypto';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asError, Fault } from '../core/errors.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import type { NativeFile } from '../imaging/frame.ts';
import type { Tables } from './database.ts';
import { directoryOf, fileNameOf, nightOf, sidecarOf, temporaryName } from './names.ts';
import { type ExposureRow, rowOf } from './rows.ts';

/** Written and hashed at a time: the thread's other work comes between. */
const SLICE = 1 << 20;

export interface StoreInput {
  /** The whole FITS file, as sealed. */
  file: Uint8Array;
  facts: ExposureFacts;
  createdUtc: number;
  /** What the camera wrote itself: kept beside the file, under its name. */
  native?: NativeFile;
}

/**
 * Files before rows (HOUSE, rule 6): when this resolves, file and row outlive a power cut. A row that cannot be written
 * is made from the file at the next start. The camera's own file comes first: a FITS file that is there has it beside it.
 * @throws Fault `refused` on a full or failing disk; then no half-written file is left
 */
export async function storeExposure(
  directory: string,
  tables: Tables,
  input: StoreInput,
): Promise<ExposureRow> {
  const { file: bytes, facts, createdUtc, native } = input;
  const before = tables.get(facts.id);
  if (before) return before;
  try {
    const folder = directoryOf(facts);
    await makeDirectory(join(directory, folder));
    const file = `${folder}/${await freeName(join(directory, folder), facts, native)}`;
    if (native) await writeDurably(join(directory, sidecarOf(file, native.extension)), native.bytes);
    const checksum = await writeDurably(join(directory, file), bytes);
    const night = nightOf(facts.startUtc, facts.zoneMinutes);
    const row = rowOf(facts, night, { file, checksum, bytes: bytes.length, createdUtc });
    tables.add(row);
    return row;
  } catch (thrown) {
    throw diskFault(thrown);
  }
}

/** The usual name, or that with the whole id where a stranger has taken it. */
async function freeName(folder: string, facts: ExposureFacts, native?: NativeFile): Promise<string> {
  const name = fileNameOf(facts);
  const names = native ? [name, sidecarOf(name, native.extension)] : [name];
  const taken = await Promise.all(names.map((each) => isThere(join(folder, each))));
  return taken.includes(true) ? name.replace(/\.fits$/, `_${facts.id}.fits`) : name;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Writes under a temporary name in the same directory, fsync, rename, fsync of the directory. Whatever fails, the
 * temporary file is removed.
 * @returns SHA-256, hexadecimal
 */
export async function writeDurably(path: string, bytes: Uint8Array, openFile = open): Promise<string> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(path.slice(folder.length + 1)));
  const hash = createHash('sha256');
  try {
    const handle = await openFile(temporary, 'w', 0o644);
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, at, Math.min(SLICE, bytes.length - at));
        hash.update(bytes.subarray(at, at + bytesWritten));
        at += bytesWritten;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    // Should this fail too, the next start deletes it: what matters is the first error.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncDirectory(folder);
  return hash.digest('hex');
}

/** Made with its parents, and durably so. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncDirectory(dirname(at));
}

export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const DISK_ERRORS: Record<string, string> = {
  ENOSPC: 'the disk is full: delete or move images away, then go on',
  EDQUOT: 'the disk quota is used up: delete or move images away, then go on',
  SQLITE_FULL: 'the disk is full: delete or move images away, then go on',
  EROFS: 'the disk is read-only: it may be failing, check it',
  SQLITE_READONLY: 'the disk is read-only: it may be failing, check it',
  EIO: 'the disk reports errors: it may be failing, replace it',
  SQLITE_IOERR: 'the disk reports errors: it may be failing, replace it',
};

/** A full or failing disk in plain words; other errors as they are. */
export function diskFault(thrown: unknown): Error {
  const error = asError(thrown);
  const words = 'code' in error ? DISK_ERRORS[String(error.code)] : undefined;
  return words ? new Fault('refused', words, { cause: error }) : error;
}
