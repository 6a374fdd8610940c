import { mkdir } from 'node:fs/promises';
import { BadInput } from '../../core/errors.ts';
import type { Command } from '../command.ts';

/** What a package says of itself (deb-control(5)). */
export interface DebFacts {
  name: string;
  version: string;
  architecture: string;
  /** Names, without versions and alternatives. */
  depends: readonly string[];
}

const READ_MS = 20_000;
const UNPACK_MS = 120_000;

/** @throws BadInput for what is no package */
export async function readDeb(file: string, command: Command): Promise<DebFacts> {
  const fields = ['Package', 'Version', 'Architecture', 'Depends'];
  const { code, stdout } = await command('dpkg-deb', ['--field', file, ...fields], READ_MS);
  const told = new Map(
    stdout.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+): (.+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value as string] as const];
    }),
  );
  const [name, version, architecture, depends = ''] = fields.map((field) => told.get(field));
  if (code !== 0 || !name || !version || !architecture || !/^[a-z0-9][a-z0-9+.-]+$/.test(name)) {
    throw new BadInput('it is no Debian package (.deb), nor an archive (.tar) of such');
  }
  const names = depends.split(',').flatMap((each) => /^\s*([a-z0-9][a-z0-9+.-]+)/.exec(each)?.[1] ?? []);
  return { name, version, architecture, depends: names };
}

/**
 * Its files into a directory of its own; no script of it runs (those are for root's own system, and this is none of it).
 * tar keeps within the directory whatever the names say (GNU tar manual, 10.2.1). @throws BadInput
 */
export async function unpackDeb(file: string, directory: string, command: Command): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { code, stderr } = await command('dpkg-deb', ['--extract', file, directory], UNPACK_MS);
  if (code !== 0) throw new BadInput(`the package cannot be unpacked: ${lastLine(stderr)}`);
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
