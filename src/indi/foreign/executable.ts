import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Fault } from '../../core/errors.ts';

export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Where a program is, by its name on the path or its absolute path; undefined: not installed. */
export function findExecutable(name: string, path = process.env.PATH ?? DEFAULT_PATH): string | undefined {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => isAbsolute(place) && isExecutable(place));
}

export interface FoundDriver {
  path: string;
  /** Folders of libraries that came with it. */
  libraries: readonly string[];
}

/**
 * A driver by its name: of the packages that were unpacked into the data directory, which the owner has chosen, else of
 * the system. @param packages directory whose folders are little roots of their own: `usr/bin`, `usr/lib` …
 */
export function findDriver(name: string, packages?: string, searchPath?: string): FoundDriver | undefined {
  const roots = isAbsolute(name) || packages === undefined ? [] : packageRoots(packages);
  for (const root of roots) {
    const path = join(root, 'usr/bin', name);
    if (isExecutable(path)) return { path, libraries: librariesIn(root) };
  }
  const path = findExecutable(name, searchPath);
  return path === undefined ? undefined : { path, libraries: [] };
}

/** The packages' own roots; none where there is no such directory. */
export function packageRoots(packages: string): string[] {
  if (!existsSync(packages)) return [];
  const names = readdirSync(packages).filter((name) => !name.startsWith('.'));
  return names.sort().map((name) => join(packages, name));
}

/** Debian keeps libraries in a folder of the architecture; makers' own packages do not always. */
function librariesIn(root: string): string[] {
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => {
      const inside = readdirSync(folder).filter((name) => name.endsWith('-linux-gnu'));
      return [...inside.map((name) => join(folder, name)), folder];
    });
}

function isExecutable(place: string): boolean {
  try {
    accessSync(place, constants.X_OK);
    return statSync(place).isFile();
  } catch {
    return false;
  }
}

/** CAP_SYS_TIME of linux/capability.h. */
const CAP_SYS_TIME = 1n << 25n;

/**
 * The command line that runs an executable without the right to set the system's clock, which drivers of GPS class
 * use (one emulated fix with an old date moved a machine by days), and that ends it when this process is gone.
 * @param libraries folders where it finds what is linked with it, before the system's own
 * @throws Fault `refused` when that right cannot be taken from it
 */
export function confined(
  executable: string,
  libraries: readonly string[] = [],
): readonly [string, ...string[]] {
  // After setpriv, which has nothing to find among a maker's libraries.
  const command: [string, ...string[]] =
    libraries.length > 0
      ? ['/usr/bin/env', `LD_LIBRARY_PATH=${libraries.join(':')}`, executable]
      : [executable];
  const setpriv = findExecutable('setpriv');
  const powerful = maySetClock();
  if (!setpriv) {
    if (powerful)
      throw new Fault('refused', `${executable} could set the clock: install setpriv (util-linux)`);
    return command;
  }
  const drop = powerful ? ['--inh-caps', '-sys_time'] : [];
  const bound = powerful && process.getuid?.() === 0 ? ['--bounding-set', '-sys_time'] : [];
  return [setpriv, '--pdeathsig', 'TERM', ...bound, ...drop, '--', ...command];
}

function maySetClock(): boolean {
  const status = readFileSync('/proc/self/status', 'latin1');
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1];
  return effective === undefined || (BigInt(`0x${effective}`) & CAP_SYS_TIME) !== 0n;
}
