import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../src/core/clock.ts';

/** Linux, Documentation/admin-guide/gpio/gpio-sim.rst. */
const CONFIG = '/sys/kernel/config/gpio-sim';
const LINES = 54;

export interface SimulatedChip {
  /** `gpiochip0` */
  name: string;
  label: string;
  /** The level on the wire. */
  level(line: number): boolean;
  /** What holds the wire from outside, while it is an input. */
  pull(line: number, up: boolean): void;
}

/** A chip with as many lines as the header's on the board; the wires' other ends are ours. Needs root. */
export function simulatedChip(label: string): SimulatedChip {
  const folder = join(CONFIG, 'bench');
  const bank = join(folder, 'header');
  mkdirSync(bank, { recursive: true });
  writeFileSync(join(bank, 'num_lines'), String(LINES));
  writeFileSync(join(bank, 'label'), label);
  writeFileSync(join(folder, 'live'), '1');
  const device = readFileSync(join(folder, 'dev_name'), 'utf8').trim();
  const name = readFileSync(join(bank, 'chip_name'), 'utf8').trim();
  const wires = ['', name]
    .map((part) => join('/sys/devices/platform', device, part))
    .find((path) => existsSync(join(path, 'sim_gpio0')));
  if (!wires) throw new Error(`${device}: no wires in ${readdirSync(join('/sys/devices/platform', device))}`);
  return {
    name,
    label,
    level: (line) => readFileSync(join(wires, `sim_gpio${line}`, 'value'), 'utf8').trim() === '1',
    pull: (line, up) => writeFileSync(join(wires, `sim_gpio${line}`, 'pull'), up ? 'pull-up' : 'pull-down'),
  };
}

const LOOK_MS = 20;

/** Tells each change of a wire, and what it was on average. */
export interface Probe {
  changes: number;
  /** Of the time since the last asking, 0–1. */
  duty(): number;
  end(): void;
}

export function probe(
  chip: SimulatedChip,
  line: number,
  clock: Clock,
  tell: (level: boolean) => void,
): Probe {
  let level = chip.level(line);
  let since = clock.monotonic();
  let looked = since;
  let high = 0;
  let over = false;
  const state: Probe = {
    changes: 0,
    duty() {
      const now = clock.monotonic();
      const share = now > since ? high / (now - since) : 0;
      since = now;
      high = 0;
      return share;
    },
    end() {
      over = true;
    },
  };
  const look = () => {
    if (over) return;
    const now = clock.monotonic();
    if (level) high += now - looked;
    looked = now;
    const next = chip.level(line);
    if (next !== level) {
      level = next;
      state.changes++;
      tell(level);
    }
    clock.after(LOOK_MS, look);
  };
  tell(level);
  look();
  return state;
}
