import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../src/core/errors.ts';
import { arrange } from '../../src/imaging/arrange.ts';
import { allocateFrame, pixelsOf } from '../../src/imaging/frame.ts';
import type { HttpReply } from '../../src/wire/link.ts';
import { formatOf, readImage } from './alpaca-image.ts';

interface Header {
  version?: number;
  error?: number;
  start?: number;
  element?: number;
  rank?: number;
  width?: number;
  height?: number;
  planes?: number;
}

function imageBytes(header: Header, data: Uint8Array): HttpReply {
  const {
    version = 1,
    error = 0,
    start = 44,
    element = 8,
    rank = 2,
    width = 3,
    height = 2,
    planes = 0,
  } = header;
  const body = new Uint8Array(44 + data.length);
  const fields = [version, error, 1, 1, start, 2, element, rank, width, height, planes];
  for (const [index, field] of fields.entries()) new DataView(body.buffer).setInt32(4 * index, field, true);
  body.set(data, 44);
  return { status: 200, headers: { 'content-type': 'application/imagebytes' }, body };
}

const json = (body: unknown): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

const garbled = (error: unknown) => error instanceof Fault && error.kind === 'garbled';

function developed(reply: HttpReply, maxAdu: number): number[] {
  const image = readImage(reply, 3, 2);
  const { width, height, planes } = image;
  const frame = allocateFrame({ width, height, planes, format: formatOf(image, maxAdu) });
  arrange(image.raw, image.layout, frame);
  const stored = Buffer.from(pixelsOf(frame));
  const read = {
    u16: (at: number) => stored.readUInt16BE(2 * at) ^ 0x8000,
    i32: (at: number) => stored.readInt32BE(4 * at),
    f32: (at: number) => stored.readFloatBE(4 * at),
  }[frame.format];
  return Array.from({ length: width * height * planes }, (_, at) => read(at));
}

const bytes = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);

// Columns (0, 1), (10, 11), (20, 21) are the rows 0 10 20 and 1 11 21.
const COLUMNS = [0, 1, 10, 11, 20, 21];
const ROWS = [0, 10, 20, 1, 11, 21];

test('columns become rows, whatever the elements are', () => {
  const forms: [number, Uint8Array, number][] = [
    [1, bytes(Int16Array.from(COLUMNS)), 4095],
    [2, bytes(Int32Array.from(COLUMNS)), 65535],
    [2, bytes(Int32Array.from(COLUMNS)), 1_000_000],
    [3, bytes(Float64Array.from(COLUMNS)), 65535],
    [4, bytes(Float32Array.from(COLUMNS)), 65535],
    [6, bytes(Uint8Array.from(COLUMNS)), 255],
    [8, bytes(Uint16Array.from(COLUMNS)), 65535],
    [9, bytes(Uint32Array.from(COLUMNS)), 0x7fffffff],
  ];
  for (const [element, data, maxAdu] of forms) {
    assert.deepEqual(developed(imageBytes({ element }, data), maxAdu), ROWS, `element type ${element}`);
  }
  const Value = [0, 10, 20].map((first) => [first, first + 1]);
  assert.deepEqual(developed(json({ Type: 2, Rank: 2, Value, ErrorNumber: 0 }), 65535), ROWS);
  assert.deepEqual(developed(json({ Type: 3, Rank: 2, Value, ErrorNumber: 0 }), 65535), ROWS);
});

test('colour comes pixel by pixel and is kept plane by plane', () => {
  const coloured = COLUMNS.flatMap((value) => [value, value + 100, value + 200]);
  const planes = [0, 100, 200].flatMap((more) => ROWS.map((value) => value + more));
  const reply = imageBytes({ rank: 3, planes: 3 }, bytes(Uint16Array.from(coloured)));
  assert.deepEqual(developed(reply, 65535), planes);
  const Value = [0, 10, 20].map((x) => [x, x + 1].map((value) => [value, value + 100, value + 200]));
  assert.deepEqual(developed(json({ Type: 2, Rank: 3, Value }), 65535), planes);
});

test('the ends of the ranges are kept, and what is beyond them never wraps', () => {
  const wide = (...values: number[]) => imageBytes({ element: 2 }, bytes(Int32Array.from(values)));
  assert.deepEqual(developed(wide(0, 65535, 1, 2, 3, 4), 65535), [0, 1, 3, 65535, 2, 4]);
  assert.throws(() => developed(wide(0, 65536, 1, 2, 3, 4), 65535), garbled);
  assert.throws(() => developed(wide(0, -1, 1, 2, 3, 4), 65535), garbled);
  assert.deepEqual(developed(wide(0, 0x7fffffff, 1, 2, 3, 4), 0x7fffffff)[3], 0x7fffffff);
});

test('what contradicts itself or the request is garbled', () => {
  const data = new Uint8Array(12);
  assert.equal(readImage(imageBytes({}, data), 3, 2).raw.length, 12);
  const wrong: Header[] = [
    { version: 2 },
    { start: 43 },
    { start: 10_000 },
    { start: -1 },
    { element: 0 },
    { element: 7 },
    { rank: 4 },
    { rank: 3, planes: 2 },
    { width: 4 },
    { width: 2, height: 3 },
    { width: -3, height: -2 },
    { width: 0x7fffffff, height: 0x7fffffff },
  ];
  for (const header of wrong) {
    assert.throws(() => readImage(imageBytes(header, data), 3, 2), garbled, JSON.stringify(header));
  }
  assert.throws(() => readImage(imageBytes({}, data.subarray(1)), 3, 2), garbled);
  const values: unknown[] = [
    undefined,
    null,
    [],
    [[1, 2]],
    [[1, 2], [3, 4], [5]],
    [
      [1, 2],
      [3, 4],
      [5, null],
    ],
    [
      [1, 2],
      [3, 4],
      [5, 0.5],
    ],
    [
      [1, 2],
      [3, 4],
      [5, 1e10],
    ],
  ];
  for (const Value of values)
    assert.throws(() => readImage(json({ Type: 2, Rank: 2, Value }), 3, 2), garbled);
  assert.throws(() => readImage(json('{"Value":[[1,2'), 3, 2), garbled);
});

test('an error in the header is told in the words behind it', () => {
  const reply = imageBytes({ error: 0x40b, element: 0, rank: 0 }, Buffer.from('No image is available'));
  assert.throws(
    () => readImage(reply, 3, 2),
    (error) =>
      error instanceof Fault && error.kind === 'refused' && /No image is available/.test(error.message),
  );
});

test('no bytes and no JSON make it fail otherwise than with a Fault', () => {
  const attempt = (reply: HttpReply) => {
    try {
      readImage(reply, 3, 2);
    } catch (error) {
      assert.ok(error instanceof Fault, String(error));
    }
  };
  const field = fc.oneof(fc.integer({ min: -2, max: 50 }), fc.integer());
  fc.assert(
    fc.property(
      fc.array(field, { minLength: 11, maxLength: 11 }),
      fc.uint8Array({ maxLength: 60 }),
      (fields, data) => {
        const body = new Uint8Array(44 + data.length);
        for (const [index, value] of fields.entries())
          new DataView(body.buffer).setInt32(4 * index, value, true);
        body.set(data, 44);
        attempt({ status: 200, headers: { 'content-type': 'application/imagebytes' }, body });
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (body, binary) =>
      attempt({ status: 200, headers: binary ? { 'content-type': 'application/imagebytes' } : {}, body }),
    ),
    { numRuns: 1000, seed: 2 },
  );
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom(1, 2, 3, undefined),
      fc.constantFrom(2, 3, 4, 'x'),
      (Value, Type, Rank) => attempt(json({ Value, Type, Rank })),
    ),
    { numRuns: 1000, seed: 3 },
  );
});
