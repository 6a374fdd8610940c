import type { Clock } from '../../../src/core/clock.ts';
import type { RegisterEmulator } from '../../emulators/emulator.ts';
import type { StubBus } from './i2c-stub.ts';

/** How often the stub is looked at. A chip's answer is there at the question after that. */
const LOOK_MS = 250;
/** The longest conversion of these chips. */
const CONVERSION_MS = 12;

/** BST-BME280-DS002, table 18: what the host writes, and what it reads. */
const bme = {
  reset: 0xe0,
  resetWord: 0xb6,
  humidity: 0xf2,
  measure: 0xf4,
  /** All channels, once. */
  once: 0x25,
  fixed: [
    [0x88, 26],
    [0xd0, 1],
    [0xe1, 7],
  ],
  data: [0xf7, 8],
} as const;
/** INA219 (SBOS448G, table 2): registers of 16 bits. */
const ina = { written: [5, 0], measured: [1, 2, 3, 4] } as const;

const bytesOf = (chip: RegisterEmulator, first: number, length: number) =>
  chip.transfer(Uint8Array.of(first), length) ?? new Uint8Array(length);

const wordOf = (chip: RegisterEmulator, register: number) => {
  const [high = 0, low = 0] = bytesOf(chip, register, 2);
  return (high << 8) | low;
};

/**
 * Keeps a BME280's registers on the stub: what the host has written goes to the chip, what it measures comes back. The
 * stub answers at once where the chip would still measure: so a measurement is always ready.
 */
export async function mirrorBme280(stub: StubBus, address: number, chip: RegisterEmulator, clock: Clock) {
  await clock.sleep(CONVERSION_MS);
  for (const [first, length] of bme.fixed) {
    await stub.putBytes(address, first, bytesOf(chip, first, length));
  }
  const look = async () => {
    const seen = await stub.bytes(address, bme.reset, 32);
    const at = (register: number) => seen[register - bme.reset] ?? 0;
    if (at(bme.reset) === bme.resetWord) {
      chip.transfer(Uint8Array.of(bme.reset, bme.resetWord), 0);
      await stub.putBytes(address, bme.reset, [0]);
      await clock.sleep(CONVERSION_MS);
    }
    const asked = at(bme.measure) || bme.once;
    chip.transfer(Uint8Array.of(bme.humidity, at(bme.humidity) || 1, bme.measure, asked), 0);
    await clock.sleep(CONVERSION_MS);
    await stub.putBytes(address, bme.data[0], bytesOf(chip, ...bme.data));
  };
  return again(look, clock);
}

/** The same of an INA219. */
export async function mirrorIna219(stub: StubBus, address: number, chip: RegisterEmulator, clock: Clock) {
  for (const register of [...ina.written, ...ina.measured]) {
    await stub.putWord(address, register, wordOf(chip, register));
  }
  const look = async () => {
    for (const register of ina.written) {
      const value = await stub.word(address, register);
      if (value !== wordOf(chip, register))
        chip.transfer(Uint8Array.of(register, value >> 8, value & 0xff), 0);
    }
    for (const register of ina.measured) await stub.putWord(address, register, wordOf(chip, register));
  };
  return again(look, clock);
}

async function again(look: () => Promise<void>, clock: Clock): Promise<void> {
  await look();
  clock.after(LOOK_MS, () => void again(look, clock));
}
