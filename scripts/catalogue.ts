import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asError, BadInput } from '../src/core/errors.ts';
import { spherical } from '../src/sky/vector.ts';
import { readCsv } from './catalogue/csv.ts';
import { type BakedStar, decode, encode } from './catalogue/format.ts';
import { addHipparcos, type Matched } from './catalogue/match.ts';
import { readTycho } from './catalogue/tycho.ts';
import { explained } from './explained.ts';

const usage = `node scripts/catalogue.ts [--full OUT] [--extract OUT] [--csv FILE --out OUT]
  --full     all 1.88 million stars; OUT is a folder or a .bin file (default $NIGHTJAR_CATALOGUE)
  --extract  the whole sky to magnitude 11 and the demo fields to the limit; OUT likewise (committed: hil/sky/data)
  --csv      a catalogue of your own: a CSV file, gzipped or not, as Gaia's archive gives (ra, dec, phot_g_mean_mag,
             pmra, pmdec); lay the result into $NIGHTJAR_CATALOGUE/deeper`;

/** Below the faintest star there is. */
const NO_LIMIT = 99;
const EXTRACT_LIMIT = 11;
const EXTRACT_BYTES = 6_000_000;
const PATCH_DEGREES = 3;
/** What becomes of the stars of Hipparcos: counted once, and the same ever since. */
const MATCHED: Matched = { placed: 116_448, carried: 191, paired: 77, added: 1500 };

/** Fields that hold every star of the catalogue in the extract: [name, right ascension, declination]. */
const patches: readonly (readonly [string, number, number])[] = [
  ['north celestial pole', 0, 90],
  ['south celestial pole', 0, -90],
  ['M31', 10.685, 41.269],
  ['M33', 23.462, 30.66],
  ['NGC 253', 11.888, -25.288],
  ['Small Magellanic Cloud', 13.187, -72.829],
  ['M45', 56.871, 24.105],
  ['M42', 83.822, -5.391],
  ['Rosette', 97.98, 4.95],
  ['Large Magellanic Cloud', 80.894, -69.756],
  ['Eta Carinae', 161.265, -59.684],
  ['M81', 148.888, 69.065],
  ['M51', 202.47, 47.195],
  ['M101', 210.802, 54.349],
  ['Omega Centauri', 201.697, -47.48],
  ['M13', 250.423, 36.461],
  ['M8', 270.904, -24.387],
  ['M57', 283.396, 33.029],
  ['M27', 299.901, 22.721],
  ['NGC 7000', 314.75, 44.37],
  ['Veil', 312.75, 30.7],
  ['equator at 6 h', 90, 0],
  ['equator at 18 h', 270, 0],
];

const root = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const values = options();
  if (values.csv !== undefined || values.out !== undefined) {
    if (!values.csv || !values.out) throw new BadInput(`--csv and --out belong together\n${usage}`);
    const { stars, skipped } = await readCsv(values.csv);
    if (skipped > 0) console.log(`${values.csv}: ${skipped} lines without place or magnitude passed over`);
    // Of part of a sky nothing can be said.
    write(values.out, stars, -2, {
      origin: basename(values.csv),
      epoch: 'J2000.0; proper motion where the file has it',
    });
    return;
  }
  const chosen = values.full ?? values.extract ?? process.env.NIGHTJAR_CATALOGUE;
  if (!chosen) throw new BadInput(`say where to: set NIGHTJAR_CATALOGUE, or\n${usage}`);
  const { stars, sources } = gather();
  const full = values.full ?? (values.extract ? undefined : process.env.NIGHTJAR_CATALOGUE);
  if (full) write(full, stars, NO_LIMIT, { sources });
  if (values.extract) {
    const kept = stars.filter(
      (star) => star.magnitude < EXTRACT_LIMIT || patches.some((patch) => within(star, patch)),
    );
    const bytes = write(values.extract, kept, EXTRACT_LIMIT, {
      sources,
      patchDegrees: PATCH_DEGREES,
      patches,
    });
    if (bytes > EXTRACT_BYTES)
      throw new BadInput(`the extract has ${bytes} bytes, more than ${EXTRACT_BYTES}`);
  }
}

function options(): { full?: string; extract?: string; csv?: string; out?: string } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { full: text, extract: text, csv: text, out: text } }).values;
  } catch (error) {
    throw new BadInput(`${asError(error).message}\n${usage}`);
  }
}

/** Tycho-2 with the proper motions of Hipparcos, and the stars it lacks. */
function gather(): { stars: BakedStar[]; sources: Record<string, string> } {
  const { vectors, magnitudes, sources } = readTycho(join(root, '.cache'));
  const stars: BakedStar[] = [];
  magnitudes.forEach((magnitude, row) => {
    const place = spherical([vectors[3 * row]!, vectors[3 * row + 1]!, vectors[3 * row + 2]!]);
    stars.push({ ra: place.longitude, dec: place.latitude, magnitude });
  });
  // One row of the source has no place and stands, at magnitude 1.9, where right ascension and declination are 0.
  const placed = stars.filter((star) => !(Math.abs(star.dec) < 1e-6 && star.ra < 1e-6));
  if (stars.length - placed.length !== 1)
    throw new BadInput('the star without a place is not there as expected');
  const hipparcos = readFileSync(join(root, 'scripts/catalogue/hipparcos.bin'));
  const matched = addHipparcos(placed, decode(hipparcos));
  if (JSON.stringify(matched) !== JSON.stringify(MATCHED))
    throw new BadInput(
      `of Hipparcos ${JSON.stringify(matched)} where ${JSON.stringify(MATCHED)} is expected`,
    );
  sources['hipparcos.bin'] = createHash('sha256').update(hipparcos).digest('hex');
  return { stars: placed, sources };
}

function within(star: BakedStar, [, ra, dec]: readonly [string, number, number]): boolean {
  const [a, b, c] = [star.dec, dec, star.ra - ra].map((angle) => (angle * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const cosine = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(c);
  return cosine > Math.cos((PATCH_DEGREES * Math.PI) / 180);
}

function write(
  out: string,
  stars: readonly BakedStar[],
  completeTo: number,
  notes: Record<string, unknown>,
): number {
  const file = out.endsWith('.bin') ? out : join(out, 'stars.bin');
  const bytes = encode(stars, completeTo);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const manifest = {
    format: 'NJSTARS',
    version: 2,
    stars: stars.length,
    moving: stars.filter(({ motion }) => motion).length,
    bytes: bytes.length,
    sha256,
    completeTo,
  };
  const origin =
    'Tycho-2 (ESA 2000) by way of astrometry.net, BSD-2-Clause; bright stars and proper motions from Hipparcos (ESA 1997, van Leeuwen 2007)';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  writeFileSync(
    file.replace(/\.bin$/, '.json'),
    `${JSON.stringify({ ...manifest, epoch: 'J2000.0; proper motion of the stars of Hipparcos', origin, ...notes }, null, 2)}\n`,
  );
  console.log(`${file}: ${stars.length} stars, ${bytes.length} bytes, sha256 ${sha256}`);
  return bytes.length;
}

await explained(main);
