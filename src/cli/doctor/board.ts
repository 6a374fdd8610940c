import { type GpioChip, isHeader } from '../../wire/gpio-chips.ts';
import type { I2cBus, I2cBuses } from '../../wire/i2c.ts';
import type { Finding } from './finding.ts';

/** The buses and lines of a board, as far as they are seen. */
export interface BoardSeen {
  /** A computer that is made for such chips: it has a device tree. */
  isBoard: boolean;
  buses: readonly (I2cBus & { found?: Awaited<ReturnType<I2cBuses['scan']>>; trouble?: string })[];
  chips: readonly GpioChip[];
  /** Without rights, lines cannot be exported. */
  mayExport: boolean;
  oneWire: boolean;
  probes: readonly string[];
  mayOpen(path: string): boolean;
}

/** Chips that Nightjar has drivers for, by where they may sit. */
const KNOWN: readonly [from: number, to: number, name: string][] = [
  [0x76, 0x77, 'BME280'],
  [0x40, 0x4f, 'INA219'],
];

const WITHOUT_I2C: Finding = {
  what: 'i2c',
  state: 'missing',
  words: 'no bus: switch it on (dtparam=i2c_arm=on in config.txt, and the module i2c-dev)',
};

const hex = (address: number) => `0x${address.toString(16).padStart(2, '0')}`;
const GROUP = (group: string) =>
  `add the user to the group "${group}" (sudo usermod -aG ${group} …), and log in anew`;

/** Each I2C bus, GPIO chip and 1-wire probe; nothing at all of a computer that has none. */
export function boardFindings({
  isBoard,
  buses,
  chips,
  mayExport,
  oneWire,
  probes,
  mayOpen,
}: BoardSeen): Finding[] {
  return [
    ...(isBoard && buses.length === 0 ? [WITHOUT_I2C] : []),
    ...buses.map((bus) => busFinding(bus, mayOpen)),
    ...chips.map((chip) => chipFinding(chip, mayExport)),
    ...probes.map((id) => ({ what: `1-wire ${id}`, state: 'ok' as const, words: 'a DS18B20' })),
    ...(oneWire && probes.length === 0
      ? [
          {
            what: '1-wire',
            state: 'note' as const,
            words: 'a bus without a thermometer: check its cable and the 4.7 kΩ to 3.3 V',
          },
        ]
      : []),
  ];
}

function busFinding(
  { path, adapter, found, trouble }: BoardSeen['buses'][number],
  mayOpen: BoardSeen['mayOpen'],
): Finding {
  const what = `i2c ${path}`;
  if (!mayOpen(path))
    return { what, state: 'wrong', words: `${adapter}; may not be opened: ${GROUP('i2c')}` };
  if (trouble !== undefined)
    return { what, state: 'wrong', words: `${adapter}; it hangs (${trouble}): check SDA and SCL` };
  if (!found) return { what, state: 'ok', words: `${adapter}; a bus of the computer's own, not asked` };
  const held = found.held.map((address) => `${hex(address)} (has a driver of the kernel)`);
  const chips = [...found.answering.map(nameOf), ...held];
  const words = chips.length > 0 ? `on it: ${chips.join(', ')}` : 'nobody answers on it';
  return { what, state: 'ok', words: `${adapter}; ${words}` };
}

/** `0x76 (may be: BME280)`. */
export function nameOf(address: number): string {
  const known = KNOWN.find(([from, to]) => address >= from && address <= to);
  return known ? `${hex(address)} (may be: ${known[2]})` : hex(address);
}

function chipFinding(chip: GpioChip, mayExport: boolean): Finding {
  const { name, label, lines, base } = chip;
  const where = isHeader(chip) ? ', the header' : '';
  const words = `${lines} lines from number ${base}${where}`;
  const what = `gpio ${label}${name ? ` (${name})` : ''}`;
  return mayExport
    ? { what, state: 'ok', words }
    : { what, state: 'wrong', words: `${words}; its lines may not be used: ${GROUP('gpio')}` };
}
