import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isoUtc } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import { addSums, CHECKSUM_ZERO, sign, sumOf } from '../checksum.ts';
import type { ExposureFacts } from '../facts.ts';
import { type Card, formatCards, integer, real, text } from '../fits-card.ts';
import { FITS_BLOCK, type FrameShape } from '../frame.ts';
import { headerCards, structureCards } from '../header.ts';
import type { PixelFile } from '../pixel-file.ts';

/** What a stack is made of. */
export interface StackFacts {
  readonly frames: number;
  /** Exposure of all frames together. */
  readonly seconds: number;
  /** UTC milliseconds when the last of its exposures ended. */
  readonly endUtc: number;
  /** Of the first frame, where it is one of ours. */
  readonly first: ExposureFacts | undefined;
  /** Side of the square of camera pixels that became one. */
  readonly factor: number;
}

/** Bytes that are put into FITS's order and written at a time. */
const PIECE = 512 * FITS_BLOCK;
/** What is true of one exposure only. A stack is none: nobody may adopt it as one. */
const OF_ONE_EXPOSURE =
  /^(NJ-|DATE-(AVG|LOC)|DARKTIME|EXPOSURE|CCD-TEMP|OBJCT(ALT|AZ)|AIRMASS|PIERSIDE|FOC(US)?TEMP?$)/;

/**
 * Writes a stack as a FITS file of 32-bit reals with DATASUM and CHECKSUM, piece by piece.
 * @param file must not be there; after a failure it is not
 * @throws Fault `refused` where the disk does not take it; whatever `check` throws
 */
export function writeStack(file: string, pixels: PixelFile, facts: StackFacts, check?: () => void): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const fd = openSync(file, 'wx');
    try {
      writeTo(fd, pixels, cardsOf(pixels, facts), check);
    } catch (thrown) {
      rmSync(file);
      throw thrown;
    } finally {
      closeSync(fd);
    }
  } catch (thrown) {
    if (!('code' in asError(thrown))) throw thrown;
    throw new Fault('refused', `the stack cannot be written: ${asError(thrown).message}`);
  }
}

function writeTo(fd: number, pixels: PixelFile, cards: readonly Card[], check?: () => void): void {
  const length = 4 * pixels.width * pixels.height * pixels.planes;
  const start = headerOf(cards, 0).length;
  const piece = new Uint8Array(Math.min(PIECE, padded(length)));
  let sum = 0;
  for (let at = 0; at < length; at += PIECE) {
    check?.();
    const size = Math.min(PIECE, length - at);
    pixels.read(at, piece.subarray(0, size));
    const block = piece.subarray(0, padded(size)).fill(0, size);
    sum = addSums(sum, sumOf(block.buffer, 0, block.length));
    writeAll(fd, block, start + at);
  }
  const header = headerOf(cards, sum);
  sign(header, sum);
  writeAll(fd, header, 0);
}

function headerOf(cards: readonly Card[], dataSum: number): Uint8Array {
  const sums = [
    text('CHECKSUM', CHECKSUM_ZERO, 'HDU checksum'),
    text('DATASUM', String(dataSum), 'data unit checksum'),
  ];
  const records = [...formatCards([...cards, ...sums]), 'END'.padEnd(80)].join('');
  return Uint8Array.from(Buffer.from(records.padEnd(padded(records.length)), 'latin1'));
}

const padded = (length: number): number => Math.ceil(length / FITS_BLOCK) * FITS_BLOCK;

function writeAll(fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

/** Those of the first frame, whose pixels the stack's are: EXPTIME is of one frame, LIVETIME of all, as Siril has it. */
function cardsOf({ width, height, planes }: PixelFile, facts: StackFacts): Card[] {
  const { first, factor, frames, seconds, endUtc } = facts;
  const shape: FrameShape = { width, height, planes: planes === 3 ? 3 : 1, format: 'f32' };
  const own = first ? headerCards(shape, binnedBy(first, factor)) : structureCards(shape);
  return [
    ...own.filter(({ keyword }) => !OF_ONE_EXPOSURE.test(keyword)),
    text('DATE-END', isoUtc(endUtc).slice(0, -1), 'UTC end of the last exposure'),
    integer('STACKCNT', frames, 'frames in the stack'),
    real('LIVETIME', seconds, '[s] exposure of all frames'),
  ];
}

const binnedBy = (facts: ExposureFacts, factor: number): ExposureFacts => ({
  ...facts,
  camera: { ...facts.camera, binning: facts.camera.binning * factor },
});
