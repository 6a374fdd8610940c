import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BadInput } from '../../core/errors.ts';
import { readFits } from '../fits-read.ts';
import { DITHER } from './dither.ts';
import { unpackPlio } from './plio.ts';
import { unpackRice } from './rice.ts';
import { packRice, riceRoom } from './rice-pack.ts';
import vectors from './vectors.json' with { type: 'json' };

const unzipped = (base64: string) => new Uint8Array(gunzipSync(Buffer.from(base64, 'base64')));

function valuesOf(file: Uint8Array): number[] {
  const { bitpix, zero, scale, data } = readFits(file);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const size = Math.abs(bitpix) / 8;
  const read = {
    8: (at: number) => view.getUint8(at),
    16: (at: number) => view.getInt16(at),
    32: (at: number) => view.getInt32(at),
    [-32]: (at: number) => view.getFloat32(at),
    [-64]: (at: number) => view.getFloat64(at),
  }[bitpix];
  return Array.from({ length: data.length / size }, (_, index) => zero + scale * read(index * size));
}

for (const vector of vectors) {
  test(`as astropy unpacks it: ${vector.name}`, () => {
    const file = unzipped(vector.file);
    const wanted = new DataView(unzipped(vector.values).buffer);
    const image = readFits(file);
    const [width, height, planes = 1] = vector.shape.toReversed();
    assert.deepEqual([image.width, image.height, image.planes], [width, height, planes]);
    assert.equal(image.header.get('OBJECT'), 'NGC 1');
    assert.equal(image.header.get('NAXIS1'), width, 'the header is that of the image');
    assert.equal(image.header.has('TFIELDS'), false);
    valuesOf(file).forEach(
      (value, index) => void assert.equal(value, wanted.getFloat64(8 * index), `at ${index}`),
    );
  });
}

/** A table's number or word in place of another, in a copy. */
function patched(file: Uint8Array, card: string, value: string): Buffer {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf(`${card.padEnd(8)}=`);
  assert.ok(at > 0, card);
  bytes.write(value.padStart(20).padEnd(70), at + 10, 'latin1');
  return bytes;
}

test('a table that lies is refused with the reason', () => {
  const file = unzipped(vectors.find(({ name }) => name === 'RICE_1 of i2')!.file);
  const cases: [card: string, value: string, reason: RegExp][] = [
    ['ZNAXIS1', '65000', /are there|announced/],
    ['ZNAXIS1', '99999999', /image size 99999999/],
    ['ZNAXIS2', '0', /image size/],
    ['ZTILE1', '0', /ZTILE1 = 0/],
    ['ZTILE1', '1', /tiles are announced/],
    ['ZCMPTYPE', "'ZSTD_1  '", /ZCMPTYPE = ZSTD_1/],
    ['ZBITPIX', '12', /BITPIX = 12/],
    ['TFORM1', "'9Z      '", /TFORM1/],
    ['TFORM1', "'99PB    '", /wider than the row/],
    ['NAXIS2', '0', /./],
    ['ZVAL1', '0', /BLOCKSIZE 0/],
    ['ZVAL2', '3', /BYTEPIX 3/],
    ['ZVAL2', '4', /ends too early/],
  ];
  for (const [card, value, reason] of cases) {
    assert.throws(
      () => readFits(patched(file, card, value)),
      (error: Error) => error instanceof BadInput && reason.test(error.message),
      `${card} = ${value}`,
    );
  }
});

test('any integers come back from Rice, and no cut of them does worse than BadInput', () => {
  const small = fc.integer({ min: -20, max: 20 });
  for (const bytes of [2, 4] as const) {
    const range = bytes === 2 ? { min: -32_768, max: 32_767 } : { min: -(2 ** 31), max: 2 ** 31 - 1 };
    const pixels = fc.array(fc.oneof({ weight: 5, arbitrary: small }, fc.integer(range)), {
      minLength: 1,
      maxLength: 150,
    });
    fc.assert(
      fc.property(pixels, fc.nat(7), fc.nat(1000), (list, start, cut) => {
        const values = Int32Array.from(list);
        const room = new Uint8Array(start + riceRoom(values.length, bytes));
        const end = packRice(values, bytes, room, start);
        assert.ok(end <= room.length);
        const back = new Int32Array(values.length);
        unpackRice(room.subarray(start, end), bytes, 32, back);
        assert.deepEqual(back, values);
        assert.throws(
          () => unpackRice(room.subarray(start, Math.min(start + cut, end - 1)), bytes, 32, back),
          BadInput,
        );
      }),
      { seed: bytes, numRuns: 300 },
    );
  }
});

test('the numbers of the dither end as the standard says', () => {
  assert.equal(DITHER[9999], Math.fround(1_043_618_065 / 2_147_483_647));
});

test('a pixel list of an older program has its length in the third word', () => {
  const words = [0, 0, 6, 0x4000 | 2, 0x5000 | 3, 0x6000 | 4];
  const bytes = new DataView(new ArrayBuffer(2 * words.length));
  words.forEach((word, index) => void bytes.setInt16(2 * index, word));
  const pixels = new Int32Array(8);
  unpackPlio(new Uint8Array(bytes.buffer), pixels);
  assert.deepEqual([...pixels], [1, 1, 0, 0, 1, 5, 0, 0]);
  bytes.setInt16(0, 0);
  bytes.setInt16(6, 0x8000 - 0x10000);
  assert.throws(() => unpackPlio(new Uint8Array(bytes.buffer), pixels), BadInput);
  assert.throws(() => unpackPlio(new Uint8Array(4), pixels), BadInput);
});
