import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BadInput } from '../core/errors.ts';
import { allFacts } from './facts.fixture.ts';
import { readFacts } from './facts-read.ts';
import { emptyPrimary, extension, imageFile } from './fits.fixture.ts';
import { text } from './fits-card.ts';
import { openFits } from './fits-open.ts';
import { packFrame } from './fits-pack.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, type Frame, type PixelFormat, pixelsOf } from './frame.ts';
import { headerCards } from './header.ts';

const folder = mkdtempSync(join(tmpdir(), 'fits-open-'));
after(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** Every byte value in the pixels, so that floats are of all kinds but NaN. */
function noisy(format: PixelFormat, width: number, height: number, planes: 1 | 3 = 1): Frame {
  const frame = allocateFrame({ width, height, planes, format });
  const pixels = pixelsOf(frame);
  for (let index = 0; index < pixels.length; index++) pixels[index] = (index * 31 + (index >> 7)) & 0x3f;
  return frame;
}

test('a file is the same image plain, packed, gzipped, and packed and gzipped', async () => {
  for (const format of ['u16', 'i32', 'f32'] as const) {
    for (const planes of [1, 3] as const) {
      const frame = noisy(format, 61, 37, planes);
      const cards = headerCards(frame, allFacts);
      const packed = packFrame(frame, cards);
      const plain = sealFrame(frame, cards);
      const files = [
        put('a.fits', plain),
        put('b', packed),
        put('c.gz', gzipSync(plain)),
        put('d', gzipSync(packed)),
      ];
      for (const file of files) {
        const image = await openFits(file);
        assert.deepEqual(
          Buffer.from(image.data),
          Buffer.from(pixelsOf(frame)),
          `${file} ${format} ${planes}`,
        );
        assert.equal(image.planes, planes);
        assert.equal(image.zero, format === 'u16' ? 32768 : 0);
        assert.equal(readFacts(image.header)?.id, allFacts.id);
        assert.equal(image.header.get('BITPIX'), { u16: 16, i32: 32, f32: -32 }[format]);
      }
    }
  }
});

test('only the unit of the image is read, wherever it is, whatever its header is long', async () => {
  const long = Array.from({ length: 900 }, (_, index) => text(`K${index}`, 'x'));
  const file = Buffer.concat([
    emptyPrimary(long),
    extension('BINTABLE', 8, [30, 400], Array(12_000).fill(1)),
    extension('IMAGE', 16, [2, 2], [1, 2, 3, 4], long),
    extension('IMAGE', 8, [3, 3], Array(9).fill(1)),
  ]);
  const { width, data } = await openFits(put('many.fits', file));
  assert.equal(width, 2);
  assert.deepEqual([...data], [0, 1, 0, 2, 0, 3, 0, 4]);
  assert.equal(data.buffer.byteLength, 8);
});

test('what cannot be read is refused by name, with the reason', async () => {
  const image = imageFile(16, [40, 40], Array(1600).fill(7));
  const zipped = gzipSync(image);
  const wrongLength = Buffer.from(zipped);
  wrongLength.writeUInt32LE(0xffffffff, zipped.length - 4);
  const damaged = Buffer.from(zipped);
  damaged.fill(0x55, 40, 60);
  mkdirSync(join(folder, 'folder'));
  const cases: [file: string, reason: RegExp][] = [
    [join(folder, 'none.fits'), /no such file/],
    [join(folder, 'folder'), /is no file/],
    ['/dev/zero', /is no file/],
    [put('empty.fits', new Uint8Array(0)), /no FITS file/],
    [put('text.fits', Buffer.from('hello')), /no FITS file/],
    [put('cut.fits', image.subarray(0, 4000)), /truncated/],
    [put('head.fits', image.subarray(0, 300)), /no END/],
    [put('cut.fits.gz', zipped.subarray(0, zipped.length - 20)), /gzip file is damaged or truncated/],
    [put('damaged.fits.gz', damaged), /gzip file is damaged/],
    [put('length.fits.gz', wrongLength), /gzip file is damaged/],
    [put('three.gz', Uint8Array.of(0x1f, 0x8b, 8)), /gzip file is damaged/],
    [put('long.fits', Buffer.from('SIMPLE  ='.padEnd(3_000_000))), /longer than 2 MB/],
  ];
  for (const [file, reason] of cases) {
    await assert.rejects(openFits(file), (error: Error) => {
      assert.ok(error instanceof BadInput, String(error.stack));
      assert.ok(error.message.startsWith(`${file}: `), error.message);
      assert.match(error.message, reason);
      return true;
    });
  }
});

test('work is stopped while a file is read or unpacked, for the reason given', async () => {
  const frame = noisy('u16', 700, 600);
  const cards = headerCards(frame, allFacts);
  const packed = packFrame(frame, cards);
  for (const file of [put('s.fits.fz', packed), put('s.gz', gzipSync(packed))]) {
    const stop = new Error('stop');
    let calls = 0;
    const check = () => {
      if (++calls === 2) throw stop;
    };
    await assert.rejects(openFits(file, check), (error) => error === stop);
  }
  assert.throws(() => packFrame(frame, cards, () => assert.fail('stop')), /stop/);
});
