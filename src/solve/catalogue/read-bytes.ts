import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BadInput } from '../../core/errors.ts';

/**
 * A part of an open file, whole.
 * @param file for messages
 * @throws BadInput when the file is shorter
 */
export function readBytes(file: string, handle: number, at: number, bytes: number): Uint8Array<ArrayBuffer> {
  // A size in a header is believed only as far as the file goes.
  if (at + bytes > fstatSync(handle).size) throw new BadInput(`${file} ends early: copy it again`);
  const buffer = new Uint8Array(bytes);
  for (let done = 0; done < bytes; ) {
    const count = readSync(handle, buffer, done, bytes - done, at + done);
    if (count === 0) throw new BadInput(`${file} ends early: copy it again`);
    done += count;
  }
  return buffer;
}

/** The same of a file that is opened for it. */
export function readPart(file: string, at: number, bytes: number): Uint8Array<ArrayBuffer> {
  const handle = openSync(file, 'r');
  try {
    return readBytes(file, handle, at, bytes);
  } finally {
    closeSync(handle);
  }
}
