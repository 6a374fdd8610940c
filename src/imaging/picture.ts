import sharp from 'sharp';
import { asError, BadInput } from '../core/errors.ts';
import { arrange } from './arrange.ts';
import type { Frame, FrameShape } from './frame.ts';

/** The shape of the frame that holds a picture file of 8 bits a channel: grey or colour. @throws BadInput */
export async function shapeOfPicture(file: Uint8Array): Promise<FrameShape> {
  const { width, height, channels } = await readable(sharp(file).metadata());
  return { width, height, planes: channels < 3 ? 1 : 3, format: 'u16' };
}

/** Fills a frame of that shape; transparency is left out, colours are sRGB as they come. @throws BadInput */
export async function adoptPicture(file: Uint8Array, frame: Frame): Promise<Frame> {
  const picture = sharp(file)
    .removeAlpha()
    .toColourspace(frame.planes === 1 ? 'b-w' : 'srgb');
  const raw = await readable(picture.raw({ depth: 'uchar' }).toBuffer());
  return arrange(raw, { element: 'u8', order: 'row-major' }, frame);
}

const readable = <T>(work: Promise<T>): Promise<T> =>
  work.catch((thrown) => {
    throw new BadInput(`no picture that can be read: ${asError(thrown).message}`);
  });
