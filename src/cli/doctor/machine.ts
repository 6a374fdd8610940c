import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { asError } from '../../core/errors.ts';
import { readCatalogue } from '../../indi/foreign/catalogue.ts';
import type { Finding } from './finding.ts';

const GIB = 2 ** 30;

export function nativeModule(name: string): Finding {
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

export function disk(): Finding {
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

export async function indiDrivers(directory?: string): Promise<Finding> {
  const what = 'INDI drivers';
  const { entries, complaints } = await readCatalogue(directory);
  const present = entries.filter(({ installed }) => installed);
  if (present.length === 0) {
    return {
      what,
      state: 'missing',
      words: 'none is installed; the package indi-bin brings the common ones',
    };
  }
  const programs = new Set(present.map(({ executable }) => executable)).size;
  const words = `${programs} programs for ${present.length} devices`;
  return complaints.length === 0
    ? { what, state: 'ok', words }
    : { what, state: 'note', words: `${words}; ${complaints.join('; ')}` };
}
