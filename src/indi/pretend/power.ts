import { cell } from '../../core/cell.ts';
import type { Lines } from '../../device/lines.ts';
import type { AdjustableOutput, DewHeater, PowerBox, SwitchedPort } from '../../device/power.ts';

function socket(id: string, label: string): SwitchedPort {
  const on = cell(false);
  return {
    id,
    label: cell(label),
    on,
    async setOn(wanted, run) {
      await run.sleep(100);
      on.set(wanted);
    },
  };
}

function heater(id: string, label: string): DewHeater {
  const duty = cell(0);
  const automatic = cell(false);
  return {
    id,
    label: cell(label),
    duty,
    automatic,
    async setDuty(percent) {
      duty.set(percent);
    },
    async setAutomatic(on) {
      automatic.set(on);
    },
  };
}

function adjustable(id: string, label: string): AdjustableOutput {
  const volts = cell(5);
  return {
    id,
    label: cell(label),
    volts,
    min: 3,
    max: 12,
    async setVolts(wanted) {
      volts.set(wanted);
    },
  };
}

/** Three sockets (the second measures), two heaters, one adjustable output, two USB ports. */
export function pretendPower() {
  const volts = cell<number | undefined>(12.5);
  const amperes = cell<number | undefined>(0.25);
  let cycles = 0;
  const power: PowerBox = {
    volts,
    ports: [socket('1', 'Mount'), { ...socket('2', 'Camera'), amperes }, socket('3', '')],
    usb: [socket('1', 'Hub'), socket('2', 'Guider')],
    heaters: [heater('a', 'Main mirror'), heater('b', 'Guide scope')],
    adjustable: [adjustable('1', 'Fan')],
    async cycle(run) {
      await run.sleep(1000);
      cycles++;
    },
  };
  return { power, volts, amperes, cycles: () => cycles };
}

export function pretendLines() {
  const contact = cell<boolean | undefined>(undefined);
  const humidity = cell<number | undefined>(45.5);
  const label = cell('Roof closed');
  const lines: Lines = {
    outputs: [socket('relay-1', 'Lamp'), socket('relay-2', 'Fan')],
    inputs: [{ id: 'gpio-4', label, on: contact }],
    analog: [{ id: 'adc-0', label: cell('Humidity'), value: humidity }],
  };
  return { lines, contact, humidity, label };
}
