import { accessSync, constants, readdirSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { asError } from '../core/errors.ts';
import type { AnyDriver } from '../device/driver.ts';
import { readOptions } from './options.ts';

interface Finding {
  what: string;
  state: 'ok' | 'missing' | 'wrong';
  /** In plain words, with what to do. */
  words: string;
}

const GIB = 2 ** 30;

/** `nightjar doctor [--json]`: what is seen, what is missing, what is wrong. Exit 1 when something is wrong. */
export function doctorCommand(args: string[], drivers: readonly AnyDriver[]): number {
  const { values } = readOptions(args, { json: { type: 'boolean', default: false } });
  const findings = [
    nativeModule('serialport'),
    nativeModule('usb'),
    nativeModule('i2c-bus'),
    nativeModule('onoff'),
  ];
  findings.push(...serialPorts(drivers), disk());
  if (values.json) console.log(JSON.stringify(findings, null, 2));
  else for (const { what, state, words } of findings) console.log(`${state.padEnd(8)}${what}: ${words}`);
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

function nativeModule(name: string): Finding {
  try {
    createRequire(import.meta.url)(name);
    return { what: name, state: 'ok', words: 'loads' };
  } catch (error) {
    const reason = asError(error).message.split('\n')[0];
    const optional = name === 'i2c-bus' || name === 'onoff';
    return optional
      ? {
          what: name,
          state: 'missing',
          words: `not compiled here (${reason}); I2C sensors and GPIO are absent`,
        }
      : { what: name, state: 'wrong', words: `does not load: ${reason}; install Nightjar anew` };
  }
}

/** The names that stay the same over a re-plug, with the families that their chips are known for. */
function serialPorts(drivers: readonly AnyDriver[]): Finding[] {
  const folder = '/dev/serial/by-id';
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    names = [];
  }
  if (names.length === 0) {
    return [{ what: 'serial devices', state: 'missing', words: 'none is plugged in; check cable and power' }];
  }
  const known = drivers.filter(({ usb }) => usb).map(({ label }) => label);
  return names.map((name) => {
    const path = `${folder}/${name}`;
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      return { what: path, state: 'ok', words: `can be opened (USB serial is used by: ${known.join(', ')})` };
    } catch {
      return { what: path, state: 'wrong', words: 'may not be opened: add the user to the group "dialout"' };
    }
  });
}

function disk(): Finding {
  const folder = resolve(process.env.NIGHTJAR_DATA ?? '.');
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const words = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
    return free < 2 * GIB
      ? { what: 'disk', state: 'wrong', words: `${words}: too little for a night; move frames away` }
      : { what: 'disk', state: 'ok', words };
  } catch (error) {
    return { what: 'disk', state: 'wrong', words: asError(error).message };
  }
}
