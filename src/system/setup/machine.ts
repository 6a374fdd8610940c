import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { isMissing, readIfThere } from '../whole-file.ts';

/** The machine under the setup: what tests replace. */
export interface Machine {
  /** Root owns files for others, and mounts. */
  readonly root: boolean;
  /** Number of a group; undefined: there is none, or we may not give files to it. */
  group(name: string): number | undefined;
  /** The kernel's driver of a network interface: `brcmfmac`; undefined: it is not there. */
  driver(name: string): string | undefined;
  /** @returns what it printed; undefined when it failed or is not there */
  run(program: string, ...args: string[]): string | undefined;
}

/** A program that hangs must not keep the unit from starting. */
const PATIENCE_MS = 10_000;

export function thisMachine(): Machine {
  const root = process.getuid?.() === 0;
  return {
    root,
    group(name) {
      const line = (root ? readIfThere('/etc/group') : undefined)
        ?.split('\n')
        .find((each) => each.startsWith(`${name}:`));
      return line === undefined ? undefined : Number(line.split(':')[2]);
    },
    driver(name) {
      try {
        return basename(readlinkSync(`/sys/class/net/${name}/device/driver`));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    run(program, ...args) {
      const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: PATIENCE_MS });
      return status === 0 ? stdout : undefined;
    },
  };
}
