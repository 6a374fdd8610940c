import type { BayerPattern } from '../core/bayer.ts';

/** How pixels are stored: FITS BITPIX 16 with BZERO 32768, BITPIX 32, BITPIX −32 (FITS 4.0, section 4.4.1). */
export type PixelFormat = 'u16' | 'i32' | 'f32';

export const BYTES_PER_PIXEL: Record<PixelFormat, number> = { u16: 2, i32: 4, f32: 4 };
export const FITS_BLOCK = 2880;
/** Room before the pixels in which the header is written, last block against the data: 10 × 36 cards. */
export const HEADER_ROOM = 10 * FITS_BLOCK;

/** What a camera wrote itself. It is not in the frame's memory: only storage is given it. */
export interface NativeFile {
  /** With its dot, in small letters: `.jpg`, `.cr2`. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/**
 * An immutable image. Its pixels lie in one SharedArrayBuffer laid out as the FITS file will be: `HEADER_ROOM` bytes,
 * then big-endian pixels, first row first (ROWORDER TOP-DOWN), planes one after the other, zero padding to 2880.
 * Workers get the reference; nobody copies.
 */
export interface Frame {
  /** Kept beside the FITS file. */
  readonly native?: NativeFile;
  readonly width: number;
  readonly height: number;
  /** 1 mono or Bayer, 3 colour. */
  readonly planes: 1 | 3;
  readonly format: PixelFormat;
  readonly bayer?: BayerPattern;
  readonly buffer: SharedArrayBuffer;
  /** FITS DATASUM of the data unit, where it was taken when the pixels were arranged. */
  readonly dataSum?: number;
}

export interface FrameShape {
  width: number;
  height: number;
  planes?: 1 | 3;
  format: PixelFormat;
  bayer?: BayerPattern;
}

export const pixelBytes = (frame: FrameShape): number =>
  frame.width * frame.height * (frame.planes ?? 1) * BYTES_PER_PIXEL[frame.format];

export const bufferBytes = (frame: FrameShape): number =>
  HEADER_ROOM + Math.ceil(pixelBytes(frame) / FITS_BLOCK) * FITS_BLOCK;

/**
 * A frame whose pixels are whatever the memory holds: whoever made it fills all of them before anyone else sees it.
 * @param buffer of `bufferBytes(shape)`; default a new one
 */
export function allocateFrame(shape: FrameShape, buffer = new SharedArrayBuffer(bufferBytes(shape))): Frame {
  new Uint8Array(buffer, HEADER_ROOM + pixelBytes(shape)).fill(0);
  return { ...shape, planes: shape.planes ?? 1, buffer };
}

/** The pixels as stored, big-endian (u16: value − 32768 as int16, by BZERO). */
export const pixelsOf = (frame: Frame): Uint8Array =>
  new Uint8Array(frame.buffer, HEADER_ROOM, pixelBytes(frame));
