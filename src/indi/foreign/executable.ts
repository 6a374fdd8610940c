import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Fault } from '../../core/errors.ts';

export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Where a program is, by its name on the path or its absolute path; undefined: not installed. */
export function findExecutable(name: string, path = process.env.PATH ?? DEFAULT_PATH): string | undefined {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => isAbsolute(place) && isExecutable(place));
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
 * @throws Fault `refused` when that right cannot be taken from it
 */
export function confined(executable: string): readonly [string, ...string[]] {
  const setpriv = findExecutable('setpriv');
  const powerful = maySetClock();
  if (!setpriv) {
    if (powerful)
      throw new Fault('refused', `${executable} could set the clock: install setpriv (util-linux)`);
    return [executable];
  }
  const drop = powerful ? ['--inh-caps', '-sys_time'] : [];
  const bound = powerful && process.getuid?.() === 0 ? ['--bounding-set', '-sys_time'] : [];
  return [setpriv, '--pdeathsig', 'TERM', ...bound, ...drop, '--', executable];
}

function maySetClock(): boolean {
  const status = readFileSync('/proc/self/status', 'latin1');
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1];
  return effective === undefined || (BigInt(`0x${effective}`) & CAP_SYS_TIME) !== 0n;
}
