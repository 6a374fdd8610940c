import { cell } from '../../src/core/cell.ts';
import type { EmulatorFamily } from './emulator.ts';

/** Steps a degree at 12 bits. */
const STEPS = 16;
/** Alarm limits, configuration for 12 bits, and the reserved bytes as they are after a conversion. */
const REST = [0x4b, 0x46, 0x7f, 0xff, 0x0e, 0x10];

/** A DS18B20 under the strap at the main telescope's glass. Options: `at`: `glass` (default) or `air`. */
export const ds18b20: EmulatorFamily = {
  family: 'ds18b20',
  kind: 'one-wire',
  create({ world, options }) {
    const truth = cell<Readonly<Record<string, unknown>>>({});
    const celsius = () =>
      options.at === 'air' ? world.weather.at().temperatureCelsius : world.glass.celsius();
    return {
      truth,
      scratchpad() {
        const steps = Math.min(2000, Math.max(-880, Math.round(celsius() * STEPS)));
        truth.set({ celsius: steps / STEPS });
        const bytes = [steps & 0xff, (steps >> 8) & 0xff, ...REST];
        return Uint8Array.from([...bytes, crc(bytes)]);
      },
    };
  },
};

/** The remainder of the bits, first bit first, divided by x⁸+x⁵+x⁴+1; sent lowest bit first. */
function crc(bytes: readonly number[]): number {
  let register = 0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const top = (register >> 7) & 1;
      register = (register << 1) & 0xff;
      if (top !== ((byte >> bit) & 1)) register ^= 0x31;
    }
  }
  return Number.parseInt(register.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
}
