import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { entriesOf, isAbsent } from './usb.ts';

/** A process that has a device file open. */
export interface Holder {
  path: string;
  pid: number;
  /** Its program: `gpsd`. */
  name: string;
}

export interface Holders {
  holders: readonly Holder[];
  /** Processes of other users, whose files only root may see. */
  hidden: number;
}

const EVERY_DEVICE = /^\/dev\/(tty(?!\d*$)|pts\/|bus\/usb\/|hidraw|video)/;

/**
 * Who has which device open, from /proc/<pid>/fd (proc(5)).
 * @param wanted which files to tell of; default serial ports, USB devices, hidraw and video
 */
export async function readHolders(
  wanted: (path: string) => boolean = (path) => EVERY_DEVICE.test(path),
  proc = '/proc',
): Promise<Holders> {
  const holders: Holder[] = [];
  let hidden = 0;
  for (const entry of await entriesOf(proc)) {
    if (!/^\d+$/.test(entry)) continue;
    const paths = await openFiles(join(proc, entry, 'fd'));
    if (!paths) hidden++;
    const seen = new Set((paths ?? []).filter(wanted));
    const pid = Number(entry);
    for (const path of seen) holders.push({ path, pid, name: await programOf(join(proc, entry)) });
  }
  return { holders, hidden };
}

/** Undefined: not ours to see. */
async function openFiles(folder: string): Promise<string[] | undefined> {
  try {
    const paths = [];
    for (const fd of await entriesOf(folder)) paths.push(await readlink(join(folder, fd)).catch(unlessGone));
    return paths.filter((path) => path !== undefined);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}

/** Processes end and files close while we look. */
function unlessGone(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

/** Which of these programs run, wherever they are: each once. */
export async function runningOf(names: readonly string[], proc = '/proc'): Promise<string[]> {
  const running = new Set<string>();
  for (const entry of await entriesOf(proc)) {
    if (/^\d+$/.test(entry)) running.add(await programOf(join(proc, entry)));
  }
  return names.filter((name) => running.has(name));
}

const INTERPRETER = /^(node|python[\d.]*|perl|sh|bash)$/;

/** By its command line: the kernel's own name of it ends after 15 characters. */
async function programOf(folder: string): Promise<string> {
  const line = (await readFile(join(folder, 'cmdline'), 'utf8').catch(unlessGone)) ?? '';
  const [command = '', script = ''] = line.split('\0');
  const name = basename(command);
  if (INTERPRETER.test(name) && script !== '' && !script.startsWith('-')) return basename(script);
  return name || 'a program';
}
