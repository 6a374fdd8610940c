import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BadInput } from '../core/errors.ts';
import { HDU_LIMIT, type Hdu, hduLength, readHdu } from './fits-hdu.ts';
import { HEADER_LIMIT, type Header, headerLength } from './fits-header.ts';
import { PIXEL_BYTE_LIMIT } from './fits-shape.ts';
import { FITS_BLOCK } from './frame.ts';

/** A FITS file that is read part by part; a `.gz` one, which cannot be, lies unpacked in memory. */
export interface FitsSource {
  readonly size: number;
  /** It was gzipped: its bytes are not those of the file. */
  readonly unzipped: boolean;
  /** @throws BadInput where the file is shorter than it was */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export interface FoundImage {
  readonly hdu: Hdu;
  /** Of the unit in the file. */
  readonly start: number;
  /** Header of the file's first unit. */
  readonly primary: Header;
}

/** Read at once, between two calls of `check`. */
const PIECE = 8 << 20;
/** What most headers fit into. */
const HEAD = 16 * FITS_BLOCK;
const UNZIPPED_LIMIT = PIXEL_BYTE_LIMIT + (64 << 20);
const DAMAGED_GZIP = 'the gzip file is damaged or truncated';
/** Head and tail of a gzip file (RFC 1952). */
const GZIP_LEAST = 18;
/** Deflate packs no better than this. */
const MOST_A_BYTE = 1032;

/** @throws BadInput for what is no file, or no sound gzip file */
export async function openSource(file: string, check?: () => void): Promise<FitsSource> {
  const found = await stat(file);
  if (!found.isFile()) throw new BadInput('is no file');
  const handle = await open(file, 'r');
  try {
    const magic = await readPart(handle, 0, Math.min(4, found.size));
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) {
      return {
        size: found.size,
        unzipped: false,
        read: (at, length) => readPart(handle, at, length, check),
        close: () => handle.close(),
      };
    }
    if (found.size < GZIP_LEAST) throw new BadInput(DAMAGED_GZIP);
    const tail = await readPart(handle, found.size - 4, 4);
    const announced = new DataView(tail.buffer).getUint32(0, true);
    await handle.close();
    const bytes = await gunzip(file, Math.min(announced, found.size * MOST_A_BYTE), check);
    return {
      size: bytes.length,
      unzipped: true,
      read: async (at, length) => bytes.subarray(at, at + length),
      close: async () => {},
    };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

async function readPart(
  handle: FileHandle,
  at: number,
  length: number,
  check?: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(PIECE, length - done), at + done);
    if (bytesRead === 0) throw new BadInput('truncated: it ended while it was read');
    done += bytesRead;
    check?.();
  }
  return bytes;
}

/** @param expected bytes, as the file says; it may be wrong */
async function gunzip(file: string, expected: number, check?: () => void): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(expected, UNZIPPED_LIMIT));
  let length = 0;
  const collect = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      if (length + chunk.length > UNZIPPED_LIMIT) throw new BadInput('more than 1 GB when unpacked');
      if (length + chunk.length > bytes.length) {
        const larger = new Uint8Array(Math.min(UNZIPPED_LIMIT, 2 * (length + chunk.length)));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(chunk, length);
      length += chunk.length;
      check?.();
    }
  };
  try {
    await pipeline(createReadStream(file), createGunzip({ chunkSize: 1 << 18 }), collect);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    throw code.startsWith('Z_') ? new BadInput(DAMAGED_GZIP, { cause: thrown }) : thrown;
  }
  return bytes.subarray(0, length);
}

/** The first image of the file. @throws BadInput as `readFits` */
export async function findImage(source: FitsSource): Promise<FoundImage> {
  let start = 0;
  let primary: Header | undefined;
  for (let index = 0; index < HDU_LIMIT && (start < source.size || index === 0); index++) {
    const hdu = readHdu(await readHead(source, start), 0, index === 0, source.size - start);
    primary ??= hdu.header;
    if (hdu.kind !== 'other') return { hdu, start, primary };
    start += hduLength(hdu);
  }
  throw new BadInput('the FITS file holds no image');
}

/** Bytes from the start of a header, up to its end or the length that no header has. */
async function readHead(source: FitsSource, start: number): Promise<Uint8Array> {
  for (let length = HEAD; ; length *= 4) {
    const most = Math.min(length, HEADER_LIMIT + FITS_BLOCK, source.size - start);
    const bytes = await source.read(start, most);
    if (most < length || headerLength(bytes) !== undefined) return bytes;
  }
}
