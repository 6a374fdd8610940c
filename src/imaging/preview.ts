import { type PixelView, viewOf } from './fits-read.ts';
import type { Frame } from './frame.ts';
import { reduce } from './reduce.ts';
import { screenOf, stretch } from './stretch.ts';

/** Eight bits a sample, interleaved, first row first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/**
 * The image reduced to about `width` columns (at least that many where it has them, below twice as many) and
 * stretched by its own statistics; each colour by its own, so that the sky is grey.
 */
export function previewPixels(source: Frame | PixelView, width: number): Picture {
  const view = 'data' in source ? source : viewOf(source);
  const reduced = reduce(view, width);
  const channels = reduced.channels.length === 3 ? 3 : 1;
  const bytes = new Uint8Array(reduced.width * reduced.height * channels);
  const [low, high] = rangeOf(view, reduced.channels);
  reduced.channels.forEach((channel, index) => {
    stretch(channel, screenOf(channel, low, high), bytes, index, channels);
  });
  return { width: reduced.width, height: reduced.height, channels, bytes };
}

/** Black and white of the format; of formats without a natural white, those of the image. */
function rangeOf(view: PixelView, channels: readonly Float32Array[]): [number, number] {
  if (view.bitpix === 8 && view.scale === 1 && view.zero === 0) return [0, 255];
  if (view.bitpix === 16 && view.scale === 1 && view.zero === 32768) return [0, 65_535];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const channel of channels) {
    for (let index = 0; index < channel.length; index++) {
      const value = channel[index]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low < high ? [low, high] : [0, 1];
}
