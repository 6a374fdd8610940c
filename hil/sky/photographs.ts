import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../src/core/errors.ts';

export type SampleFormat = 'u16' | 'i32' | 'f32';
export type Samples = Uint16Array | Int32Array | Float32Array;

/** Pixel values in native byte order, row 0 first. */
export interface Picture {
  width: number;
  height: number;
  format: SampleFormat;
  samples: Samples;
}

/** Real photographs in place of the rendered sky: one after the other, from the first again after the last. */
export interface Photographs {
  readonly width: number;
  readonly height: number;
  readonly format: SampleFormat;
  readonly files: readonly string[];
  /** The first row of the FITS file is row 0, the values are those of the file, BZERO applied. */
  next(): Picture;
}

const BLOCK = 2880;
const CARD = 80;
const MOST_HEADER_BLOCKS = 400;
const MOST_EXTENSIONS = 64;
const MOST_PIXELS = 200e6;

interface Layout {
  width: number;
  height: number;
  bitpix: 8 | 16 | 32 | -32;
  zero: number;
  format: SampleFormat;
  at: number;
}

/**
 * A FITS file or a folder of such (in order of name), all of one size and kind: BITPIX 8, 16, 32, −32, two axes, in
 * the primary array or the first image extension (FITS 4.0, sections 4, 5 and 7.1).
 * @throws BadInput naming the file and what is wrong with it
 */
export function openPhotographs(path: string): Photographs {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.(fits?|fts)$/i.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) throw new BadInput(`${path}: no FITS files (.fits, .fit, .fts) in it`);
  const layouts = files.map((file) => withFile(file, (handle) => findImage(handle, file)));
  const { width, height, format } = layouts[0]!;
  layouts.forEach((layout, i) => {
    if (layout.width !== width || layout.height !== height || layout.format !== format) {
      throw new BadInput(
        `${files[i]}: ${layout.width}×${layout.height} ${layout.format}, unlike ${files[0]}`,
      );
    }
  });
  let turn = 0;
  return {
    width,
    height,
    format,
    files,
    next() {
      const index = turn++ % files.length;
      const samples = withFile(files[index]!, (handle) =>
        readSamples(handle, files[index]!, layouts[index]!),
      );
      return { width, height, format, samples };
    },
  };
}

function withFile<T>(file: string, use: (handle: number) => T): T {
  const handle = openSync(file, 'r');
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

function findImage(handle: number, file: string): Layout {
  let at = 0;
  for (let extension = 0; extension < MOST_EXTENSIONS; extension++) {
    const header = readHeader(handle, file, at);
    if (!header) break;
    const { fields } = header;
    if (extension === 0 && fields.get('SIMPLE') !== 'T') throw new BadInput(`${file}: not a FITS file`);
    const number = (keyword: string, missing: number) => Number(fields.get(keyword) ?? missing);
    const axes = Array.from({ length: Math.min(8, number('NAXIS', 0)) }, (_, i) =>
      number(`NAXIS${i + 1}`, 0),
    );
    const pixels = axes.length ? axes.reduce((product, length) => product * length, 1) : 0;
    const dataAt = at + header.length;
    const isImage = extension === 0 || fields.get('XTENSION') === 'IMAGE';
    if (isImage && pixels > 0) return accept(handle, file, { axes, pixels, number, dataAt });
    const bytes = (Math.abs(number('BITPIX', 8)) / 8) * (pixels + number('PCOUNT', 0)) * number('GCOUNT', 1);
    at = dataAt + Math.ceil(bytes / BLOCK) * BLOCK;
  }
  throw new BadInput(`${file}: no image in it`);
}

function accept(
  handle: number,
  file: string,
  image: {
    axes: number[];
    pixels: number;
    number: (keyword: string, missing: number) => number;
    dataAt: number;
  },
): Layout {
  const { axes, pixels, number, dataAt } = image;
  const [width = 0, height = 0, ...rest] = axes;
  if (axes.length < 2 || rest.some((length) => length !== 1)) {
    throw new BadInput(`${file}: ${axes.join('×')} pixels where a sensor has two axes`);
  }
  if (!(pixels <= MOST_PIXELS)) throw new BadInput(`${file}: ${pixels} pixels are more than ${MOST_PIXELS}`);
  const bitpix = number('BITPIX', 0);
  const zero = number('BZERO', 0);
  if (number('BSCALE', 1) !== 1) throw new BadInput(`${file}: BSCALE would change its values`);
  const format = formatOf(bitpix, zero);
  if (!format) throw new BadInput(`${file}: BITPIX ${bitpix} with BZERO ${zero} is not what cameras store`);
  if (fstatSync(handle).size < dataAt + (pixels * Math.abs(bitpix)) / 8) {
    throw new BadInput(`${file}: ends before its last pixel`);
  }
  return { width, height, bitpix: bitpix as Layout['bitpix'], zero, format, at: dataAt };
}

/** The narrowest kind of sample that holds every value unchanged. */
function formatOf(bitpix: number, zero: number): SampleFormat | undefined {
  if (bitpix === 8 && zero === 0) return 'u16';
  if (bitpix === 16 && zero === 32768) return 'u16';
  if (bitpix === 16 && zero === 0) return 'i32';
  if (bitpix === 32 && zero === 0) return 'i32';
  if (bitpix === -32 && zero === 0) return 'f32';
  return undefined;
}

function readHeader(handle: number, file: string, at: number) {
  const fields = new Map<string, string>();
  const block = Buffer.alloc(BLOCK);
  for (let count = 0; count < MOST_HEADER_BLOCKS; count++) {
    const got = readSync(handle, block, 0, BLOCK, at + count * BLOCK);
    if (got === 0 && count === 0 && at > 0) return undefined;
    if (got < BLOCK) throw new BadInput(`${file}: ends within a FITS header`);
    for (let card = 0; card < BLOCK; card += CARD) {
      const text = block.toString('latin1', card, card + CARD);
      const keyword = text.slice(0, 8).trimEnd();
      if (keyword === 'END') return { fields, length: (count + 1) * BLOCK };
      if (text.startsWith('= ', 8) && !fields.has(keyword)) fields.set(keyword, fieldValue(text.slice(10)));
    }
    if (at === 0 && count === 0 && !fields.has('SIMPLE')) break;
  }
  throw new BadInput(`${file}: not a FITS file`);
}

/** Numbers and T/F as they stand, strings without their quotes. */
function fieldValue(text: string): string {
  const quoted = /^\s*'((?:[^']|'')*)'/.exec(text);
  return quoted ? quoted[1]!.trimEnd() : text.split('/')[0]!.trim();
}

function readSamples(handle: number, file: string, layout: Layout): Samples {
  const count = layout.width * layout.height;
  const bytes = Buffer.alloc((count * Math.abs(layout.bitpix)) / 8);
  if (readSync(handle, bytes, 0, bytes.length, layout.at) < bytes.length) {
    throw new BadInput(`${file}: ends before its last pixel`);
  }
  if (layout.bitpix === 8) return Uint16Array.from(bytes);
  if (layout.bitpix === 16) {
    const samples = layout.format === 'u16' ? new Uint16Array(count) : new Int32Array(count);
    for (let i = 0; i < count; i++) samples[i] = bytes.readInt16BE(2 * i) + layout.zero;
    return samples;
  }
  bytes.swap32();
  return layout.bitpix === 32
    ? new Int32Array(bytes.buffer, bytes.byteOffset, count)
    : new Float32Array(bytes.buffer, bytes.byteOffset, count);
}
