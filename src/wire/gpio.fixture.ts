import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, type FaultKind } from '../core/errors.ts';
import { GpioOutputs } from './gpio-outputs.ts';

export const isFault =
  (kind: FaultKind, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);

interface Chip {
  device: string;
  name: string;
  label: string;
  base: number;
  lines: number;
}
export const pi4: Chip = {
  device: 'fe200000.gpio',
  name: 'gpiochip0',
  label: 'pinctrl-bcm2711',
  base: 512,
  lines: 58,
};
export const expander: Chip = {
  device: 'expander',
  name: 'gpiochip1',
  label: 'raspberrypi-exp-gpio',
  base: 570,
  lines: 8,
};
export const pi5: Chip = {
  device: '1f000d0000.gpio',
  name: 'gpiochip0',
  label: 'pinctrl-rp1',
  base: 569,
  lines: 54,
};

/** A /sys with these chips; what is written to `export` appears after a while, as udev would have it. */
export function setUp(t: { after(end: () => void): void }, ...chips: Chip[]) {
  const sys = mkdtempSync(join(tmpdir(), 'gpio-'));
  const run = join(sys, 'run');
  t.after(() => rmSync(sys, { recursive: true }));
  for (const folder of ['class/gpio', 'bus/gpio/devices', 'bus/w1/devices', 'run'])
    mkdirSync(join(sys, folder), { recursive: true });
  writeFileSync(join(sys, 'class/gpio/export'), '');
  for (const { device, name, label, base, lines } of chips) {
    const old = join(sys, 'devices', device, 'gpio', `gpiochip${base}`);
    const now = join(sys, 'devices', device, name);
    for (const folder of [old, now]) mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ label, base, ngpio: lines }))
      writeFileSync(join(old, file), `${text}\n`);
    symlinkSync(old, join(sys, 'class/gpio', `gpiochip${base}`));
    symlinkSync(now, join(sys, 'bus/gpio/devices', name));
  }
  /** The line as the kernel shows it once it is exported. */
  function line(number: number, direction = 'in', value = '0') {
    const folder = join(sys, 'class/gpio', `gpio${number}`);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ direction, value, active_low: '0' }))
      writeFileSync(join(folder, file), `${text}\n`);
    return folder;
  }
  const events: string[] = [];
  const broken = new Set<number>();
  const outputs = new GpioOutputs({
    sys,
    run,
    async open(number, direction) {
      events.push(`${number} ${direction}`);
      const write = (level: 0 | 1) => {
        if (broken.has(number)) throw new Error('ENODEV');
        events.push(`${number} = ${level}`);
      };
      return {
        read: async () => 1,
        write: async (level) => write(level),
        writeSync: write,
        unexport: () => void events.push(`${number} free`),
      };
    },
  });
  return { sys, run, line, events, broken, outputs };
}
