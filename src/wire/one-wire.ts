import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { cell } from '../core/cell.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Claims } from './claims.ts';
import { type OneWireLink, type Port, requireRealTime } from './link.ts';
import { Turns } from './turns.ts';
import { entriesOf } from './usb.ts';

const DEVICES = 'bus/w1/devices';
/** Of a DS18B20: family code 28, then its number. */
const PROBE = /^28-[0-9a-f]{12}$/;

/** As claims and logs call a probe. */
export const oneWireName = (id: string): string => `w1:${id}`;

/**
 * Probes by the kernel's w1_therm (Documentation/w1/slaves/w1_therm.rst). A read holds a thread for a whole conversion,
 * so that one is read at a time, whatever bus it hangs on.
 */
export class OneWireBuses {
  readonly #turns = new Turns();
  readonly #sys: string;

  constructor(sys = '/sys') {
    this.#sys = sys;
  }

  /** @param id as the kernel names it: `28-0316a2794bff` */
  port(id: string, claim?: { by: string; claims: Claims }): Port<OneWireLink> {
    const name = oneWireName(id);
    const file = join(this.#sys, DEVICES, id, 'w1_slave');
    claim?.claims.add(claim.by, () => name);
    return {
      kind: 'one-wire',
      name,
      open: async (clock) => {
        requireRealTime(clock, '1-wire');
        claim?.claims.check(claim.by, name);
        const seen = await findProbes(this.#sys);
        if (!seen.includes(id)) throw new Fault('gone', `${name} is not on the bus; ${wordsOf(seen)}`);
        const alive = cell(true);
        return {
          kind: 'one-wire',
          alive,
          scratchpad: () =>
            this.#turns.take(async () => {
              if (!alive.value) throw new Fault('gone', `${name}: the link is closed`);
              try {
                return scratchpadOf(await readOnce(file));
              } catch (error) {
                if (error instanceof Fault) throw error;
                // Who was pulled does not answer, and is forgotten by the kernel after some searches.
                if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
                  throw new Fault('silent', `${name}: ${asError(error).message}`, { cause: error });
                alive.set(false);
                throw new Fault('gone', `${name} is not on the bus any more`);
              }
            }),
          async close() {
            alive.set(false);
          },
        };
      },
    };
  }
}

/** One read, one conversion: the text is shorter than the buffer. */
async function readOnce(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Of `72 01 4b 46 7f ff 0e 10 57 : crc=57 YES`. @throws Fault `silent` when nothing has pulled the bus down, `garbled`
 */
export function scratchpadOf(text: string): Uint8Array {
  const line = /^((?:[0-9a-f]{2} ){9}): crc=[0-9a-f]{2} (YES|NO)/.exec(text);
  if (!line) throw new Fault('garbled', `w1_slave: "${text.slice(0, 60)}" is no scratchpad`);
  const bytes = Uint8Array.from((line[1] as string).trim().split(' '), (byte) => Number.parseInt(byte, 16));
  if (bytes.every((byte) => byte === 0xff)) throw new Fault('silent', 'nothing answers on the 1-wire bus');
  return bytes;
}

/** The thermometers that the kernel sees now. */
export const findProbes = async (sys = '/sys'): Promise<string[]> =>
  (await entriesOf(join(sys, DEVICES))).filter((entry) => PROBE.test(entry)).sort();

/** Whether there is a 1-wire bus at all: on a Raspberry Pi it takes line 4 by default. */
export const hasOneWire = async (sys = '/sys'): Promise<boolean> =>
  (await entriesOf(join(sys, DEVICES))).some((entry) => entry.startsWith('w1_bus_master'));

const wordsOf = (seen: readonly string[]): string =>
  seen.length > 0
    ? `on it are ${seen.join(', ')}`
    : 'no probe is (dtoverlay=w1-gpio in config.txt, 4.7 kΩ to 3.3 V)';
