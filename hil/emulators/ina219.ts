import { cell } from '../../src/core/cell.ts';
import { clamp } from '../../src/core/units.ts';
import type { EmulatorFamily } from './emulator.ts';

const BATTERY_VOLTS = 12.8;
const BATTERY_OHMS = 0.06;
const HEATER_WATTS = 6;
const RESET = 0x399f;

/**
 * An INA219 in the supply of the main telescope: a battery under the camera's load and that of the dew strap. Options:
 * `amperes`: without the strap (1.2), `shuntOhms` (0.1).
 */
export const ina219: EmulatorFamily = {
  family: 'ina219',
  kind: 'registers',
  create({ world, options }) {
    const base = Number(options.amperes ?? 1.2);
    const ohms = Number(options.shuntOhms ?? 0.1);
    const truth = cell<Readonly<Record<string, unknown>>>({});
    let pointer = 0;
    let configuration = RESET;
    let calibration = 0;

    function measure() {
      const amperes = base + (world.glass.heater * HEATER_WATTS) / BATTERY_VOLTS;
      const volts = BATTERY_VOLTS - amperes * BATTERY_OHMS;
      truth.set({ volts, amperes });
      const full = 4000 << ((configuration >> 11) & 3);
      const shunt = clamp(Math.round((amperes * ohms) / 10e-6), -full, full);
      const product = Math.trunc((shunt * calibration) / 4096);
      const bus = Math.round(volts / 0.004);
      const power = Math.trunc((Math.abs(product) * bus) / 5000);
      const overflow = Math.abs(product) > 0x7fff || power > 0xffff ? 1 : 0;
      return { shunt, bus: (bus << 3) | 0b10 | overflow, current: product, power };
    }

    function word(register: number): number {
      const { shunt, bus, current, power } = measure();
      return [configuration, shunt, bus, power, current, calibration][register] ?? 0;
    }

    return {
      truth,
      transfer(write, length) {
        const [register, high, low] = write;
        if (register !== undefined) pointer = register;
        if (high !== undefined && low !== undefined) {
          const value = (high << 8) | low;
          if (pointer === 0) configuration = value & 0x8000 ? RESET : value & 0x3fff;
          if (pointer === 0 && value & 0x8000) calibration = 0;
          if (pointer === 5) calibration = value & 0xfffe;
        }
        const value = word(pointer);
        return Uint8Array.from({ length }, (_, at) => (value >> (at % 2 === 0 ? 8 : 0)) & 0xff);
      },
    };
  },
};
