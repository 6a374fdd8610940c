import { cell } from '../../src/core/cell.ts';
import { compensate, type Trim, trim, trimBytes } from './bme280-trim.ts';
import type { EmulatorFamily } from './emulator.ts';

/** A conversion of all channels once, and the copy of the trimming values after a reset. */
const MEASURE_MS = 9.3;
const COPY_MS = 2;
const SKIPPED = [0x80, 0x00, 0x00, 0x80, 0x00, 0x00, 0x80, 0x00];

/** A BME280 in the air of the site. Options: `chip`: `bme280` (default) or `bmp280`, which has no humidity. */
export const bme280: EmulatorFamily = {
  family: 'bme280',
  kind: 'registers',
  create({ clock, world, options }) {
    const wet = options.chip !== 'bmp280';
    const memory = new Uint8Array(256);
    const truth = cell<Readonly<Record<string, unknown>>>({});
    let pointer = 0;
    let busyUntil = 0;
    let busyBit = 0;
    /** What a conversion under way will have measured. */
    let due: Uint8Array | undefined;
    let humidityOversampling = 0;

    function reset(): void {
      memory.fill(0);
      memory[0xd0] = wet ? 0x60 : 0x58;
      for (const [register, bytes] of trimBytes(trim, wet)) memory.set(bytes, register);
      memory.set(SKIPPED.slice(0, wet ? 8 : 6), 0xf7);
      humidityOversampling = 0;
      due = undefined;
      busyBit = 0x01;
      busyUntil = clock.monotonic() + COPY_MS;
    }

    function settle(): void {
      const busy = clock.monotonic() < busyUntil;
      memory[0xf3] = busy ? busyBit : 0;
      if (busy || !due) return;
      memory.set(due, 0xf7);
      due = undefined;
      // A forced measurement is followed by sleep.
      memory[0xf4] = (memory[0xf4] as number) & 0xfc;
    }

    function set(register: number, value: number): void {
      settle();
      if (register === 0xe0 && value === 0xb6) reset();
      if (register === 0xf2 || register === 0xf5) memory[register] = value;
      if (register !== 0xf4) return;
      memory[0xf4] = value;
      humidityOversampling = (memory[0xf2] as number) & 7;
      const mode = value & 3;
      if (mode !== 1 && mode !== 2) return;
      const air = world.weather.at();
      truth.set({
        celsius: air.temperatureCelsius,
        humidity: air.humidity,
        hectopascals: air.pressureHpa,
      });
      due = sample(trim, air, { t: value >> 5, p: (value >> 2) & 7, h: wet ? humidityOversampling : 0 }, wet);
      busyBit = 0x08;
      busyUntil = clock.monotonic() + MEASURE_MS;
    }

    reset();
    return {
      truth,
      transfer(write, length) {
        const [register] = write;
        if (register !== undefined) pointer = register;
        // Each value goes with its register (section 6.2.1).
        for (let at = 0; at + 1 < write.length; at += 2) set(write[at] as number, write[at + 1] as number);
        settle();
        const read = Uint8Array.from({ length }, (_, at) => memory[(pointer + at) & 0xff] as number);
        pointer = (pointer + length) & 0xff;
        return read;
      },
    };
  },
};

interface Oversampling {
  t: number;
  p: number;
  h: number;
}

/** The raw numbers that compensate to this air: found by halving, for each grows or falls with its quantity. */
function sample(
  by: Trim,
  air: { temperatureCelsius: number; humidity: number; pressureHpa: number },
  oversampling: Oversampling,
  wet: boolean,
): Uint8Array {
  const rawT = search(20, (raw) => compensate.celsius(by, raw) >= air.temperatureCelsius);
  const rawP = search(20, (raw) => compensate.pascals(by, raw, rawT) <= air.pressureHpa * 100);
  const rawH = search(16, (raw) => compensate.humidity(by, raw, rawT) >= air.humidity);
  const twenty = (raw: number) => [raw >> 12, (raw >> 4) & 0xff, (raw & 0xf) << 4];
  const bytes = [
    ...(oversampling.p ? twenty(rawP) : SKIPPED.slice(0, 3)),
    ...(oversampling.t ? twenty(rawT) : SKIPPED.slice(0, 3)),
    ...(oversampling.h ? [rawH >> 8, rawH & 0xff] : SKIPPED.slice(6)),
  ];
  return Uint8Array.from(wet ? bytes : bytes.slice(0, 6));
}

/** The first number of so many bits that is enough; the largest where none is. */
function search(bits: number, enough: (raw: number) => boolean): number {
  let [low, high] = [0, 2 ** bits - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
