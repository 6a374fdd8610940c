import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../core/errors.ts';
import { CELLS } from './cells.ts';
import { MOST_STARS, type QuadIndex } from './quad-index.ts';
import { LEVELS, StarTable } from './star-table.ts';

/**
 * `quads.bin`, version 1, little-endian throughout:
 *
 *      0  8 bytes    'NJQUADS' and a zero
 *      8  u32        version, 1
 *     12  u32        stars, S
 *     16  u32        quads, Q
 *     20  u32        bins a number of the code, B
 *     24  u32[80]    stars brighter than −2 + n/4 magnitudes
 *      …  u32[C+1]   by cell of the cube (`cells.ts`; C of them): its first star
 *      …  u32[B⁴+1]  by bin of the code (`quad-index.ts`): its first quad
 *      …  u32[2·Q]   a quad
 *      …  u16[3·S]   a star (`star-table.ts`)
 */
const MAGIC = 'NJQUADS\0';
/** It also rises when stars are chosen for quads otherwise. */
export const VERSION = 1;
const HEADER_BYTES = 24;
const MOST_BINS = 40;
const MOST_QUADS = 8 * MOST_STARS;

/** Parts of the file: bytes from its start. */
function layout(stars: number, quads: number, bins: number) {
  const brighter = HEADER_BYTES;
  const cells = brighter + 4 * LEVELS;
  const firsts = cells + 4 * (CELLS + 1);
  const words = firsts + 4 * (bins ** 4 + 1);
  const table = words + 8 * quads;
  return { brighter, cells, firsts, words, table, end: table + 6 * stars };
}

/** The bytes of an index whose stars are tabulated. */
export function encodeQuads(index: QuadIndex & { readonly stars: StarTable }): Uint8Array<ArrayBuffer> {
  const { bins, firsts, words, stars } = index;
  const parts = layout(stars.count, words.length / 2, bins);
  const bytes = new Uint8Array(parts.end);
  bytes.set(new TextEncoder().encode(MAGIC));
  new Uint32Array(bytes.buffer, MAGIC.length, 4).set([VERSION, stars.count, words.length / 2, bins]);
  const write = (at: number, part: Uint32Array | Uint16Array) =>
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
  write(parts.brighter, stars.brighter);
  write(parts.cells, stars.firsts);
  write(parts.firsts, firsts);
  write(parts.words, words);
  write(parts.table, stars.stars);
  return bytes;
}

/**
 * Reads `quads.bin` once as it lies; it is never parsed.
 * @throws BadInput when it is none, or damaged
 */
export function openQuads(path: string | URL): QuadIndex & { readonly stars: StarTable } {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  const bad = (why: string) =>
    new BadInput(`${file}: ${why}; make it again with make dist or scripts/quads.ts`);
  const bytes = readWhole(file, bad);
  const [version, stars, quads, bins] = new Uint32Array(bytes.buffer, MAGIC.length, 4) as unknown as number[];
  if (Buffer.from(bytes.buffer, 0, MAGIC.length).toString('latin1') !== MAGIC) throw bad('no quad index');
  if (version !== VERSION) throw bad(`version ${version} where ${VERSION} is known`);
  if (!bins || bins > MOST_BINS || stars! > MOST_STARS || quads! > MOST_QUADS)
    throw bad('its header is damaged');
  const parts = layout(stars!, quads!, bins);
  if (bytes.length !== parts.end) throw bad(`${bytes.length} bytes where ${parts.end} belong`);
  const u32 = (at: number, length: number) => new Uint32Array(bytes.buffer, at, length);
  const cells = u32(parts.cells, CELLS + 1);
  const firsts = u32(parts.firsts, bins ** 4 + 1);
  if (!rises(cells, stars!) || !rises(firsts, quads!)) throw bad('it is damaged inside');
  const table = new Uint16Array(bytes.buffer, parts.table, 3 * stars!);
  return {
    bins,
    firsts,
    words: u32(parts.words, 2 * quads!),
    stars: new StarTable(cells, u32(parts.brighter, LEVELS), table),
  };
}

function readWhole(file: string, bad: (why: string) => BadInput): Uint8Array<ArrayBuffer> {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const most = layout(MOST_STARS, MOST_QUADS, MOST_BINS).end;
    if (size < HEADER_BYTES || size > most) throw bad('no quad index');
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const count = readSync(handle, bytes, at, size - at, at);
      if (count === 0) throw bad('it ends while it is read');
      at += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

function rises(index: Uint32Array, last: number): boolean {
  for (let i = 1; i < index.length; i++) if (index[i]! < index[i - 1]!) return false;
  return index[0] === 0 && index.at(-1) === last;
}
