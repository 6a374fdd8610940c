import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { BadInput } from '../core/errors.ts';
import { adoptPixels } from './adopt-fits.ts';
import { arrange, type RawLayout } from './arrange.ts';
import { type PixelView, readFits, viewOf } from './fits-read.ts';
import type { Frame, FrameShape } from './frame.ts';
import { adoptPicture, shapeOfPicture } from './picture.ts';
import { previewPixels } from './preview.ts';
import { type UnpackedRaw, unpackRaw } from './raw.ts';
import { type PixelStatistics, statisticsOf } from './statistics.ts';

/** An image in memory, or a FITS file of up to 1 GB. */
export type ImageSource = Frame | { readonly file: string };

export interface PreviewOptions {
  /** Pixels, 16 to 8192; a narrower image is not enlarged. */
  width: number;
  format: 'jpeg' | 'webp';
  /** 1 to 100; default 80. */
  quality?: number;
}

const FILE_LIMIT = 2 ** 30;

// One picture at a time and nothing kept: memory is for frames.
sharp.cache(false);
sharp.concurrency(1);

/** What the imaging worker does. */
export const imagingJobs = {
  arrange: ({
    raw,
    layout,
    frame,
  }: {
    raw: Uint8Array;
    layout: RawLayout;
    frame: Frame;
  }): number | undefined => arrange(raw, layout, frame).dataSum,

  adopt: ({ file, frame }: { file: Uint8Array; frame: Frame }): number | undefined =>
    adoptPixels(readFits(file), frame).dataSum,

  measure: ({ file }: { file: Uint8Array }): Promise<FrameShape> => shapeOfPicture(file),

  adoptPicture: async ({ file, frame }: { file: Uint8Array; frame: Frame }): Promise<number | undefined> =>
    (await adoptPicture(file, frame)).dataSum,

  unpackRaw: ({ file }: { file: Uint8Array }): Promise<UnpackedRaw> => unpackRaw(file),

  async preview({ source, options }: { source: ImageSource; options: PreviewOptions }): Promise<Uint8Array> {
    const { width: columns, format, quality = 80 } = options;
    if (!(columns >= 16 && columns <= 8192)) throw new BadInput('a preview is 16 to 8192 pixels wide');
    const { width, height, channels, bytes } = previewPixels(await open(source), columns);
    const picture = sharp(bytes, { raw: { width, height, channels } });
    if (width > columns) picture.resize({ width: Math.round(columns), kernel: 'lanczos2' });
    const encoded = await (format === 'webp'
      ? picture.webp({ quality, effort: 2 })
      : picture.jpeg({ quality }));
    return encoded.toBuffer();
  },

  async statistics({
    source,
    saturation,
  }: {
    source: ImageSource;
    saturation?: number;
  }): Promise<PixelStatistics> {
    return statisticsOf(await open(source), saturation);
  },
};

export type ImagingJobs = typeof imagingJobs;

async function open(source: ImageSource): Promise<PixelView> {
  if (!('file' in source)) return viewOf(source);
  const { size } = await stat(source.file);
  if (size > FILE_LIMIT) throw new BadInput(`${source.file}: larger than 1 GB`);
  try {
    return readFits(await readFile(source.file));
  } catch (thrown) {
    throw thrown instanceof BadInput ? new BadInput(`${source.file}: ${thrown.message}`) : thrown;
  }
}
