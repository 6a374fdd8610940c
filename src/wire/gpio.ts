import { constants } from 'node:fs';
import { access, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { asError, Fault } from '../core/errors.ts';
import { otherProgram } from './serial-place.ts';

/** What is used of a line of `onoff`. */
export interface Pin {
  read(): Promise<0 | 1>;
  write(level: 0 | 1): Promise<void>;
  writeSync(level: 0 | 1): void;
  /** Closes it and lets the line go. */
  unexport(): void;
}

/** Rights come by udev, a moment after the line. */
const RIGHTS_MS = 3000;
const RIGHTS_STEP_MS = 20;

/** Where an exported line is. */
export const folderOf = (sys: string, number: number): string => join(sys, 'class/gpio', `gpio${number}`);

/** Makes the line appear under /sys/class/gpio, and waits until it may be used. A line that is there is taken over. */
export async function exportLine(sys: string, number: number, what: string, clock: Clock): Promise<void> {
  const folder = folderOf(sys, number);
  const exported = await mayUse(folder, constants.F_OK);
  if (exported) {
    // From a life of ours before, or a neighbour's: who has it open is asked.
    const program = await otherProgram(join(await realpath(folder), 'value'));
    if (program) throw new Fault('busy', `${what} is in use by ${program}: end that first`);
  } else {
    await writeFile(join(sys, 'class/gpio/export'), String(number)).catch((error) => {
      throw exportFault(what, error);
    });
  }
  const until = clock.monotonic() + RIGHTS_MS;
  while (!(await mayUse(folder, constants.R_OK | constants.W_OK))) {
    if (clock.monotonic() > until)
      throw new Fault('refused', `${what} may not be opened: add the user to the group "gpio"`);
    await clock.sleep(RIGHTS_STEP_MS);
  }
}

async function mayUse(folder: string, mode: number): Promise<boolean> {
  const files = ['value', 'direction', 'active_low'].map((name) => access(join(folder, name), mode));
  return Promise.all(files).then(
    () => true,
    () => false,
  );
}

export function exportFault(what: string, error: NodeJS.ErrnoException): Fault {
  const cause = { cause: error };
  switch (error.code) {
    case 'EBUSY':
      return new Fault(
        'busy',
        `${what} is in use by the kernel or another program (gpioinfo names it)`,
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return new Fault('refused', `${what}: add the user to the group "gpio"`, cause);
    case 'EROFS':
      return new Fault('refused', `${what}: /sys may not be written here (ProtectKernelTunables?)`, cause);
    case 'EINVAL':
      return new Fault('unsupported', `${what} cannot be used from programs`, cause);
    case 'ENOENT':
      return new Fault('gone', 'this kernel has no /sys/class/gpio (CONFIG_GPIO_SYSFS)', cause);
    default:
      return new Fault('gone', `${what}: ${error.message}`, cause);
  }
}

export async function openPin(number: number, direction: 'in' | 'high' | 'low'): Promise<Pin> {
  const { Gpio } = await import('onoff').catch((error) => {
    throw new Fault('unsupported', `GPIO: the package onoff does not load here: ${asError(error).message}`);
  });
  const pin = new Gpio(number, direction, undefined, { activeLow: false });
  // On a line that is exported already the package says nothing when it could not set the direction.
  if (pin.direction() === (direction === 'in' ? 'in' : 'out')) return pin;
  pin.unexport();
  throw new Fault('refused', `GPIO ${number} cannot be made an ${direction === 'in' ? 'input' : 'output'}`);
}
