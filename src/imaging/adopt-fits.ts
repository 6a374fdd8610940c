import { BadInput } from '../core/errors.ts';
import { sumOf } from './checksum.ts';
import type { Header } from './fits-header.ts';
import { describeFits, type FitsImage, type PixelView, readFits } from './fits-read.ts';
import {
  bufferBytes,
  type Frame,
  type FrameShape,
  HEADER_ROOM,
  type PixelFormat,
  pixelsOf,
} from './frame.ts';
import { rowReader } from './pixels.ts';

/** The shape of the frame that holds an image of a FITS file. @throws BadInput for two or four planes */
export function shapeOf(view: PixelView): FrameShape {
  const { width, height, planes, bayer } = view;
  if (planes !== 1 && planes !== 3)
    throw new BadInput(`an image of ${planes} planes is neither grey nor colour`);
  return { width, height, planes, format: formatOf(view), ...(bayer && { bayer }) };
}

function formatOf({ bitpix, zero, scale }: PixelView): PixelFormat {
  if (scale !== 1) return 'f32';
  if (bitpix === 8 && zero === 0) return 'u16';
  if (bitpix === 16 && zero === 32768) return 'u16';
  return bitpix === 16 || (bitpix === 32 && zero === 0) ? 'i32' : 'f32';
}

/** Fills a frame of that shape: bytes as they are where the formats agree, otherwise value by value. */
export function adoptPixels(view: PixelView, frame: Frame): Frame {
  const same = view.scale === 1 && view.bitpix === { u16: 16, i32: 32, f32: -32 }[frame.format];
  if (same && view.zero === (frame.format === 'u16' ? 32768 : 0)) pixelsOf(frame).set(view.data);
  else convert(view, frame);
  return { ...frame, dataSum: sumOf(frame.buffer, HEADER_ROOM, bufferBytes(frame) - HEADER_ROOM) };
}

function convert(view: PixelView, frame: Frame): void {
  const read = rowReader(view);
  const row = new Float32Array(view.width);
  const out = new DataView(frame.buffer, HEADER_ROOM);
  let at = 0;
  for (let plane = 0; plane < view.planes; plane++) {
    for (let y = 0; y < view.height; y++) {
      read(plane, y, row);
      for (let x = 0; x < row.length; x++) {
        const value = row[x]!;
        // Integers have no word for a pixel without a value: it is dark.
        const known = Number.isNaN(value) ? 0 : value;
        if (frame.format === 'f32') out.setFloat32(at, value);
        else if (frame.format === 'i32') out.setInt32(at, known);
        else out.setInt16(at, known - 32768);
        at += frame.format === 'u16' ? 2 : 4;
      }
    }
  }
}

/** The header of a foreign file and the shape of the frame for it, without a look at the pixels. @throws BadInput */
export function describeFile(file: Uint8Array): { header: Header; shape: FrameShape } {
  const image = describeFits(file);
  return { header: image.header, shape: shapeOf(image) };
}

/** The header of a foreign file and the shape of the frame for it. @throws BadInput for what is no FITS image */
export function inspectFits(file: Uint8Array): { image: FitsImage; shape: FrameShape } {
  const image = readFits(file);
  return { image, shape: shapeOf(image) };
}
