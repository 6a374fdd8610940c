/**
 * Makes `hipparcos.bin`, the stars of Hipparcos at 2000.0 with their proper motions, from two packages that tabulate
 * them. It is committed, so that baking the catalogue needs neither; run this only to make it again.
 *
 * Places and magnitudes (ESA 1997, CDS I/239, brought to 2000.0): npm d3-celestial, BSD-3-Clause. Proper motions (van
 * Leeuwen 2007, CDS I/311): the table `hip_pm.dat` of Debian's stellarium-data; only the measured numbers are taken.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../../src/core/errors.ts';
import { modulo } from '../../src/core/units.ts';
import { explained } from '../explained.ts';
import { type BakedStar, encode } from './format.ts';

const PLACES = 'd3-celestial@0.7.35';
const MOTIONS = 'stellarium-data';
const MOTIONS_FILE = './usr/share/stellarium/stars/default/hip_pm.dat';
const EXPECTED = { stars: 118_216, moving: 117_792 };

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
const out = fileURLToPath(new URL('hipparcos.bin', import.meta.url));

interface Table {
  features: { id: number; properties: { mag: number }; geometry: { coordinates: [number, number] } }[];
}

function main(): void {
  mkdirSync(cache, { recursive: true });
  const places = inCache('d3-celestial', () => execFileSync('npm', ['pack', PLACES], { cwd: cache }));
  const motions = inCache(MOTIONS, () => execFileSync('apt-get', ['download', MOTIONS], { cwd: cache }));
  const table = JSON.parse(unpacked('tar', ['-xzOf', places, 'package/data/stars.14.json'])) as Table;
  const lines = unpacked('sh', [
    '-c',
    'dpkg-deb --fsys-tarfile "$1" | tar -xO "$2"',
    '',
    motions,
    MOTIONS_FILE,
  ]);
  const byNumber = new Map<number, [number, number]>();
  for (const line of lines.split('\n')) {
    const [number, east, north] = line.split('\t').map(Number);
    if (number && east !== undefined && north !== undefined) byNumber.set(number, [east, north]);
  }
  const stars = table.features.map(({ id, properties, geometry }): BakedStar => {
    const [ra, dec] = geometry.coordinates;
    const motion = byNumber.get(id);
    return { ra: modulo(ra, 360), dec, magnitude: Number(properties.mag), ...(motion && { motion }) };
  });
  write(stars, [places, motions]);
}

function write(stars: readonly BakedStar[], sources: readonly string[]): void {
  const moving = stars.filter(({ motion }) => motion?.some((mas) => Math.round(mas) !== 0)).length;
  if (stars.length !== EXPECTED.stars || moving !== EXPECTED.moving)
    throw new BadInput(`${stars.length} stars, ${moving} moving, where ${JSON.stringify(EXPECTED)} belong`);
  const bytes = encode(stars, 7);
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
  const manifest = {
    format: 'NJSTARS',
    version: 2,
    stars: stars.length,
    moving,
    bytes: bytes.length,
    sha256: sha256(bytes),
    origin:
      'Hipparcos: places and V (ESA 1997) by way of d3-celestial, BSD-3-Clause; proper motions (van Leeuwen 2007)',
    sources: Object.fromEntries(sources.map((file) => [file, sha256(readFileSync(join(cache, file)))])),
  };
  writeFileSync(out, bytes);
  writeFileSync(out.replace(/\.bin$/, '.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`${out}: ${stars.length} stars, ${moving} moving, ${bytes.length} bytes`);
}

/** The name of a package in the cache, brought there when it is not. */
function inCache(name: string, bring: () => void): string {
  const find = () => readdirSync(cache).find((file) => file.startsWith(name) && /\.(deb|tgz)$/.test(file));
  if (!find()) bring();
  const file = find();
  if (!file) throw new BadInput(`${name} cannot be had; is the network there?`);
  return file;
}

const unpacked = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { cwd: cache, maxBuffer: 2 ** 28, encoding: 'utf8' });

await explained(main);
