import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../src/core/errors.ts';
import { readIndexFile } from '../../src/solve/catalogue/index-file.ts';
import { readBytes } from '../../src/solve/catalogue/read-bytes.ts';

/** Unit vectors (x, y, z a star, J2000) and Tycho VT magnitudes, row-aligned. */
export interface StarTable {
  vectors: Float64Array;
  magnitudes: Float32Array;
}

const VECTOR_BYTES = 12;

/** Debian's packages of the Tycho-2 index; scale 08 adds the few stars that 07 has not. */
const packages = ['astrometry-data-tycho2-07-littleendian', 'astrometry-data-tycho2-08-littleendian'];

/** Counted in version 2 of the packages: 07 whole, then what 08 adds. */
const expected = [1_871_011, 4_159];

/**
 * All stars of Tycho-2 as Debian packages it, each once, in the order of the files.
 * @param cache where packages are kept between runs
 * @throws BadInput when a package cannot be had or does not hold what it should
 */
export function readTycho(cache: string): StarTable & { sources: Record<string, string> } {
  const seen = new Set<number>();
  const vectors: number[] = [];
  const magnitudes: number[] = [];
  const sources: Record<string, string> = {};
  packages.forEach((name, order) => {
    const { archive, index } = unpacked(cache, name);
    sources[archive] = createHash('sha256')
      .update(readFileSync(join(cache, archive)))
      .digest('hex');
    const table = readIndex(index);
    const before = magnitudes.length;
    for (let row = 0; row < table.magnitudes.length; row++) {
      const [x, y, z] = [table.vectors[3 * row]!, table.vectors[3 * row + 1]!, table.vectors[3 * row + 2]!];
      // 32 bits of x and 21 of y tell stars apart; the sign of z never has to.
      const key = Math.round((x + 1) * 2 ** 31) * 2 ** 21 + Math.floor((y + 1) * 2 ** 20);
      if (order > 0 && seen.has(key)) continue;
      seen.add(key);
      vectors.push(x, y, z);
      magnitudes.push(table.magnitudes[row]!);
    }
    const added = magnitudes.length - before;
    if (added !== expected[order]) {
      throw new BadInput(
        `${archive}: ${added} stars where ${expected[order]} belong; is it another version?`,
      );
    }
  });
  return { vectors: Float64Array.from(vectors), magnitudes: Float32Array.from(magnitudes), sources };
}

function unpacked(cache: string, name: string): { archive: string; index: string } {
  mkdirSync(cache, { recursive: true });
  const find = () => readdirSync(cache).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (!find())
    execFileSync('apt-get', ['download', name], { cwd: cache, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = find();
  if (!archive)
    throw new BadInput(`apt-get download ${name} left no package in ${cache}; run apt-get update`);
  const scale = /tycho2-(\d\d)/.exec(name)![1];
  const index = join(cache, `tycho2/usr/share/astrometry/index-tycho2-${scale}.littleendian.fits`);
  if (!existsSync(index)) execFileSync('dpkg-deb', ['-x', archive, 'tycho2'], { cwd: cache });
  return { archive, index };
}

/** Every star of an index, in the order of its tree. */
function readIndex(file: string): StarTable {
  const handle = openSync(file, 'r');
  try {
    const { tables } = readIndexFile(file, handle);
    const table = (column: string) => {
      const entry = tables.get(column);
      if (!entry) throw new BadInput(`${file}: no table ${column}`);
      return { rows: entry.rows, view: new DataView(readBytes(file, handle, entry.at, entry.bytes).buffer) };
    };
    // Lower bounds, upper bounds, units per unit; then little-endian u32 triples; tag-along floats big-endian.
    const range = table('kdtree_range_stars').view;
    const low = [0, 8, 16].map((offset) => range.getFloat64(offset, true));
    const scale = range.getFloat64(48, true);
    const data = table('kdtree_data_stars');
    const tag = table('MAG_VT');
    if (data.rows !== tag.rows || data.view.byteLength !== data.rows * VECTOR_BYTES) {
      throw new BadInput(`${file}: star positions and magnitudes differ in number`);
    }
    const vectors = new Float64Array(3 * data.rows);
    for (let i = 0; i < vectors.length; i++)
      vectors[i] = low[i % 3]! + data.view.getUint32(4 * i, true) / scale;
    const magnitudes = new Float32Array(data.rows);
    for (let i = 0; i < data.rows; i++) magnitudes[i] = tag.view.getFloat32(4 * i, false);
    return { vectors, magnitudes };
  } finally {
    closeSync(handle);
  }
}
