import { debayeredRows } from './debayer.ts';
import { textIn } from './fits-header.ts';
import { viewOf } from './fits-read.ts';
import type { Frame } from './frame.ts';
import { sharedKernels } from './kernels/kernels.ts';
import { isU16, type Pixels } from './pixels.ts';
import { blockSize, type RowSource, reducedRows } from './reduce.ts';
import { autoTransfer, type Background, backgroundOf, linearTransfer, type Range } from './stretch.ts';

/** Eight bits a sample, interleaved, first row on top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/** `auto`: each colour by its own background, so that the sky is grey; `linked`: all colours alike; `none`: linear. */
export type Stretch = 'auto' | 'linked' | 'none';

/** The background is judged by so many rows, and so many pixels of each. */
const SAMPLE_ROWS = 64;
const SAMPLE_COLUMNS = 128;

/**
 * The image reduced to about `width` columns (at least that many where it has them, below twice as many, and for a
 * Bayer image below four times) and stretched. Only the picture itself is ever in memory.
 * @param check called between rows, throws when the work is to stop
 */
export function previewPixels(
  source: Frame | Pixels,
  width: number,
  method: Stretch = 'auto',
  check?: () => void,
  kernels = sharedKernels(),
): Picture {
  const view = flat('buffer' in source ? viewOf(source) : source);
  const isUpsideDown = 'header' in source && textIn(source.header, 'ROWORDER')?.trim() === 'BOTTOM-UP';
  return kernels.within((room) => {
    const factor = blockSize(view, width);
    const rows =
      view.bayer && factor === 1
        ? debayeredRows(view, kernels, room)
        : reducedRows(view, factor, kernels, room);
    const { height, channels } = rows;
    const transfers = transfersOf(sample(rows), view, method);
    const rowLength = rows.width * channels;
    const line = new Uint8Array(kernels.memory, room.take(rowLength), rowLength);
    const bytes = new Uint8Array(rowLength * height);
    for (let y = 0; y < height; y++) {
      check?.();
      rows.row(y).forEach(({ byteOffset, length }, channel) => {
        const { black, white, midtones } = transfers[channel]!;
        kernels.stretchRow(byteOffset, length, black, white, midtones, line.byteOffset + channel, channels);
      });
      bytes.set(line, (isUpsideDown ? height - 1 - y : y) * rowLength);
    }
    return { width: rows.width, height, channels, bytes };
  });
}

/** A mosaic of a single row or column has no colours. */
function flat(view: Pixels): Pixels {
  if (!view.bayer || (view.width > 1 && view.height > 1)) return view;
  const { bayer, ...grey } = view;
  return grey;
}

/** Finite values of each channel, from all over the image. */
function sample(rows: RowSource): Float32Array[] {
  const count = Math.min(SAMPLE_ROWS, rows.height);
  const stride = Math.ceil(rows.width / SAMPLE_COLUMNS);
  const samples = Array.from({ length: rows.channels }, () => new Float32Array(count * SAMPLE_COLUMNS));
  const filled = samples.map(() => 0);
  for (let index = 0; index < count; index++) {
    const channels = rows.row(Math.floor(((index + 0.5) * rows.height) / count));
    channels.forEach((row, channel) => {
      // Beginning elsewhere in each row: a bright column counts once.
      for (let x = index % stride; x < row.length; x += stride) {
        if (!Number.isNaN(row[x]!)) samples[channel]![filled[channel]!++] = row[x]!;
      }
    });
  }
  return samples.map((values, channel) => values.subarray(0, filled[channel]));
}

function transfersOf(samples: Float32Array[], view: Pixels, method: Stretch) {
  const range = rangeOf(view, samples);
  if (method === 'none') return samples.map(() => linearTransfer(range));
  const backgrounds = samples.map(backgroundOf);
  const common = method === 'linked' ? meanOf(backgrounds) : undefined;
  return backgrounds.map((own) => autoTransfer(common ?? own, range));
}

const meanOf = (backgrounds: readonly Background[]): Background => ({
  median: backgrounds.reduce((sum, { median }) => sum + median, 0) / backgrounds.length,
  sigma: backgrounds.reduce((sum, { sigma }) => sum + sigma, 0) / backgrounds.length,
});

/** Black and white of the format; of formats without a natural white, those of the image. */
function rangeOf(view: Pixels, samples: readonly Float32Array[]): Range {
  if (view.bitpix === 8 && view.scale === 1 && view.zero === 0) return { low: 0, high: 255 };
  if (isU16(view)) return { low: 0, high: 65_535 };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of samples) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low < high ? { low, high } : { low: 0, high: 1 };
}
