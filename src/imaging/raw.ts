import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BayerPattern } from '../core/bayer.ts';
import { BadInput } from '../core/errors.ts';

/** A photo camera's raw file (CR2, CR3, NEF, ARW, DNG …), unpacked: its sensor's mosaic, nothing interpolated. */
export interface UnpackedRaw {
  width: number;
  height: number;
  /** Absent: a sensor without one, or with another mosaic than Bayer's. */
  bayer?: BayerPattern;
  /** Row by row, little-endian 16 bits: ADU as the camera wrote them, black level included. */
  pixels: Uint8Array;
}

/** LibRaw, as compiled to WebAssembly (package `libraw-wasm`), as far as it is used here. */
interface LibRaw {
  open(file: Uint8Array, settings: object): void;
  metadata(full: boolean): { filters?: number; cdesc?: string } | undefined;
  rawImageData():
    | {
        raw_width: number;
        width: number;
        height: number;
        top_margin: number;
        left_margin: number;
        data: Uint16Array | Uint8Array;
      }
    | undefined;
  delete(): void;
}

type LibRawModule = { LibRaw: new () => LibRaw };

/** Larger would be no photo camera's file. */
const MOST_PIXELS = 200e6;

/**
 * Unpacks the visible part of the sensor. The decoder's memory is let go of with it: WebAssembly's never shrinks.
 * @throws BadInput for bytes that are no raw file, or one this decoder does not know
 */
export async function unpackRaw(file: Uint8Array): Promise<UnpackedRaw> {
  const { LibRaw } = await loadLibRaw();
  const decoder = new LibRaw();
  try {
    decoder.open(file, {});
    const mosaic = decoder.rawImageData();
    if (!mosaic || !(mosaic.data instanceof Uint16Array)) throw new Error('it holds no mosaic of 16 bits');
    const { width, height, raw_width: stride, top_margin: top, left_margin: left, data } = mosaic;
    if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) throw new Error(`${width}×${height}`);
    if (data.length < stride * (top + height)) throw new Error('it is cut short');
    const pixels = new Uint16Array(width * height);
    for (let row = 0; row < height; row++) {
      const start = (top + row) * stride + left;
      pixels.set(data.subarray(start, start + width), row * width);
    }
    const bayer = patternOf(decoder.metadata(true));
    return { width, height, ...(bayer && { bayer }), pixels: new Uint8Array(pixels.buffer) };
  } catch (thrown) {
    // What the decoder itself throws are C++ objects without words.
    const why = thrown instanceof Error ? thrown.message : 'it is cut short, or of an unknown kind';
    throw new BadInput(`the camera's raw file cannot be unpacked: ${why}`);
  } finally {
    decoder.delete();
  }
}

async function loadLibRaw(): Promise<LibRawModule> {
  const program = import.meta.resolve('libraw-wasm/dist/libraw.js');
  const { default: start } = (await import(program)) as {
    default: (options: { wasmBinary: Uint8Array }) => Promise<LibRawModule>;
  };
  return start({ wasmBinary: await readFile(fileURLToPath(new URL('./libraw.wasm', program))) });
}

/**
 * dcraw's `filters`: for each of 8 rows and 2 columns, from the least bits, an index into `cdesc` ("RGBG"), beginning at
 * the visible part's corner. Bayer repeats after two rows.
 */
function patternOf(metadata: { filters?: number; cdesc?: string } | undefined): BayerPattern | undefined {
  const { filters = 0, cdesc = 'RGBG' } = metadata ?? {};
  // Values below 1000 mean other mosaics (9: X-Trans).
  if (filters < 1000) return undefined;
  const colour = (row: number, column: number) =>
    cdesc[(filters >>> ((((row << 1) & 14) | (column & 1)) << 1)) & 3];
  const word = [colour(0, 0), colour(0, 1), colour(1, 0), colour(1, 1)].join('');
  const repeats = [2, 4, 6].every((row) =>
    [0, 1, 2, 3].every((at) => colour(row + (at >> 1), at & 1) === word[at]),
  );
  const known = word === 'RGGB' || word === 'GRBG' || word === 'GBRG' || word === 'BGGR';
  return repeats && known ? word : undefined;
}
