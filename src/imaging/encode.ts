import sharp from 'sharp';
import { BadInput } from '../core/errors.ts';
import type { Frame } from './frame.ts';
import type { Pixels } from './pixels.ts';
import { previewPixels, type Stretch } from './preview.ts';

export interface PreviewOptions {
  /** Pixels, 16 to 8192; a narrower image is not enlarged. */
  width: number;
  format: 'jpeg' | 'webp';
  /** 1 to 100; default 80. */
  quality?: number;
  stretch?: Stretch;
}

// One picture at a time and nothing kept: memory is for frames.
sharp.cache(false);
sharp.concurrency(1);

/**
 * A stretched picture of an image, JPEG or WebP.
 * @returns begins to encode; the image's pixels are not needed any more
 * @throws BadInput
 */
export function encoded(
  image: Frame | Pixels,
  options: PreviewOptions,
  check?: () => void,
): Promise<Uint8Array> {
  const { width: columns, format, quality = 80, stretch } = options;
  if (!(columns >= 16 && columns <= 8192)) throw new BadInput('a preview is 16 to 8192 pixels wide');
  const { width, height, channels, bytes } = previewPixels(image, columns, stretch, check);
  const picture = sharp(bytes, { raw: { width, height, channels } });
  if (width > columns) picture.resize({ width: Math.round(columns), kernel: 'lanczos2' });
  return (format === 'webp' ? picture.webp({ quality, effort: 2 }) : picture.jpeg({ quality })).toBuffer();
}
