import { closeSync, openSync } from 'node:fs';
import { BadInput } from '../../core/errors.ts';
import { radians } from '../../core/units.ts';
import type { Direction } from '../../sky/direction.ts';
import { unitVector, type Vector } from '../../sky/vector.ts';
import type { StarCatalogue, StarQuery } from './catalogue.ts';
import { Gathered } from './gathered.ts';
import { type IndexFile, type IndexTable, readIndexFile } from './index-file.ts';
import { leavesIn } from './kd-tree.ts';
import { readBytes } from './read-bytes.ts';

const VECTOR_BYTES = 12;
/** The fullest scale of the 5200 series has 2 million stars a file. */
const MOST_STARS = 50_000_000;
/** Two files hold the same star when it stands this near in both: radians; 0.02″. */
const SAME = 1e-7;

/** One index file: which part of the sky its stars come from, and where they lie in it. */
export interface StarIndex {
  readonly file: string;
  /** The smallest quads of its scale, radians: the smaller, the more stars. */
  readonly scale: number;
  readonly stars: number;
  readonly low: Vector;
  readonly high: Vector;
  /** Units of the stored integers in one of the vectors' units. */
  readonly unit: number;
  readonly data: IndexTable;
  readonly splits: IndexTable;
  /** By leaf of the tree: the number of its last star. */
  readonly lasts: IndexTable;
  /** Big-endian floats by star. */
  readonly magnitudes?: IndexTable;
  /** Rank among its neighbours by star, 0 the brightest; what an index without magnitudes has. */
  readonly ranks?: IndexTable;
}

/**
 * Reads the headers of an astrometry.net index (4100, 4200, 5200 series).
 * @returns undefined when it is a FITS file of another kind
 * @throws BadInput when it is an index that cannot be read
 */
export function readStarIndex(file: string): StarIndex | undefined {
  const handle = openSync(file, 'r');
  try {
    const index = readIndexFile(file, handle);
    const table = (name: string) => index.tables.get(name);
    const range = table('kdtree_range_stars');
    const [data, splits, lasts] = [
      table('kdtree_data_stars'),
      table('kdtree_split_stars'),
      table('kdtree_lr_stars'),
    ];
    if (!data || !range) return undefined;
    const bad = (why: string) => new BadInput(`${file}: ${why}`);
    if ((index.primary.get('ENDIAN') ?? '04:03:02:01') !== '04:03:02:01')
      throw bad('made for big-endian machines; take the little-endian one');
    const count = data.rows;
    if (!splits || !lasts || data.bytes !== VECTOR_BYTES * count || count > MOST_STARS || range.bytes < 56)
      throw bad('its stars are stored in a form that is not known');
    if (splits.bytes % 4 !== 0 || lasts.bytes !== splits.bytes + 4) throw bad('its tree does not fit itself');
    const view = new DataView(readBytes(file, handle, range.at, 56).buffer);
    const number = (at: number) => view.getFloat64(8 * at, true);
    const magnitudes = magnitudesOf(index, count);
    const ranks = table('sweep');
    return {
      file,
      scale: Number(index.primary.get('SCALE_L') ?? 1),
      stars: count,
      low: [number(0), number(1), number(2)],
      high: [number(3), number(4), number(5)],
      unit: number(6),
      data,
      splits,
      lasts,
      ...(magnitudes && { magnitudes }),
      ...(ranks && ranks.bytes === count && { ranks }),
    };
  } finally {
    closeSync(handle);
  }
}

/** A column of floats whose name says magnitude: MAG_VT, mag, j_mag, phot_g_mean_mag … */
function magnitudesOf({ tables }: IndexFile, rows: number): IndexTable | undefined {
  for (const [name, table] of tables)
    if (/mag/i.test(name) && /^1?E$/.test(table.header.get('TFORM1') ?? '') && table.rows === rows)
      return table;
  return undefined;
}

/**
 * The stars of index files as a catalogue, read in place: a search walks down the files' own trees. Of several scales
 * only the finest is used, for the coarser ones hold the same stars.
 * @param name for people
 */
export function openIndexes(name: string, indexes: readonly StarIndex[]): StarCatalogue {
  const finest = Math.min(...indexes.map(({ scale }) => scale));
  const used = indexes.filter(({ scale }) => scale === finest);
  return {
    name,
    count: used.reduce((sum, { stars }) => sum + stars, 0),
    completeTo: 99,
    near(centre, radiusDegrees, query = {}) {
      const found = new Gathered();
      const files = used.filter((index) => search(index, centre, radiusDegrees, query, found));
      const sorted = new Gathered();
      const most = query.most ?? Number.POSITIVE_INFINITY;
      // Files of neighbouring parts of the sky overlap.
      sorted.addBrightest(files.length > 1 ? found.without(SAME) : found, most);
      return sorted.asAdded();
    },
  };
}

/** @returns whether any star was found */
function search(
  index: StarIndex,
  centre: Direction,
  radiusDegrees: number,
  { faintest = 99 }: StarQuery,
  found: Gathered,
): boolean {
  const axis = unitVector(centre.ra, centre.dec);
  const radius = radians(Math.min(180, radiusDegrees));
  // The box around the cone: no star of it is farther from the axis than this chord, along any coordinate.
  const chord = 2 * Math.sin(radius / 2);
  const [low, high] = [units(index, axis, -chord), units(index, axis, chord)];
  if (!low || !high) return false;
  const { file } = index;
  const nearest = Math.cos(radius);
  const handle = openSync(file, 'r');
  try {
    const read = (table: IndexTable, first: number, count: number, each: number) =>
      new DataView(readBytes(file, handle, table.at + first * each, count * each).buffer);
    const before = found.length;
    const splits = new Uint32Array(readBytes(file, handle, index.splits.at, index.splits.bytes).buffer);
    const lasts = new Uint32Array(readBytes(file, handle, index.lasts.at, index.lasts.bytes).buffer);
    for (const [first, last] of leavesIn(splits, lasts, low, high)) {
      if (last >= index.stars || last < first)
        throw new BadInput(`${file}: its tree is damaged; copy it again`);
      const count = last - first + 1;
      const vectors = read(index.data, first, count, VECTOR_BYTES);
      const magnitudes = index.magnitudes && read(index.magnitudes, first, count, 4);
      const ranks = index.ranks && !magnitudes ? read(index.ranks, first, count, 1) : undefined;
      for (let i = 0; i < count; i++) {
        const x = index.low[0] + vectors.getUint32(12 * i, true) / index.unit;
        const y = index.low[1] + vectors.getUint32(12 * i + 4, true) / index.unit;
        const z = index.low[2] + vectors.getUint32(12 * i + 8, true) / index.unit;
        if (x * axis[0] + y * axis[1] + z * axis[2] < nearest) continue;
        // A rank is no magnitude: it gives the order and is held to no limit.
        const magnitude = magnitudes?.getFloat32(4 * i, false);
        if (magnitude === undefined) found.add(x, y, z, ranks?.getUint8(i) ?? 0);
        else if (magnitude <= faintest) found.add(x, y, z, magnitude);
      }
    }
    return found.length > before;
  } finally {
    closeSync(handle);
  }
}

/** A corner of the box around an axis in the file's integers; undefined when the box lies outside of it. */
function units({ low, high, unit }: StarIndex, axis: Vector, by: number): number[] | undefined {
  const corner: number[] = [];
  for (const i of [0, 1, 2] as const) {
    const at = axis[i] + by;
    if (by > 0 ? at < low[i] : at > high[i]) return undefined;
    corner.push(Math.round((Math.min(high[i], Math.max(low[i], at)) - low[i]) * unit));
  }
  return corner;
}
