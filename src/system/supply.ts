import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, sysfsAttribute } from './whole-file.ts';

/** How the board's own supply does. */
export interface Supply {
  /** The voltage is too low now. */
  readonly low: boolean;
  /** It was since the start; undefined: this kernel does not say. */
  readonly wasLow?: boolean;
}

/** Raspberry Pi firmware, GET_THROTTLED: bit 0 now, bit 16 since the start. */
const LOW_NOW = 1;
const WAS_LOW = 1 << 16;

/**
 * By the Raspberry Pi's firmware (its own kernel) or the hwmon device `rpi_volt` (Linux: Documentation/hwmon/raspberrypi-hwmon.rst).
 * @returns undefined on boards that do not measure it
 */
export function readSupply(sys = '/sys'): Supply | undefined {
  const flags = sysfsAttribute(join(sys, 'devices/platform/soc/soc:firmware/get_throttled'));
  if (flags !== undefined) {
    const bits = Number.parseInt(flags, 16);
    return { low: (bits & LOW_NOW) !== 0, wasLow: (bits & WAS_LOW) !== 0 };
  }
  const folder = hwmonNamed(join(sys, 'class/hwmon'), 'rpi_volt');
  const alarm = folder && sysfsAttribute(join(folder, 'in0_lcrit_alarm'));
  return alarm === undefined ? undefined : { low: alarm.trim() === '1' };
}

/** For the banner and the doctor; undefined: nothing needs a look. */
export function supplyWords({ low, wasLow }: Supply): string | undefined {
  const advice = 'use the 5 V supply made for this board, a short thick cable, and a powered hub for cameras';
  if (low) return `the supply voltage is too low: exposures and drives may fail; ${advice}`;
  return wasLow ? `the supply voltage was too low since the start; ${advice}` : undefined;
}

function hwmonNamed(folder: string, wanted: string): string | undefined {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .find((path) => sysfsAttribute(join(path, 'name'))?.trim() === wanted);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
