import type { Check } from '../core/thread.ts';
import { openFits } from './fits-open.ts';
import { type FitsImage, type PixelView, viewOf } from './fits-read.ts';
import type { Frame } from './frame.ts';

/** An image in memory, or a FITS file. */
export type ImageSource = Frame | { readonly file: string };

let before: Promise<unknown> = Promise.resolve();

/**
 * Does something with an image's pixels; of a file with its header too. Files take turns: a thread has the pixels of
 * one in memory, however many are asked for, and no longer than they are used.
 * @param use returns nothing that holds on to the pixels
 * @throws BadInput naming the file
 */
export async function withImage<T>(
  source: ImageSource,
  use: (image: PixelView | FitsImage) => T,
  check?: Check,
): Promise<T> {
  if (!('file' in source)) return use(viewOf(source));
  const turn = before.then(async () => {
    const image = await openFits(source.file, check);
    try {
      return use(image);
    } finally {
      letGo(image.data.buffer);
    }
  });
  before = turn.catch(() => undefined);
  return turn;
}

/** Smaller buffers may be parts of one that node shares out. */
const LARGE = 1 << 20;

/** At once: the collector, which sees only a small object, would come for the next hundred megabytes too late. */
function letGo(pixels: ArrayBufferLike): void {
  if (pixels instanceof ArrayBuffer && pixels.byteLength > LARGE) pixels.transfer(0);
}

/** What is told another thread: without the camera's own file, which would be copied. */
export function sendable(source: ImageSource): ImageSource {
  if ('file' in source) return source;
  const { native, ...frame } = source;
  return frame;
}
