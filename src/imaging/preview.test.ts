import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from './fits-read.ts';
import { loadKernels, referenceKernels } from './kernels/kernels.ts';
import { frameOf, viewWith } from './pixels.fixture.ts';
import { previewPixels } from './preview.ts';

/** A dim sky with some spread, and one bright block. */
const sky = (x: number, y: number) =>
  x >= 40 && x < 48 && y >= 16 && y < 24 ? 60_000 : 1000 + ((x * 7919 + y * 104_729) % 101);

const middleOf = (bytes: Uint8Array) => [...bytes].sort((a, b) => a - b)[bytes.length >> 1]!;

test('the sky becomes a dark grey and stars nearly white, in grey and in colour, for every BITPIX', () => {
  const [width, height] = [96, 64];
  const images = [
    frameOf({ width, height }, sky),
    frameOf({ width, height, bayer: 'RGGB' }, sky),
    viewWith({ width, height, bitpix: 8 }, (x, y) => Math.min(255, sky(x, y) / 50)),
    viewWith({ width, height, bitpix: 16 }, (x, y) => sky(x, y) / 4),
    viewWith({ width, height, bitpix: 32 }, sky),
    viewWith({ width, height, bitpix: -32, bayer: 'GBRG' }, (x, y) => sky(x, y) / 65_535),
    viewWith({ width, height, bitpix: -64, planes: 3 }, (x, y) => sky(x, y) * 1e6),
  ];
  for (const image of images) {
    const { bytes, channels, ...size } = previewPixels(image, 48);
    const isColour = 'data' in image ? image.planes > 1 || image.bayer : image.bayer;
    assert.deepEqual([size.width, size.height, channels], [48, 32, isColour ? 3 : 1]);
    const middle = middleOf(bytes);
    assert.ok(middle > 40 && middle < 90, `the background is ${middle}`);
    assert.ok(bytes[(10 * 48 + 22) * channels]! > 230);
  }
});

test('the picture is the same with the kernels in TypeScript', () => {
  for (const shape of [
    { width: 101, height: 67 },
    { width: 101, height: 67, bayer: 'BGGR' as const },
    { width: 101, height: 67, planes: 3 as const },
  ]) {
    for (const width of [25, 101]) {
      const picture = previewPixels(frameOf(shape, sky), width, 'auto', undefined, loadKernels());
      assert.deepEqual(
        previewPixels(frameOf(shape, sky), width, 'auto', undefined, referenceKernels()),
        picture,
      );
    }
  }
});

test('a Bayer image wanted wider than its cells is debayered in full size', () => {
  const { width, height, channels } = previewPixels(
    frameOf({ width: 20, height: 10, bayer: 'RGGB' }, sky),
    12,
  );
  assert.deepEqual([width, height, channels], [20, 10, 3]);
});

test('unlinked makes the sky grey, linked keeps its colour, none keeps the values', () => {
  const image = frameOf({ width: 64, height: 64, planes: 3 }, (x, y, plane) => sky(x, y) + 100 * plane);
  const middles = (method: 'auto' | 'linked' | 'none') => {
    const { bytes } = previewPixels(image, 64, method);
    return [0, 1, 2].map((colour) => middleOf(bytes.filter((_, index) => index % 3 === colour)));
  };
  const [red, green, blue] = middles('auto');
  assert.ok(Math.abs(red! - green!) <= 2 && Math.abs(blue! - green!) <= 2);
  const linked = middles('linked');
  assert.ok(linked[0]! + 10 < linked[1]! && linked[1]! + 10 < linked[2]!);
  assert.deepEqual(
    middles('none'),
    [1050, 1150, 1250].map((value) => Math.round((255 * value) / 65_535)),
  );
});

test('pixels without a value and broken ones leave the rest of the picture as it is', () => {
  const clean = viewWith({ width: 64, height: 64, bitpix: -32 }, (x, y) => (x === 5 ? 500 : sky(x, y)));
  const spoilt = viewWith({ width: 64, height: 64, bitpix: -32 }, (x, y) => {
    if (x < 4) return Number.NaN;
    return x === 5 && y % 16 === 0 ? [1e30, -1e9][(y / 16) % 2]! : sky(x, y);
  });
  const [expected, actual] = [clean, spoilt].map((view) => previewPixels(view, 64).bytes);
  assert.deepEqual([...actual!.subarray(0, 4)], [0, 0, 0, 0]);
  for (let y = 0; y < 64; y++) {
    for (let x = 6; x < 64; x++) {
      const [was, is] = [expected![64 * y + x]!, actual![64 * y + x]!];
      assert.ok(Math.abs(was - is) <= 4, `${x} ${y}: ${was} ${is}`);
    }
  }
  const nothing = previewPixels(
    viewWith({ width: 9, height: 9, bitpix: -64 }, () => Number.NaN),
    9,
  );
  assert.deepEqual([...new Set(nothing.bytes)], [0]);
});

test('blank, saturated and tiny images make a picture too', () => {
  for (const level of [0, 1000, 65_535]) {
    const { bytes } = previewPixels(
      frameOf({ width: 8, height: 8 }, () => level),
      8,
    );
    assert.ok(new Set(bytes).size === 1, `level ${level}`);
  }
  const single = frameOf({ width: 1, height: 1, bayer: 'RGGB' }, () => 5);
  assert.equal(previewPixels(single, 100).bytes.length, 1);
  const line = frameOf({ width: 100, height: 1 }, () => 5);
  assert.equal(previewPixels(line, 16).height, 1);
  const widest = frameOf({ width: 65_535, height: 2, bayer: 'RGGB' }, sky);
  assert.equal(previewPixels(widest, 16).height, 1);
  assert.equal(previewPixels({ ...viewOf(widest), bayer: 'GRBG' }, 40_000).width, 65_535);
});

test('an image whose last row is on top is turned the right way', () => {
  const view = viewOf(frameOf({ width: 16, height: 16 }, (_x, y) => (y === 0 ? 60_000 : 1000)));
  const top = (order: string) =>
    previewPixels({ ...view, header: new Map([['ROWORDER', order]]) }, 16, 'none').bytes[0]!;
  assert.ok(top('TOP-DOWN') > 200);
  assert.ok(top('BOTTOM-UP') < 10);
});

test('it stops between rows when told to', () => {
  const stop = () => {
    throw new Error('stopped');
  };
  assert.throws(() => previewPixels(frameOf({ width: 64, height: 64 }, sky), 64, 'auto', stop), /stopped/);
});
