import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../src/core/errors.ts';
import { openStars } from '../src/solve/catalogue/stars.ts';
import { FEW, indexQuads } from '../src/solve/quad-bake.ts';
import { encodeQuads, VERSION } from '../src/solve/quad-file.ts';
import { tabulate } from '../src/solve/star-table.ts';
import { explained } from './explained.ts';

const usage = 'node scripts/quads.ts FOLDER: makes quads.bin and quads.json there, of its stars.bin';
const BINS = 32;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Makes the index by which the solver finds its place on the whole sky; the same stars always give the same bytes.
 * An index that is already made of these stars stays.
 */
export function bakeDirectory(directory: string): void {
  const [starsFile, file, manifestFile] = ['stars.bin', 'quads.bin', 'quads.json'].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  const of = sha256(readFileSync(starsFile));
  if (isBaked(file, manifestFile, of)) return;
  const { vectors, magnitudes } = openStars(starsFile).near({ ra: 0, dec: 90 }, 180);
  const { table, numbers } = tabulate(vectors, magnitudes);
  const index = { ...indexQuads(vectors, FEW, BINS, table, numbers), stars: table };
  const bytes = encodeQuads(index);
  const manifest: Manifest = {
    format: 'NJQUADS',
    version: VERSION,
    stars: table.count,
    quads: index.words.length / 2,
    bytes: bytes.length,
    sha256: sha256(bytes),
    of: { 'stars.bin': of },
  };
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}

interface Manifest {
  format: 'NJQUADS';
  version: number;
  stars: number;
  quads: number;
  bytes: number;
  sha256: string;
  of: { 'stars.bin': string };
}

function isBaked(file: string, manifestFile: string, of: string): boolean {
  if (!existsSync(file) || !existsSync(manifestFile)) return false;
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  const fits = manifest.version === VERSION && manifest.of['stars.bin'] === of;
  return fits && manifest.sha256 === sha256(readFileSync(file));
}

if (import.meta.main) {
  await explained(() => {
    const directory = process.argv[2];
    if (!directory || process.argv.length > 3) throw new BadInput(usage);
    bakeDirectory(directory);
  });
}
