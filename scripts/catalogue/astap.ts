/** Writes our star catalogue as an ASTAP star database, so that `astap_cli` can be asked on equal terms. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asError, BadInput } from '../../src/core/errors.ts';
import { divisions } from '../../src/solve/catalogue/astap-areas.ts';
import { openStars } from '../../src/solve/catalogue/stars.ts';
import { explained } from '../explained.ts';
import { astapFiles } from './astap-format.ts';

const usage = `node scripts/catalogue/astap.ts OUT [--stars stars.bin] [--name h18] [--format 1476|290]
  --stars   the catalogue to take the stars from (default $NIGHTJAR_CATALOGUE/stars.bin, else .cache/catalogue/stars.bin)
  --name    what astap looks for: h18, h17 with 1476, g18, g17 with 290; later versions also d50, d20, d05, g05`;

function main(): void {
  const { values, positionals } = options();
  const out = positionals[0];
  const division = divisions.find(({ extension }) => extension === (values.format ?? '1476'));
  if (!out || positionals.length > 1 || !division) throw new BadInput(usage);
  const name = values.name ?? (division.extension === '1476' ? 'h18' : 'g18');
  const stars = values.stars ?? join(process.env.NIGHTJAR_CATALOGUE ?? cached, 'stars.bin');
  mkdirSync(out, { recursive: true });
  const files = astapFiles(division, name, openStars(stars).near({ ra: 0, dec: 90 }, 180));
  for (const [file, bytes] of files) writeFileSync(join(out, file), bytes);
  console.log(`${out}: ${files.size} files ${name}_*.${division.extension} of ${stars}`);
}

const cached = fileURLToPath(new URL('../../.cache/catalogue', import.meta.url));

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { stars: { type: 'string' }, name: { type: 'string' }, format: { type: 'string' } },
    });
  } catch (error) {
    throw new BadInput(`${asError(error).message}\n${usage}`);
  }
}

await explained(main);
