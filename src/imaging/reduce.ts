import type { PixelView } from './fits-read.ts';
import { type RowReader, rowReader } from './pixels.ts';

/** A smaller image in physical values: one plane (grey) or three (red, green, blue). */
export interface Reduced {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly Float32Array[];
}

/** Which of red, green, blue the four pixels of a Bayer cell are: row by row. */
const COLOURS = { R: 0, G: 1, B: 2 } as const;

/**
 * Averages square blocks of pixels, the largest that leave at least `width` columns. A Bayer image is debayered on the
 * way: its blocks hold whole 2 × 2 cells, so that every block has all colours (superpixels).
 */
export function reduce(view: PixelView, width: number): Reduced {
  const factor = Math.max(1, Math.floor(view.width / Math.max(1, width)));
  if (view.bayer && view.width > 1 && view.height > 1) return reduceBayer(view, Math.max(2, factor & ~1));
  const size = sizeBy(view, Math.min(factor, view.height));
  const read = rowReader(view);
  const channels = view.planes >= 3 ? [0, 1, 2] : [0];
  return { ...size, channels: channels.map((plane) => reducePlane(read, plane, size, view.width)) };
}

interface Size {
  width: number;
  height: number;
  factor: number;
}

const sizeBy = (view: PixelView, factor: number): Size => ({
  width: Math.floor(view.width / factor),
  height: Math.floor(view.height / factor),
  factor,
});

function reducePlane(
  read: RowReader,
  plane: number,
  { width, height, factor }: Size,
  columns: number,
): Float32Array {
  const out = new Float32Array(width * height);
  const row = new Float32Array(columns);
  for (let y = 0; y < height * factor; y++) {
    read(plane, y, row);
    const start = Math.floor(y / factor) * width;
    for (let x = 0, at = 0; x < width; x++) {
      let sum = 0;
      for (const end = at + factor; at < end; at++) sum += row[at]!;
      out[start + x]! += sum;
    }
  }
  return scaled(out, 1 / (factor * factor));
}

function reduceBayer(view: PixelView, wanted: number): Reduced {
  const { width, height, factor } = sizeBy(view, Math.min(wanted, view.height & ~1));
  const read = rowReader(view);
  const row = new Float32Array(view.width);
  const channels = [0, 1, 2].map(() => new Float32Array(width * height));
  const colourAt = (index: number) => channels[COLOURS[view.bayer![index] as keyof typeof COLOURS]]!;
  for (let y = 0; y < height * factor; y++) {
    read(0, y, row);
    const start = Math.floor(y / factor) * width;
    const left = colourAt((y & 1) * 2);
    const right = colourAt((y & 1) * 2 + 1);
    for (let x = 0, at = 0; x < width; x++) {
      let even = 0;
      let odd = 0;
      for (const end = at + factor; at < end; at += 2) {
        even += row[at]!;
        odd += row[at + 1]!;
      }
      left[start + x]! += even;
      right[start + x]! += odd;
    }
  }
  const quarter = 4 / (factor * factor);
  channels.forEach((channel, index) => {
    scaled(channel, index === COLOURS.G ? quarter / 2 : quarter);
  });
  return { width, height, channels };
}

function scaled(values: Float32Array, by: number): Float32Array {
  for (let index = 0; index < values.length; index++) values[index]! *= by;
  return values;
}
