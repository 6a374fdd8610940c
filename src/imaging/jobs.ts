import type { Check } from '../core/thread.ts';
import { adoptPixels } from './adopt-fits.ts';
import { ANALYSED_STARS, type Analysis, analysisOf } from './analysis.ts';
import { arrange, type RawLayout } from './arrange.ts';
import { encoded, type PreviewOptions } from './encode.ts';
import { readFits, viewOf } from './fits-read.ts';
import type { Frame, FrameShape } from './frame.ts';
import { adoptPicture, shapeOfPicture } from './picture.ts';
import { withPixels } from './pixel-file.ts';
import type { Pixels } from './pixels.ts';
import { type UnpackedRaw, unpackRaw } from './raw.ts';
import { type ImageSource, withImage } from './source.ts';
import { findStars } from './stars/find.ts';
import type { StarField } from './stars/star.ts';
import { type PixelStatistics, statisticsOf } from './statistics.ts';

/** What the imaging worker does with pixels. */
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

  async preview(
    { source, options }: { source: ImageSource; options: PreviewOptions },
    check?: Check,
  ): Promise<Uint8Array> {
    return inBands(source, (image) => encoded(image, options, check), check);
  },

  async statistics(
    { source, saturation }: { source: ImageSource; saturation?: number },
    check?: Check,
  ): Promise<PixelStatistics> {
    return inBands(source, (image) => statisticsOf(image, saturation, check), check);
  },

  /** @param input.most stars in the list, the brightest */
  stars: (
    { source, most }: { source: ImageSource; most: number },
    check: Check = () => {},
  ): Promise<StarField> => withImage(source, (image) => findStars(image, { most, check }), check),

  async analyse({ source }: { source: ImageSource }, check?: Check): Promise<Analysis> {
    return analysisOf(await imagingJobs.stars({ source, most: ANALYSED_STARS }, check));
  },
};

/** For what looks at each pixel once: of a file no more is in memory than a band of rows. */
const inBands = <T>(
  source: ImageSource,
  use: (image: Pixels) => T | Promise<T>,
  check?: Check,
): Promise<T> =>
  'file' in source ? withPixels(source.file, use, check) : Promise.resolve(use(viewOf(source)));

export type ImagingJobs = typeof imagingJobs;
