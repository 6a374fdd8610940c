import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptPixels, describeFile } from './adopt-fits.ts';
import { allFacts } from './facts.fixture.ts';
import { dataOf, emptyPrimary, extension, headerOf, imageFile } from './fits.fixture.ts';
import { integer, logical, real, text } from './fits-card.ts';
import { readHeader } from './fits-header.ts';
import { packFrame } from './fits-pack.ts';
import { type FitsImage, readFits, viewOf } from './fits-read.ts';
import { allocateFrame, pixelsOf } from './frame.ts';
import { headerCards } from './header.ts';

/** Physical values, NaN for none. */
function valuesOf({ bitpix, zero, scale, data }: FitsImage): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const read: Record<number, (at: number) => number> = {
    8: (at) => view.getUint8(at),
    16: (at) => view.getInt16(2 * at),
    32: (at) => view.getInt32(4 * at),
    [-32]: (at) => view.getFloat32(4 * at),
    [-64]: (at) => view.getFloat64(8 * at),
  };
  const count = data.length / (Math.abs(bitpix) / 8);
  return Array.from({ length: count }, (_, index) => zero + scale * read[bitpix]!(index));
}

test('64-bit integers are read as doubles, unsigned ones too', () => {
  const values = [0, -1, 2 ** 31, -(2 ** 40) - 7, 2 ** 52 + 1, 9];
  const image = readFits(imageFile(64, [3, 2], values));
  assert.equal(image.bitpix, -64);
  assert.deepEqual(valuesOf(image), values);
  const unsigned = readFits(imageFile(64, [2, 1], [-(2 ** 63), -(2 ** 63) + 4096], [real('BZERO', 2 ** 63)]));
  assert.deepEqual(valuesOf(unsigned), [0, 4096]);
});

test('a pixel without a value is NaN, where there is one', () => {
  const blank = [integer('BLANK', -5), integer('BZERO', 100)];
  for (const [bitpix, wanted] of [
    [16, -32],
    [32, -64],
    [64, -64],
  ] as const) {
    const image = readFits(imageFile(bitpix, [2, 2], [1, -5, 3, 7], blank));
    assert.equal(image.bitpix, wanted);
    assert.deepEqual(valuesOf(image), [101, Number.NaN, 103, 107]);
  }
  assert.equal(
    readFits(imageFile(16, [2, 2], [1, 2, 3, 7], blank)).bitpix,
    16,
    'announced, but none is there',
  );
  const bytes = readFits(imageFile(8, [2, 2], [1, 255, 3, 0], [integer('BLANK', 255)]));
  assert.deepEqual(valuesOf(bytes), [1, Number.NaN, 3, 0]);
});

test('colours side by side become planes; in planes they stay', () => {
  const pixels = [1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33, 41, 42, 43];
  const image = readFits(imageFile(16, [3, 1, 5], pixels));
  assert.deepEqual([image.width, image.height, image.planes], [1, 5, 3]);
  assert.deepEqual(valuesOf(image), [1, 11, 21, 31, 41, 2, 12, 22, 32, 42, 3, 13, 23, 33, 43]);
  const cube = readFits(
    imageFile(
      16,
      [3, 2, 3, 1, 1],
      Array.from({ length: 18 }, (_, index) => index),
    ),
  );
  assert.deepEqual([cube.width, cube.height, cube.planes], [3, 2, 3]);
  assert.equal(valuesOf(cube)[17], 17);
  assert.throws(() => readFits(imageFile(8, [2, 2, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8])), /NAXIS4/);
  assert.throws(() => readFits(imageFile(8, [2, 1, 5], Array(10).fill(0))), /NAXIS3 = 5/);
});

test('an image behind tables is found, and the first header speaks for it where it is silent', () => {
  const primary = emptyPrimary([
    text('OBJECT', 'M 4'),
    real('RA', 12.5),
    integer('BZERO', 9),
    logical('EXTEND', true),
  ]);
  const table = extension('BINTABLE', 8, [4, 3], Array(12).fill(1));
  const image = (more: Parameters<typeof extension>[4] = []) =>
    extension('IMAGE', 16, [2, 2], [1, 2, 3, 4], [real('RA', 13), ...more]);
  const { header, zero, width } = readFits(Buffer.concat([primary, table, image(), image()]));
  assert.equal(width, 2);
  assert.equal(zero, 0, "another unit's storage is not this one's");
  assert.equal(header.get('RA'), 13);
  assert.equal(header.get('OBJECT'), 'M 4');
  assert.equal(header.has('SIMPLE'), false);
  const alone = readFits(Buffer.concat([primary, image([logical('INHERIT', false)])]));
  assert.equal(alone.header.has('OBJECT'), false);
});

test('files without an image, and images larger than memory, are refused', () => {
  assert.throws(() => readFits(emptyPrimary()), /holds no image/);
  assert.throws(() => readFits(Buffer.concat(Array(200).fill(emptyPrimary()))), /holds no image/);
  const vast = headerOf([
    logical('SIMPLE', true),
    ...[integer('BITPIX', -64), integer('NAXIS', 2), integer('NAXIS1', 30_000), integer('NAXIS2', 30_000)],
  ]);
  assert.throws(() => readFits(vast, 2 ** 34), /more than 1 GB/);
});

test('of the beginning of a file, header and shape are read', () => {
  const file = imageFile(16, [100, 100], Array(10_000).fill(4), [integer('BLANK', 3)]);
  const image = readFits(file.subarray(0, 4000), file.length);
  assert.deepEqual([image.width, image.bitpix, image.data.length], [100, 16, 4000 - 2880]);
  assert.throws(() => readFits(file.subarray(0, 4000)), /truncated/);
  assert.equal(readFits(file.subarray(0, 2880 + 20_000)).data.length, 20_000, 'padding may be missing');
  assert.equal(dataOf(8, [1]).length, 2880);
});

test('of a packed file the beginning tells header and shape, too', () => {
  const frame = allocateFrame({ width: 50, height: 40, format: 'u16' });
  pixelsOf(frame).fill(0x55);
  const file = packFrame(frame, headerCards(frame, allFacts));
  const { header, width, data } = readFits(file.subarray(0, file.length - 2880), file.length);
  assert.deepEqual([header.get('NAXIS1'), width, data.length], [50, 50, 0]);
});

test('a text of a thousand records takes no longer than a thousand texts', () => {
  const more = Array.from({ length: 26_000 }, () => `CONTINUE  '${'y'.repeat(67)}&'`);
  const lines = ['SIMPLE  =                    T', "OBJECT  = 'x&'", ...more, "CONTINUE  'z'", 'END'];
  const bytes = Buffer.from(lines.map((line) => line.padEnd(80)).join(''), 'latin1');
  const before = process.cpuUsage();
  const { header } = readHeader(bytes);
  const { user } = process.cpuUsage(before);
  assert.equal(header.get('OBJECT'), `x${'y'.repeat(26_000 * 67)}z`);
  assert.ok(user < 2e6, `${user} us: joined piece by piece it takes 15 s`);
});

test('a file is described without its pixels, and fills the frame of that shape', () => {
  const blank = imageFile(
    16,
    [2, 2],
    [1, -32_768, 3, 7],
    [integer('BLANK', -32_768), integer('BZERO', 32_768)],
  );
  const frame = allocateFrame({ width: 50, height: 40, format: 'i32' });
  pixelsOf(frame).fill(0x55);
  const packed = packFrame(frame, headerCards(frame, allFacts));
  for (const file of [blank, packed, imageFile(64, [1, 1], [5])]) {
    const { header, shape } = describeFile(file);
    const image = readFits(file);
    assert.deepEqual(header, image.header);
    assert.deepEqual([shape.width, shape.height], [image.width, image.height]);
    const adopted = adoptPixels(image, allocateFrame(shape));
    if (file === packed) assert.ok(Buffer.from(pixelsOf(adopted)).equals(pixelsOf(frame)));
    if (file !== blank) continue;
    assert.equal(shape.format, 'u16');
    assert.deepEqual(valuesOf({ ...viewOf(adopted), header }), [32_769, 0, 32_771, 32_775], 'dark, not grey');
  }
});
