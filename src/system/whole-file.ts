import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface Rights {
  /** Absent: as the file system has it, which on FAT has none. */
  mode?: number;
  /** Number of the group that it is for; absent: the writer's own. */
  group?: number | undefined;
}

/**
 * Writes a file so that a power cut leaves the old one or the new one: temporary name, fsync, rename, fsync of the
 * folder, which must be there. A file that has that content is not written again.
 * @returns whether it wrote
 * @throws Error of the file system
 */
export function writeWhole(path: string, content: string, rights: Rights = {}): boolean {
  if (readIfThere(path) === content) {
    setRights(path, rights);
    return false;
  }
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  // `wx`: in a folder that others may write to, nobody lays a link where a secret goes.
  const file = openSync(temporary, 'wx', rights.mode ?? 0o666);
  try {
    if (rights.group !== undefined) fchownSync(file, process.getuid?.() ?? 0, rights.group);
    if (rights.mode !== undefined) fchmodSync(file, rights.mode);
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
  return true;
}

/** @returns whether it was there */
export function removeWhole(path: string): boolean {
  if (readIfThere(path) === undefined) return false;
  rmSync(path);
  syncFolder(dirname(path));
  return true;
}

/** Undefined: there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Of the kernel. Undefined as well for what the hardware does not answer: EINVAL, EIO, ENXIO, ETIMEDOUT … */
export function sysfsAttribute(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** What a JSON file holds. Undefined: not there, or torn. */
export function jsonIn(path: string): unknown {
  const text = readIfThere(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

function setRights(path: string, { mode, group }: Rights): void {
  const now = statSync(path);
  if (group !== undefined && now.gid !== group) chownSync(path, now.uid, group);
  if (mode !== undefined && (now.mode & 0o7777) !== mode) chmodSync(path, mode);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
