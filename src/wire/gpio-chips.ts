import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../core/errors.ts';
import { attribute, entriesOf } from './usb.ts';

/** A GPIO chip as the kernel's old interface counts its lines: global number = base + offset. */
export interface GpioChip {
  /** `gpiochip0`, as gpiodetect prints it; undefined where it cannot be told from its neighbours. */
  name?: string;
  /** `pinctrl-bcm2711` */
  label: string;
  /** 0 on old kernels, 512 and more since 6.6, 569 and more on a Pi 5. */
  base: number;
  lines: number;
}

/** Whose lines are on a Raspberry Pi's header, their offset being the BCM number: Pi 5, Pi 4, those before. */
const HEADERS = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'];
export const isHeader = ({ label }: GpioChip): boolean => HEADERS.includes(label);

/** The chips of this machine (kernel: Documentation/admin-guide/gpio/sysfs), by base. */
export async function findChips(sys = '/sys'): Promise<GpioChip[]> {
  const folder = join(sys, 'class/gpio');
  const names = await namesOf(sys);
  const chips: (GpioChip & { parent: string })[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!/^gpiochip\d+$/.test(entry)) continue;
    const [label, base, lines] = await Promise.all(
      ['label', 'base', 'ngpio'].map((name) => attribute(join(folder, entry, name))),
    );
    if (label === undefined || base === undefined) continue;
    // …/fe200000.gpio/gpio/gpiochip512 lies beside …/fe200000.gpio/gpiochip0, or in it where that has no parent.
    const parent = dirname(dirname(await realpath(join(folder, entry))));
    chips.push({ label, base: Number(base), lines: Number(lines), parent });
  }
  return chips
    .sort((a, b) => a.base - b.base)
    .map(({ parent, ...chip }) => {
      const candidates = names.get(parent) ?? [];
      const alone = candidates.length === 1 && chips.filter((other) => other.parent === parent).length === 1;
      return alone ? { name: candidates[0] as string, ...chip } : chip;
    });
}

/** The names of the new interface by their own folders and by those of the devices that have them. */
async function namesOf(sys: string): Promise<Map<string, string[]>> {
  const folder = join(sys, 'bus/gpio/devices');
  const names = new Map<string, string[]>();
  for (const name of await entriesOf(folder)) {
    const own = await realpath(join(folder, name));
    const parent = dirname(own);
    names.set(own, [name]);
    names.set(parent, [...(names.get(parent) ?? []), name]);
  }
  return names;
}

/**
 * The chip that the owner means. @param wanted label or name; absent: the header's
 * @throws Fault `gone` with what there is instead, `refused` where two have the label
 */
export function chipOf(chips: readonly GpioChip[], wanted?: string): GpioChip {
  const fit = chips.filter((chip) =>
    wanted === undefined ? isHeader(chip) : chip.label === wanted || chip.name === wanted,
  );
  const [chip, other] = fit;
  if (other)
    throw new Fault(
      'refused',
      `${fit.length} GPIO chips are ${wanted ?? 'a header'}: name one by its gpiochip`,
    );
  if (chip) return chip;
  const what = wanted === undefined ? 'no header of a Raspberry Pi' : `no GPIO chip ${wanted}`;
  const there = chips.map(({ name, label }) => (name ? `${label} (${name})` : label)).join(', ');
  throw new Fault('gone', `there is ${what} here; ${there ? `there are ${there}` : 'there is none at all'}`);
}

/**
 * What a line of the header is known for, be it in use or not: a switched line there corrupts the bus, or the bus switches
 * the line (Raspberry Pi GPIO functions, ALT0). @param oneWire the board has a 1-wire bus
 */
export function functionOf(line: number, oneWire: boolean): string | undefined {
  if (line <= 1) return 'the ID EEPROM (I2C 0)';
  if (line <= 3) return 'I2C 1';
  if (line === 4 && oneWire) return '1-wire';
  if (line >= 7 && line <= 11) return 'SPI 0';
  if (line === 14 || line === 15) return 'the serial port (UART)';
  return undefined;
}
