import { BadInput } from '../../core/errors.ts';
import { axisIn, bitpixIn, type StoredBitpix } from '../fits-hdu.ts';
import { type Header, numberIn } from '../fits-header.ts';
import { PIXEL_BYTE_LIMIT } from '../fits-shape.ts';
import { codecOf, type Tile } from './codec.ts';
import { type Quantisation, unquantise } from './dither.ts';
import { layOut, tilesOf } from './layout.ts';
import { storeFloats, storeIntegers } from './store.ts';
import { openTable, type Table } from './table.ts';

/** Pixels that one packed byte can stand for at most: a run of PLIO_1, 4095 in two bytes. */
const MOST_A_BYTE = 4096;
const TILE_PIXELS = 2 ** 26;
/** Between two calls of `check`: some milliseconds. */
const CHECK_PIXELS = 1 << 16;

/**
 * The pixels of a tile-compressed image (FITS 4.0, section 10.1), as its unpacked file would store them: big-endian,
 * the last axis slowest.
 * @param header of the table; `data` its data unit with the heap
 * @throws BadInput naming what is wrong
 */
export function unpackTiles(header: Header, data: Uint8Array, check?: () => void): Uint8Array {
  const axes = Array.from({ length: axisIn(header, 0, 'Z') }, (_, index) => axisIn(header, index + 1, 'Z'));
  const bitpix = bitpixIn(header, 'ZBITPIX');
  const size = Math.abs(bitpix) / 8;
  const pixels = axes.reduce((product, length) => product * length, 1);
  if (pixels * size > PIXEL_BYTE_LIMIT || pixels > data.length * MOST_A_BYTE) {
    throw new BadInput(`${pixels} pixels are announced, ${data.length} packed bytes are there`);
  }
  const layout = layOut(header, axes);
  if (layout.tilePixels > TILE_PIXELS)
    throw new BadInput(`tiles of ${layout.tilePixels} pixels are too large`);
  const table = openTable(header, data);
  if (table.rows < layout.count) {
    throw new BadInput(`${layout.count} tiles are announced, ${table.rows} are there`);
  }
  const quantised =
    bitpix < 0 && header.get('ZQUANTIZ') !== 'NONE' && (table.has('ZSCALE') || header.has('ZSCALE'));
  const quantisation = quantised ? quantisationOf(header, table) : undefined;
  const codec = codecOf(header, table, bitpix, quantised);
  const image = new Uint8Array(pixels * size);
  const integers = new Int32Array(layout.tilePixels);
  let since = 0;
  for (const [index, place] of tilesOf(layout)) {
    const tile = codec(index, integers.subarray(0, place.pixels));
    put(image, tile, place.runs, bitpix, quantisation?.(index));
    since += place.pixels;
    if (since < CHECK_PIXELS) continue;
    since = 0;
    check?.();
  }
  return image;
}

type Runs = Iterable<{ from: number; to: number; length: number }>;

function put(
  image: Uint8Array,
  tile: Tile,
  runs: Runs,
  bitpix: StoredBitpix,
  quantisation: Quantisation | undefined,
): void {
  const size = Math.abs(bitpix) / 8;
  if ('stored' in tile) {
    for (const { from, to, length } of runs) {
      image.set(tile.stored.subarray(from * size, (from + length) * size), to * size);
    }
  } else if (bitpix > 0) {
    for (const { from, to, length } of runs) {
      storeIntegers(image, bitpix, to, tile.integers.subarray(from, from + length));
    }
  } else {
    if (!quantisation) throw new BadInput('quantised pixels without ZSCALE and ZZERO');
    const floats = new Float64Array(tile.integers.length);
    unquantise(tile.integers, quantisation, floats);
    for (const { from, to, length } of runs)
      storeFloats(image, bitpix, to, floats.subarray(from, from + length));
  }
}

/** By tile, how its floats became integers; undefined where its table says nothing of it. */
function quantisationOf(header: Header, table: Table): (index: number) => Quantisation | undefined {
  const method = header.get('ZQUANTIZ') ?? 'NO_DITHER';
  const seed = (numberIn(header, 'ZDITHER0') ?? 1) - 1;
  const value = (name: string, row: number) => table.number(name, row) ?? numberIn(header, name);
  return (index) => {
    const [scale, zero] = [value('ZSCALE', index), value('ZZERO', index)];
    if (scale === undefined || zero === undefined) return undefined;
    if (method !== 'NO_DITHER' && method !== 'SUBTRACTIVE_DITHER_1' && method !== 'SUBTRACTIVE_DITHER_2') {
      throw new BadInput(`ZQUANTIZ = ${String(method)} is unknown: unpack the file with funpack`);
    }
    return { scale, zero, blank: value('ZBLANK', index), method, seed: seed + index };
  };
}
