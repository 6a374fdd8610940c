import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../core/errors.ts';
import { arrange, arrangeRows, type RawLayout, rawPixels } from './arrange.ts';
import { viewOf } from './fits-read.ts';
import { allocateFrame, type FrameShape, pixelsOf } from './frame.ts';
import { planeOf } from './pixels.ts';

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const rows = (element: RawLayout['element']): RawLayout => ({ element, order: 'row-major' });
const columns = (element: RawLayout['element']): RawLayout => ({ element, order: 'column-major' });

test('row-major, column-major and any slicing give the same frame', () => {
  const sides = fc.integer({ min: 1, max: 150 });
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.constantFrom(1 as const, 3 as const),
      fc.nat(200),
      (width, height, planes, cut) => {
        const shape: FrameShape = { width, height, planes, format: 'u16' };
        const value = (x: number, y: number, plane: number) => (x * 31 + y * 7919 + plane * 17) & 0xffff;
        const byRow = new Uint16Array(width * height * planes);
        const byColumn = new Int32Array(width * height * planes);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            for (let plane = 0; plane < planes; plane++) {
              byRow[(y * width + x) * planes + plane] = value(x, y, plane);
              byColumn[(x * height + y) * planes + plane] = value(x, y, plane);
            }
          }
        }
        const first = arrange(bytesOf(byRow), rows('u16'), allocateFrame(shape));
        const second = arrange(bytesOf(byColumn), columns('i32'), allocateFrame(shape));
        const sliced = allocateFrame(shape);
        const raw = rawPixels(bytesOf(byColumn), columns('i32'), sliced);
        const split = Math.min(cut, height);
        arrangeRows(raw, sliced, split, height);
        arrangeRows(raw, sliced, 0, split);
        assert.deepEqual(pixelsOf(first), pixelsOf(second));
        assert.deepEqual(pixelsOf(first), pixelsOf(sliced));
        assert.equal(first.dataSum, second.dataSum);
        const [x, y, plane] = [width >> 1, height >> 1, planes - 1];
        assert.equal(planeOf(viewOf(first), plane)[y * width + x], value(x, y, plane));
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

test('values stay as they are in every format', () => {
  const cases = [
    [Uint8Array.of(0, 255), 'u8', 'u16'],
    [Int16Array.of(0, 32_767), 'i16', 'u16'],
    [Uint16Array.of(0, 65_535), 'u16', 'u16'],
    [Uint32Array.of(7, 65_535), 'u32', 'u16'],
    [Int32Array.of(-(2 ** 31), 2 ** 31 - 128), 'i32', 'i32'],
    [Int16Array.of(-32_768, 5), 'i16', 'i32'],
    [Float64Array.of(12, 65_535), 'f64', 'u16'],
    [Float32Array.of(-1.5, 1e30), 'f32', 'f32'],
    [Float64Array.of(-0.25, 3), 'f64', 'f32'],
  ] as const;
  for (const [source, element, format] of cases) {
    const frame = arrange(bytesOf(source), rows(element), allocateFrame({ width: 2, height: 1, format }));
    const want = [...source].map(Math.fround);
    assert.deepEqual([...planeOf(viewOf(frame))], want, `${element} to ${format}`);
  }
});

test('what the format cannot hold, and the wrong number of bytes, is garbled', () => {
  const frame = allocateFrame({ width: 2, height: 1, format: 'u16' });
  const garbled = (source: ArrayBufferView, element: RawLayout['element']) =>
    assert.throws(
      () => arrange(bytesOf(source), rows(element), frame),
      (error) => error instanceof Fault && error.kind === 'garbled',
    );
  garbled(Int32Array.of(5, 65_536), 'i32');
  garbled(Int16Array.of(5, -1), 'i16');
  garbled(Float32Array.of(0.5, 1), 'f32');
  garbled(Float32Array.of(Number.NaN, 1), 'f32');
  garbled(Uint16Array.of(1, 2, 3), 'u16');
  garbled(new Uint8Array(3), 'u16');
});

test('a source that begins off its alignment is read all the same', () => {
  const bytes = new Uint8Array(44 + 1 + 16);
  bytes.set(bytesOf(Float64Array.of(513, 2)), 45);
  const frame = allocateFrame({ width: 2, height: 1, format: 'u16' });
  assert.deepEqual([...planeOf(viewOf(arrange(bytes.subarray(45), columns('f64'), frame)))], [513, 2]);
});
