import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromisifiedBus } from 'i2c-bus';
import { cell, type OwnedCell } from '../core/cell.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Claims } from './claims.ts';
import { type Port, type RegisterLink, requireRealTime } from './link.ts';
import { Turns } from './turns.ts';
import { entriesOf } from './usb.ts';

/** A chip's place: the bus by the kernel's number (1: the header of a Raspberry Pi), the address without its R/W bit. */
export interface I2cPlace {
  bus: number;
  address: number;
}

export interface I2cParts {
  dev?: string;
  /** Tests have another. */
  open?(bus: number): Promise<PromisifiedBus>;
}

const hex = (byte: number) => `0x${byte.toString(16).padStart(2, '0')}`;
/** As claims and logs call a chip. */
export const i2cName = ({ bus, address }: I2cPlace): string => `i2c:${bus}:${hex(address)}`;

/**
 * The I2C buses of one process. The chips of a bus take turns: a bus that hangs holds one thread of the pool, not all.
 */
export class I2cBuses {
  readonly #turns = new Map<number, Turns>();
  readonly #dev: string;
  readonly #open: (bus: number) => Promise<PromisifiedBus>;

  constructor({ dev = '/dev', open = openBus }: I2cParts = {}) {
    this.#dev = dev;
    this.#open = open;
  }

  port(place: I2cPlace, claim?: { by: string; claims: Claims }): Port<RegisterLink> {
    const name = i2cName(place);
    claim?.claims.add(claim.by, () => name);
    return {
      kind: 'registers',
      name,
      open: async (clock) => {
        requireRealTime(clock, 'I2C');
        claim?.claims.check(claim.by, name);
        const file = join(this.#dev, `i2c-${place.bus}`);
        await access(file, constants.R_OK | constants.W_OK).catch((error) => {
          throw new Fault('gone', wordsOf(file, error));
        });
        return chip(await this.#open(place.bus), place, this.#turnsOf(place.bus), () => access(file));
      },
    };
  }

  /**
   * Who answers when one byte is read of every address for chips, 0x08…0x77 (as `i2cdetect -r` does), and which
   * addresses drivers of the kernel have. @throws Error where the bus may not be opened, or hangs
   */
  scan(bus: number): Promise<{ answering: number[]; held: number[] }> {
    return this.#turnsOf(bus).take(async () => {
      const opened = await this.#open(bus);
      const answering: number[] = [];
      const held: number[] = [];
      try {
        for (let address = 0x08; address <= 0x77; address++) {
          try {
            await opened.receiveByte(address);
            answering.push(address);
          } catch (error) {
            const { code = '' } = error as NodeJS.ErrnoException;
            if (code === 'EBUSY') held.push(address);
            else if (!NO_ACKNOWLEDGE.has(code)) throw error;
          }
        }
      } finally {
        await opened.close();
      }
      return { answering, held };
    });
  }

  #turnsOf(bus: number): Turns {
    const turns = this.#turns.get(bus) ?? new Turns();
    this.#turns.set(bus, turns);
    return turns;
  }
}

async function openBus(bus: number): Promise<PromisifiedBus> {
  const { default: i2c } = await import('i2c-bus').catch((error) => {
    throw new Fault('unsupported', `I2C: the package i2c-bus does not load here: ${asError(error).message}`);
  });
  return i2c.openPromisified(bus);
}

/** What adapters say when nobody answers (kernel: i2c/fault-codes); `i2c-stub` says ENODEV. */
const NO_ACKNOWLEDGE = new Set(['ENXIO', 'EREMOTEIO', 'EIO', 'ENODEV']);
/** Another master had the bus, or something holds it low. */
const NO_BUS = new Set(['EAGAIN', 'ETIMEDOUT']);

function chip(
  bus: PromisifiedBus,
  place: I2cPlace,
  turns: Turns,
  present: () => Promise<unknown>,
): RegisterLink {
  const name = i2cName(place);
  const alive: OwnedCell<boolean> = cell(true);
  const shut = () =>
    turns.take(async () => {
      if (!alive.value) return;
      alive.set(false);
      await bus.close();
    });
  return {
    kind: 'registers',
    alive,
    transfer: async (write, length) => {
      const result = turns.take(async () => {
        if (!alive.value) throw new Fault('gone', `${name}: the link is closed`);
        return exchange(bus, place.address, write, length);
      });
      try {
        return await result;
      } catch (error) {
        if (error instanceof Fault) throw error;
        const { code = '', syscall, message } = error as NodeJS.ErrnoException;
        const here = await present().then(
          () => true,
          () => false,
        );
        // After a refused address the package would use a file that is bound to none: it is closed at once.
        if (!here || syscall === 'setAddr') await shut();
        if (!here) throw new Fault('gone', `${name}: the bus is gone`, { cause: error });
        if (code === 'EBUSY') {
          throw new Fault('busy', `${name}: a driver of the kernel has this chip (its dtoverlay)`, {
            cause: error,
          });
        }
        if (NO_ACKNOWLEDGE.has(code)) throw new Fault('silent', `${name}: no chip answers`, { cause: error });
        if (NO_BUS.has(code))
          throw new Fault('silent', `${name}: the bus hangs (${code}): check SDA and SCL`, { cause: error });
        throw new Fault('unsupported', `${name}: ${message}`, { cause: error });
      }
    },
    close: shut,
  };
}

/**
 * By SMBus forms alone, which `i2c-stub` has too. Each is on the wire what a plain transfer with a repeated start is; two
 * bytes go as a word (low byte first), for `i2c-stub` keeps words and bytes apart.
 */
async function exchange(
  bus: PromisifiedBus,
  address: number,
  write: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const [command = 0, low = 0, high = 0] = write;
  switch (true) {
    case write.length === 0 && length === 1:
      return Uint8Array.of(await bus.receiveByte(address));
    case write.length === 1 && length === 0:
      await bus.sendByte(address, command);
      return new Uint8Array(0);
    case write.length === 2 && length === 0:
      await bus.writeByte(address, command, low);
      return new Uint8Array(0);
    case write.length === 3 && length === 0:
      await bus.writeWord(address, command, low | (high << 8));
      return new Uint8Array(0);
    case write.length > 3 && write.length <= 33 && length === 0:
      await bus.writeI2cBlock(address, command, write.length - 1, Buffer.from(write.subarray(1)));
      return new Uint8Array(0);
    case write.length === 1 && length === 1:
      return Uint8Array.of(await bus.readByte(address, command));
    case write.length === 1 && length === 2: {
      const word = await bus.readWord(address, command);
      return Uint8Array.of(word & 0xff, word >> 8);
    }
    case write.length === 1 && length <= 32: {
      const into = Buffer.alloc(length);
      const { bytesRead } = await bus.readI2cBlock(address, command, length, into);
      if (bytesRead !== length)
        throw new Fault('garbled', `${bytesRead} of ${length} bytes came from ${hex(address)}`);
      return Uint8Array.from(into);
    }
    default:
      throw new Fault('unsupported', `no transfer writes ${write.length} and reads ${length} bytes`);
  }
}

export interface I2cBus {
  bus: number;
  /** The adapter: `bcm2835 (i2c@7e804000)`. */
  adapter: string;
  /** `/dev/i2c-1` */
  path: string;
}

/** The buses of this machine that programs may use (i2c-dev), by number. */
export async function findBuses(roots = { sys: '/sys', dev: '/dev' }): Promise<I2cBus[]> {
  const folder = join(roots.sys, 'class/i2c-dev');
  const numbers = (await entriesOf(folder))
    .map((entry) => Number(/^i2c-(\d+)$/.exec(entry)?.[1]))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
  return Promise.all(
    numbers.map(async (bus) => ({
      bus,
      adapter: (await readFile(join(folder, `i2c-${bus}`, 'name'), 'utf8')).trim(),
      path: join(roots.dev, `i2c-${bus}`),
    })),
  );
}

function wordsOf(file: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no ${file}: switch I2C on (dtparam=i2c_arm=on in config.txt)`;
  if (code === 'EACCES' || code === 'EPERM')
    return `${file} may not be opened: add the user to the group "i2c"`;
  return `${file}: ${asError(error).message}`;
}
