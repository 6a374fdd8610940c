import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { BadInput } from '../../core/errors.ts';
import type { Command } from '../command.ts';
import { isMissing } from '../whole-file.ts';
import { lastLine } from './deb.ts';

/** What is written beside a kit's files when all of them are there and fit this machine. */
export interface Receipt {
  id: string;
  packages: readonly { name: string; version: string }[];
  /** Drivers of it, by name. */
  executables: readonly string[];
  /** Of the licences' text. */
  licence: string;
  /** ISO 8601; absent: nobody has accepted it yet. */
  acceptedUtc?: string;
}

export const RECEIPT = 'nightjar.json';

/** Drivers, their libraries, rules and firmware, catalogue entries, licences. Everything else stays behind. */
const WANTED =
  /^(usr\/bin\/[^/]+|(usr\/)?lib\/(?!systemd\/).+|usr\/share\/(indi\/[^/]+\.xml|doc\/[^/]+\/(copyright|README[^/]*)))$/;
const MOST_FILES = 5000;
const MOST_BYTES = 512 << 20;

/** Takes the wanted files from where a package was unpacked. @returns what it left behind. @throws BadInput when there is no end of it */
export async function takeWanted(from: string, to: string): Promise<string[]> {
  const left: string[] = [];
  const count = { files: 0, bytes: 0 };
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (!WANTED.test(path) || !(await take(join(from, path), to, path, count))) left.push(path);
      if (count.files > MOST_FILES || count.bytes > MOST_BYTES)
        throw new BadInput('the package is too large');
    }
  };
  await walk('');
  return left;
}

async function take(
  source: string,
  to: string,
  path: string,
  count: { files: number; bytes: number },
): Promise<boolean> {
  const about = await lstat(source);
  const target = join(to, path);
  if (about.isSymbolicLink()) {
    const aim = await readlink(source);
    // Only to its own: `libx.so.1` → `libx.so.1.27`.
    if (isAbsolute(aim) || normalize(join(dirname(path), aim)).startsWith('..')) return false;
    await mkdir(dirname(target), { recursive: true });
    await symlink(aim, target).catch(unlessThere);
  } else if (about.isFile()) {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
    await chmod(target, path.startsWith('usr/bin/') ? 0o755 : 0o644);
    count.bytes += about.size;
  } else return false;
  count.files++;
  return true;
}

/** Two packages of one kit may bring the same link. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Where a kit's libraries are. */
export async function librariesOf(kit: string): Promise<string[]> {
  const folders = ['usr/lib', 'lib'];
  const found: string[] = [];
  for (const folder of folders) {
    const names = await namesIn(join(kit, folder));
    const inside = names.filter((name) => name.endsWith('-linux-gnu')).map((name) => join(folder, name));
    found.push(...inside, ...(names.length > 0 ? [folder] : []));
  }
  return found.map((folder) => join(kit, folder));
}

export const driversIn = async (kit: string): Promise<string[]> =>
  (await namesIn(join(kit, 'usr/bin'))).filter((name) => /^indi_[\w.+-]+$/.test(name)).sort();

/** Of every package of it, one after the other. */
export async function licencesIn(kit: string): Promise<{ package: string; text: string }[]> {
  const folder = join(kit, 'usr/share/doc');
  const texts = [];
  for (const name of (await namesIn(folder)).sort()) {
    const text = await readFile(join(folder, name, 'copyright'), 'utf8').catch(() => '');
    if (text !== '') texts.push({ package: name, text });
  }
  return texts;
}

export async function readReceipt(kit: string): Promise<Receipt | undefined> {
  try {
    return JSON.parse(await readFile(join(kit, RECEIPT), 'utf8')) as Receipt;
  } catch (error) {
    // A power cut leaves a file of zeros: then it was never whole.
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const writeReceipt = (kit: string, receipt: Receipt): Promise<void> =>
  writeFile(join(kit, RECEIPT), JSON.stringify(receipt, null, 2), { flush: true });

const loaders: Record<string, string> = {
  amd64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
  armhf: '/lib/ld-linux-armhf.so.3',
};

/**
 * Asks the dynamic loader whether a driver finds all that it is linked with; nothing of it runs (ld.so(8), --list).
 * @returns what is missing, in words; undefined: it will start
 */
export async function missingFor(
  executable: string,
  libraries: readonly string[],
  architecture: string,
  command: Command,
): Promise<string | undefined> {
  const loader = loaders[architecture];
  if (!loader) return undefined;
  const args = ['--library-path', libraries.join(':'), '--list', executable];
  const { code, stderr } = await command(loader, args, 20_000);
  if (code === 0) return undefined;
  const absent = /shared libraries: (\S+): cannot open/.exec(stderr)?.[1];
  const newer = /version `([^']+)' not found/.exec(stderr)?.[1];
  return absent ?? newer ?? lastLine(stderr);
}

/** Names in a folder; none where it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
