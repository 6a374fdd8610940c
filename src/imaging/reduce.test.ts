import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debayeredRows } from './debayer.ts';
import { type PixelView, viewOf } from './fits-read.ts';
import type { Kernels } from './kernels/kernels.ts';
import { loadKernels, referenceKernels } from './kernels/kernels.ts';
import type { Room } from './kernels/room.ts';
import { frameOf, type Pixels, viewWith } from './pixels.fixture.ts';
import { blockSize, type RowSource, reducedRows } from './reduce.ts';

const both = [loadKernels(), referenceKernels()];

/** All of it, channel by channel. */
function pixelsOf(
  open: (kernels: Kernels, room: Room) => RowSource,
  kernels = both[0]!,
): { width: number; height: number; channels: number[][] } {
  return kernels.within((room) => {
    const { width, height, channels, row } = open(kernels, room);
    const all: number[][] = Array.from({ length: channels }, () => []);
    for (let y = 0; y < height; y++) row(y).forEach((values, channel) => void all[channel]!.push(...values));
    return { width, height, channels: all };
  });
}

const reduced = (view: PixelView, factor: number, kernels?: Kernels) =>
  pixelsOf((using, room) => reducedRows(view, factor, using, room), kernels);

const debayered = (view: PixelView, kernels?: Kernels) =>
  pixelsOf((using, room) => debayeredRows(view, using, room), kernels);

const patterns = ['RGGB', 'GRBG', 'GBRG', 'BGGR'] as const;
const shades = { R: 100, G: 200, B: 300 };
const shadeOf = (bayer: string, x: number, y: number) =>
  shades[bayer[(y % 2) * 2 + (x % 2)] as 'R' | 'G' | 'B'];

test('blocks are averaged and the remainder of the sides is left away, for every BITPIX', () => {
  const ramp: Pixels = (x, y) => x + 20 * y;
  const views = [
    viewOf(frameOf({ width: 11, height: 7 }, ramp)),
    viewWith({ width: 11, height: 7, bitpix: 8 }, ramp),
    viewWith({ width: 11, height: 7, bitpix: 16, scale: 0.5, zero: 100 }, ramp),
    viewWith({ width: 11, height: 7, bitpix: 32 }, ramp),
    viewWith({ width: 11, height: 7, bitpix: -32 }, ramp),
    viewWith({ width: 11, height: 7, bitpix: -64 }, ramp),
  ];
  for (const kernels of both) {
    for (const view of views) {
      const { width, height, channels } = reduced(view, 2, kernels);
      assert.deepEqual([width, height, channels.length], [5, 3, 1]);
      assert.deepEqual(channels[0]!.slice(0, 6), [10.5, 12.5, 14.5, 16.5, 18.5, 50.5]);
    }
  }
});

test('each plane of a colour image is a channel, a fourth one is not looked at', () => {
  const view = viewWith({ width: 4, height: 2, planes: 4, bitpix: -32 }, (_x, _y, plane) => plane + 1);
  assert.deepEqual(reduced(view, 2).channels, [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

test('each colour of a Bayer image goes to its channel, whatever the pattern', () => {
  for (const bayer of patterns) {
    const views = [
      viewOf(frameOf({ width: 13, height: 9, bayer }, (x, y) => shadeOf(bayer, x, y))),
      viewWith({ width: 13, height: 9, bayer, bitpix: -32 }, (x, y) => shadeOf(bayer, x, y)),
    ];
    for (const view of views) {
      for (const factor of [2, 4]) {
        const { width, height, channels } = reduced(view, factor);
        assert.deepEqual([width, height], [Math.floor(13 / factor), Math.floor(9 / factor)]);
        assert.deepEqual(
          channels.map((channel) => [...new Set(channel)]),
          [[100], [200], [300]],
          bayer,
        );
      }
    }
  }
});

test('pixels without a value count nowhere, and a block of them has none', () => {
  const blank: Pixels = (x, y) => (x < 4 || (x + y) % 3 === 0 ? Number.NaN : 7);
  assert.deepEqual(reduced(viewWith({ width: 12, height: 4, bitpix: -32 }, blank), 4).channels, [
    [Number.NaN, 7, 7],
  ]);
  const greens: Pixels = (x, y) => (y % 2 === 0 && x % 2 === 1 ? Number.NaN : x < 2 ? 3 : 5);
  const bayer = viewWith({ width: 4, height: 2, bitpix: -64, bayer: 'RGGB' }, greens);
  assert.deepEqual(reduced(bayer, 2).channels, [
    [3, 5],
    [3, 5],
    [3, 5],
  ]);
});

test('blocks higher than a band are summed in parts', () => {
  const view = viewOf(frameOf({ width: 60_000, height: 8 }, (x, y) => (x + y) % 1000));
  for (const factor of [2, 8]) {
    const { channels } = reduced(view, factor);
    const expected = Array.from({ length: factor }, (_, y) => y + (factor - 1) / 2);
    assert.equal(channels[0]![0], expected.reduce((sum, value) => sum + value, 0) / factor);
  }
});

test('the block is the largest that leaves the wanted columns, within what a sum can hold', () => {
  const view = (width: number, height: number, bayer?: 'RGGB') =>
    viewWith({ width: 1, height: 1, bitpix: 8, ...(bayer && { bayer }) }, () => 0) && {
      ...viewWith({ width: 1, height: 1, bitpix: 8 }, () => 0),
      ...{ width, height },
      ...(bayer && { bayer }),
    };
  assert.equal(blockSize(view(6000, 4000), 1500), 4);
  assert.equal(blockSize(view(6000, 4000), 1501), 3);
  assert.equal(blockSize(view(6000, 4000), 9000), 1);
  assert.equal(blockSize(view(6000, 4000), 0), 256);
  assert.equal(blockSize(view(6000, 3), 100), 3);
  assert.equal(blockSize(view(6000, 4000, 'RGGB'), 1501), 2);
  assert.equal(blockSize(view(6000, 4000, 'RGGB'), 3001), 1);
});

test('debayering keeps what was measured and finds flat colours, whatever the pattern and size', () => {
  for (const bayer of patterns) {
    for (const [width, height] of [
      [2, 2],
      [3, 5],
      [8, 4],
    ] as const) {
      for (const kernels of both) {
        const frame = frameOf({ width, height, bayer }, (x, y) => shadeOf(bayer, x, y));
        const { channels } = debayered(viewOf(frame), kernels);
        assert.deepEqual(
          channels.map((channel) => [channel.length, ...new Set(channel)]),
          [100, 200, 300].map((shade) => [width * height, shade]),
          `${bayer} ${width} x ${height}`,
        );
      }
    }
  }
});

test('debayering a slope keeps the slope, in every colour', () => {
  const view = viewWith({ width: 10, height: 8, bitpix: -32, bayer: 'GRBG' }, (x, y) => 3 * x + 5 * y);
  const { channels } = debayered(view);
  for (const channel of channels) {
    for (let y = 1; y < 7; y++) {
      for (let x = 1; x < 9; x++) assert.equal(channel[y * 10 + x], 3 * x + 5 * y);
    }
  }
});

test('rows of a debayered image are the same in any order', () => {
  const view = viewOf(
    frameOf({ width: 6, height: 7, bayer: 'BGGR' }, (x, y) => (x * 7919 + y * 104_729) % 997),
  );
  const inOrder = debayered(view).channels[0]!;
  both[0]!.within((room) => {
    const { row } = debayeredRows(view, both[0]!, room);
    for (const y of [6, 0, 3, 5, 1, 2, 4, 0, 6]) {
      assert.deepEqual([...row(y)[0]!], inOrder.slice(6 * y, 6 * y + 6), `row ${y}`);
    }
  });
});
