import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ADAPTERS = '/sys/bus/i2c/devices';

/**
 * The registers of chips on the kernel's stub of a bus (i2c-stub), as they are seen by whoever is on it. Written and
 * read by i2c-tools: the bench shares no code with the driver. The stub keeps words and bytes apart.
 */
export interface StubBus {
  number: number;
  /** One register a byte, from `first` on; at most 32. */
  putBytes(address: number, first: number, bytes: Iterable<number>): Promise<void>;
  bytes(address: number, first: number, length: number): Promise<number[]>;
  /** A register of 16 bits, its high byte first on the wire. */
  putWord(address: number, register: number, value: number): Promise<void>;
  word(address: number, register: number): Promise<number>;
}

/** @param module the kernel's i2c-stub.ko @param addresses of the chips, 0x03–0x77 */
export async function stubBus(module: string, addresses: readonly number[]): Promise<StubBus> {
  await run('insmod', [module, `chip_addr=${addresses.map((each) => `0x${each.toString(16)}`)}`]);
  const number = readdirSync(ADAPTERS)
    .filter((name) => /^i2c-\d+$/.test(name))
    .find((name) => /stub/i.test(readFileSync(`${ADAPTERS}/${name}/name`, 'utf8')))
    ?.slice('i2c-'.length);
  if (number === undefined) throw new Error('there is no bus of i2c-stub');
  const tool = async (name: string, ...words: (string | number)[]) => {
    const { stdout } = await run(name, ['-y', number, ...words.map(String)]);
    return stdout.trim().split(/\s+/).map(Number);
  };
  const swapped = (value = 0) => ((value & 0xff) << 8) | (value >> 8);
  return {
    number: Number(number),
    async putBytes(address, first, bytes) {
      await tool('i2cset', address, first, ...bytes, 'i');
    },
    bytes: (address, first, length) => tool('i2cget', address, first, 'i', length),
    async putWord(address, register, value) {
      await tool('i2cset', address, register, swapped(value), 'w');
    },
    word: async (address, register) => swapped((await tool('i2cget', address, register, 'w'))[0]),
  };
}
