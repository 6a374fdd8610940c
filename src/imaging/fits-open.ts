import { asError, BadInput } from '../core/errors.ts';
import { type FitsImage, imageOf } from './fits-read.ts';
import { findImage, openSource } from './fits-source.ts';

/**
 * The first image of a FITS file on disk: plain, packed in tiles (`.fz`) or gzipped, known by its content. Only the
 * image's own unit is read.
 * @param check called every few milliseconds; it throws when the work is to stop
 * @throws BadInput that begins with the file's name, for what cannot be read as well
 */
export function openFits(file: string, check?: () => void): Promise<FitsImage> {
  return named(file, async () => {
    const source = await openSource(file, check);
    try {
      const { hdu, start, primary } = await findImage(source);
      const data = await source.read(start + hdu.headerLength, hdu.dataLength);
      return imageOf(hdu, data, primary, check);
    } finally {
      await source.close();
    }
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'it may not be read: permission denied',
  EPERM: 'it may not be read: permission denied',
  EISDIR: 'is a directory',
  EIO: 'the disk cannot read it',
};

/** Does the work; where it fails for the file's sake, the reason begins with the file's name. */
export async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { message } = asError(thrown);
    const code = thrown instanceof Error && 'code' in thrown ? WORDS[String(thrown.code)] : undefined;
    if (!(thrown instanceof BadInput) && code === undefined) throw thrown;
    throw new BadInput(`${file}: ${code ?? message}`, { cause: thrown });
  }
}
