import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BadInput } from '../core/errors.ts';
import { unpackRaw } from './raw.ts';

/** Debian's rawtran-doc: an EOS 30D. */
const CR2 = '/usr/share/doc/rawtran/IMG_5952.CR2';
const absent = !existsSync(CR2) || !existsSync('/usr/bin/dcraw');

test('a Canon raw file gives the mosaic that dcraw finds in it', {
  skip: absent && 'needs the packages rawtran-doc and dcraw',
}, async () => {
  const { width, height, bayer, pixels } = await unpackRaw(readFileSync(CR2));
  assert.deepEqual([width, height, bayer], [3522, 2348, 'RGGB']);
  // -D: the mosaic as it is, 16 bits big-endian after a text of a few lines.
  const document = execFileSync('dcraw', ['-D', '-4', '-c', CR2], { maxBuffer: 1 << 28 });
  const expected = Buffer.from(document.subarray(document.length - 2 * width * height)).swap16();
  assert.ok(expected.equals(pixels));
});

test('what is no raw file, or half of one, is bad input', async () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) >> 5);
  const half = absent ? [] : [readFileSync(CR2).subarray(0, 3_000_000)];
  for (const file of [new Uint8Array(0), noise, ...half]) {
    await assert.rejects(unpackRaw(file), BadInput);
  }
});
