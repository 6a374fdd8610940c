import { statSync } from 'node:fs';
import { BadInput } from '../../core/errors.ts';
import { type Grid, gridOf } from './grid.ts';
import { readPart } from './read-bytes.ts';

const HEADER_BYTES = 32;
const STAR_BYTES = 6;
const MOTION_BYTES = 4;
/** Index and motions of a catalogue that stays on disk. */
const MOST_INDEX = 64_000_000;

/** `stars.bin` as views on its bytes; the layout is told in `scripts/catalogue/format.ts`. */
export interface StarFile {
  readonly count: number;
  readonly completeTo: number;
  readonly grid: Grid;
  /** By cell: the number of its first star. */
  readonly firsts: Uint32Array;
  /** By cell: the number of its first moving star; empty when none moves. */
  readonly firstMoving: Uint32Array;
  /** Right ascension, declination, magnitude of stars `first` … `end`. */
  stars(first: number, end: number): Uint16Array;
  /** Towards east and north, milli-arc-seconds a year. */
  readonly motions: Int16Array;
}

/**
 * Reads a file of version 1 or 2 and lays typed views on it: little-endian, as every machine is that Nightjar runs on.
 * @param mostResident bytes; of a larger file only the index is read
 * @throws BadInput when it is none, or damaged
 */
export function readStarFile(file: string, mostResident: number): StarFile {
  const bad = (why: string) => new BadInput(`${file}: ${why}; bake it again with make catalogue`);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw bad('there is no such star catalogue');
  const start = readPart(file, 0, Math.min(size, HEADER_BYTES));
  if (size < HEADER_BYTES || String.fromCharCode(...start.subarray(0, 8)) !== 'NJSTARS\0')
    throw bad('no star catalogue');
  const head = new DataView(start.buffer);
  const [version, count, bands, cells] = [8, 12, 16, 20].map((at) => head.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (version !== 1 && version !== 2) throw bad(`version ${version} where 1 and 2 are known`);
  if (bands < 1 || bands > 10_000) throw bad('its index does not fit its stars');
  const moving = version === 1 ? 0 : head.getUint32(28, true);
  const indexes = version === 1 ? 1 : 2;
  const motionsAt = HEADER_BYTES + 4 * (cells + 1) * indexes;
  const starsAt = motionsAt + MOTION_BYTES * moving;
  if (size !== starsAt + STAR_BYTES * count) throw bad(`${size} bytes do not hold ${count} stars`);
  const grid = gridOf(bands);
  if (starsAt > MOST_INDEX) throw bad('its index is larger than any that is baked');
  const whole = size <= mostResident;
  const { buffer } = readPart(file, 0, whole ? size : starsAt);
  const index = (number: number) =>
    new Uint32Array(buffer, HEADER_BYTES + 4 * (cells + 1) * number, cells + 1);
  const firsts = index(0);
  const firstMoving = version === 1 ? new Uint32Array() : index(1);
  if (grid.cells !== cells || !rises(firsts, count) || (version === 2 && !rises(firstMoving, moving)))
    throw bad('its index does not fit its stars');
  return {
    count,
    completeTo: head.getInt32(24, true) / 1000,
    grid,
    firsts,
    firstMoving,
    motions: new Int16Array(buffer, motionsAt, 2 * moving),
    stars(first, end) {
      const from = starsAt + STAR_BYTES * first;
      const length = STAR_BYTES * (end - first);
      return whole
        ? new Uint16Array(buffer, from, length / 2)
        : new Uint16Array(readPart(file, from, length).buffer);
    },
  };
}

function rises(index: Uint32Array, last: number): boolean {
  for (let i = 1; i < index.length; i++) if (index[i]! < index[i - 1]!) return false;
  return index[0] === 0 && index.at(-1) === last;
}
