import { gunzipSync } from 'node:zlib';
import { BadInput } from '../../core/errors.ts';
import type { StoredBitpix } from '../fits-hdu.ts';
import { type Header, numberIn, textIn } from '../fits-header.ts';
import { unpackHcompress } from './hcompress.ts';
import { unpackPlio } from './plio.ts';
import { type RiceBytes, unpackRice } from './rice.ts';
import type { Table } from './table.ts';

/** The pixels of a tile: integers, quantised or not; or as the unpacked file stores them. */
export type Tile = { integers: Int32Array } | { stored: Uint8Array };

/** Unpacks tile `index`; `into` has its number of pixels and may become the answer. */
export type Codec = (index: number, into: Int32Array) => Tile;

/** 128 MB: so that bits can be counted in 31 bits. */
const PACKED_LIMIT = 2 ** 27;
const BLOCK_LIMIT = 4096;

/**
 * @param quantised floats that became integers before they were packed
 * @throws BadInput for a way of packing that is not known
 */
export function codecOf(header: Header, table: Table, bitpix: StoredBitpix, quantised: boolean): Codec {
  const size = Math.abs(bitpix) / 8;
  const unpack = unpackerOf(header, bitpix, quantised);
  return (index, into) => {
    const packed = table.array('COMPRESSED_DATA', index);
    if (packed) {
      if (packed.length >= PACKED_LIMIT) throw new BadInput(`tile ${index + 1} has more than 128 MB`);
      return unpack(packed, into);
    }
    // A tile that could not be quantised or did not become smaller (FITS 4.0, section 10.1.3).
    const zipped = table.array('GZIP_COMPRESSED_DATA', index);
    const stored = zipped ? inflate(zipped, into.length * size) : table.array('UNCOMPRESSED_DATA', index);
    if (!stored) throw new BadInput(`tile ${index + 1} is empty`);
    return { stored: exactly(stored, into.length * size) };
  };
}

type Unpacker = (packed: Uint8Array, into: Int32Array) => Tile;

function unpackerOf(header: Header, bitpix: StoredBitpix, quantised: boolean): Unpacker {
  const parameters = parametersOf(header);
  const name = textIn(header, 'ZCMPTYPE')?.trim();
  switch (name) {
    case 'RICE_1':
    case 'RICE_ONE': {
      const bytes = parameters.get('BYTEPIX') ?? 4;
      const block = parameters.get('BLOCKSIZE') ?? 32;
      if ((bytes !== 1 && bytes !== 2 && bytes !== 4) || !(block >= 1 && block <= BLOCK_LIMIT)) {
        throw new BadInput(
          `RICE_1 with BYTEPIX ${bytes} and BLOCKSIZE ${block}: unpack the file with funpack`,
        );
      }
      return (packed, into) => {
        unpackRice(packed, bytes as RiceBytes, Math.trunc(block), into);
        return { integers: into };
      };
    }
    case 'PLIO_1':
      return (packed, into) => {
        unpackPlio(packed, into);
        return { integers: into };
      };
    case 'HCOMPRESS_1': {
      const smooth = (parameters.get('SMOOTH') ?? 0) !== 0;
      return (packed, into) => {
        unpackHcompress(packed, smooth, into);
        // What rounding has moved beyond the type stays at its end.
        if (bitpix === 8) clip(into, 0, 0xff);
        if (bitpix === 16) clip(into, -0x8000, 0x7fff);
        return { integers: into };
      };
    }
    // Eight bytes a pixel are the widest type.
    case 'GZIP_1':
      return (packed, into) => plain(inflate(packed, 8 * into.length), into, bitpix, quantised);
    case 'GZIP_2':
      return (packed, into) =>
        plain(unshuffled(inflate(packed, 8 * into.length), into.length), into, bitpix, quantised);
    case 'NOCOMPRESS':
      return (packed, into) => plain(packed, into, bitpix, quantised);
    default:
      throw new BadInput(`ZCMPTYPE = ${String(name)} is unknown: unpack the file with funpack`);
  }
}

function clip(values: Int32Array, least: number, most: number): void {
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.min(most, Math.max(least, values[index]!));
  }
}

/** ZNAMEn and ZVALn (FITS 4.0, section 10.1.2). */
function parametersOf(header: Header): Map<string, number> {
  const parameters = new Map<string, number>();
  for (let index = 1; header.has(`ZNAME${index}`); index++) {
    const value = numberIn(header, `ZVAL${index}`);
    if (value !== undefined) parameters.set(textIn(header, `ZNAME${index}`)?.trim() ?? '', value);
  }
  return parameters;
}

/** Bytes of big-endian integers, quantised or of a narrower type than the image's; or those of the unpacked file. */
function plain(bytes: Uint8Array, into: Int32Array, bitpix: StoredBitpix, quantised: boolean): Tile {
  const width = bytes.length / into.length;
  if (!quantised && width === Math.abs(bitpix) / 8) return { stored: bytes };
  if ((bitpix < 0 && !quantised) || (width !== 1 && width !== 2 && width !== 4)) {
    throw new BadInput(`a tile of ${into.length} pixels has ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let index = 0; index < into.length; index++) {
    if (width === 4) into[index] = view.getInt32(4 * index);
    else into[index] = width === 2 ? view.getInt16(2 * index) : view.getUint8(index);
  }
  return { integers: into };
}

/** GZIP_2 sorts the bytes of the pixels by weight, the highest of all first. */
function unshuffled(bytes: Uint8Array, pixels: number): Uint8Array {
  const width = Math.trunc(bytes.length / pixels);
  if (width <= 1) return bytes;
  const sorted = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < pixels; index++) sorted[index * width + byte] = bytes[byte * pixels + index]!;
  }
  return sorted;
}

/** @throws BadInput for bytes that are not zipped or become more than `most` */
function inflate(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    throw new BadInput('a zipped tile is damaged', { cause });
  }
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new BadInput(`a tile has ${bytes.length} bytes, its pixels ${length}`);
  return bytes;
}
