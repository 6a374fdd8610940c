import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BadInput } from '../core/errors.ts';
import { bitpixIn } from './fits-hdu.ts';
import { named, openFits } from './fits-open.ts';
import { type FitsImage, imageOf } from './fits-read.ts';
import { type FitsSource, findImage } from './fits-source.ts';
import type { Pixels } from './pixels.ts';

/** An image of a FITS file whose pixels stay there: they are read where they are worked on, a band at a time. */
export interface PixelFile extends Omit<FitsImage, 'data'> {
  /**
   * Fills `into` with the stored pixels from byte `start` of them on.
   * @throws BadInput where the file has become shorter
   */
  read(start: number, into: Uint8Array): void;
  close(): void;
}

/**
 * Undefined for an image whose stored bytes are not those of a `PixelView`: packed, gzipped, of 64-bit integers, with
 * BLANK or with its colours side by side. `openFits` reads those, and says what is wrong with what is no FITS file.
 * @throws BadInput that begins with the file's name
 */
export function openPixels(file: string): Promise<PixelFile | undefined> {
  return named(file, async () => {
    const fd = openSync(file, 'r');
    try {
      const image = await imageIn(fd);
      if (!image) closeSync(fd);
      return image;
    } catch (thrown) {
      closeSync(fd);
      throw thrown;
    }
  });

  async function imageIn(fd: number): Promise<PixelFile | undefined> {
    const { size } = fstatSync(fd);
    const source = sourceOf(fd, size);
    if (size < 6 || Buffer.from(await source.read(0, 6)).toString('latin1') !== 'SIMPLE') return undefined;
    const { hdu, start, primary } = await findImage(source);
    if (hdu.kind !== 'image' || hdu.header.has('BLANK') || bitpixIn(hdu.header) === 64) return undefined;
    const { data, ...image } = imageOf(hdu, new Uint8Array(0), primary);
    if (hdu.header.get('NAXIS1') !== image.width) return undefined;
    const pixels = start + hdu.headerLength;
    return {
      ...image,
      read: (from, into) => {
        if (fill(fd, pixels + from, into) < into.length) throw new BadInput(`${file}: it has become shorter`);
      },
      close: () => closeSync(fd),
    };
  }
}

/**
 * Gives `use` a file's image: where it can be worked on in place it is, and otherwise it is read whole first.
 * @param check called between pieces of what is read; throws when the work is to stop
 * @throws BadInput that begins with the file's name
 */
export async function withPixels<T>(
  file: string,
  use: (image: Pixels & Pick<FitsImage, 'header'>) => T | Promise<T>,
  check?: () => void,
): Promise<T> {
  const pixels = await openPixels(file);
  if (!pixels) return use(await openFits(file, check));
  try {
    return await use(pixels);
  } finally {
    pixels.close();
  }
}

/** For what is read of headers. The calls return at once: a thread hop costs more than a band of pixels. */
const sourceOf = (fd: number, size: number): FitsSource => ({
  size,
  unzipped: false,
  read: async (at, length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, fill(fd, at, bytes));
  },
  close: async () => closeSync(fd),
});

/** Reads as many bytes as there are; returns how many that is. */
function fill(fd: number, at: number, into: Uint8Array): number {
  let done = 0;
  while (done < into.length) {
    const length = readSync(fd, into, done, into.length - done, at + done);
    if (length === 0) break;
    done += length;
  }
  return done;
}
