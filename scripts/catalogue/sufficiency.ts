/**
 * Measures how large a square field must be to hold 14 stars, at places all over the sky, and writes the table
 * `src/solve/catalogue/sufficiency-table.ts`. Run it after baking: node scripts/catalogue/sufficiency.ts FULL EXTRACT
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../../src/core/errors.ts';
import { degrees } from '../../src/core/units.ts';
import { unitVector } from '../../src/sky/vector.ts';
import { openStars } from '../../src/solve/catalogue/stars.ts';
import { BELTS, beltOf, ENOUGH_STARS, SHARES } from '../../src/solve/catalogue/sufficiency-belts.ts';

const PLACES = 12_000;
/** Wide enough for 14 stars anywhere in the extract. */
const RADIUS = 4;
const out = fileURLToPath(new URL('../../src/solve/catalogue/sufficiency-table.ts', import.meta.url));

function measure(file: string): number[][] {
  const sky = openStars(file);
  const sides: number[][] = BELTS.map(() => []);
  for (let place = 0; place < PLACES; place++) {
    // Fibonacci's spiral: evenly over the sphere, the same every time.
    const centre = {
      ra: (place * 137.50776405) % 360,
      dec: degrees(Math.asin((2 * place + 1) / PLACES - 1)),
    };
    sides[beltOf(centre)]!.push(sideOf(sky.near(centre, RADIUS, { most: 4000 }), centre));
  }
  return sides.map((belt) => {
    belt.sort((a, b) => a - b);
    return SHARES.map((share) =>
      Math.round(1000 * belt[Math.min(belt.length - 1, Math.floor(share * belt.length))]!),
    );
  });
}

/** Degrees: the side of the square around a place, along right ascension and declination, that holds enough stars. */
function sideOf(
  stars: { length: number; vectors: Float64Array },
  centre: { ra: number; dec: number },
): number {
  const [axis, east] = [unitVector(centre.ra, centre.dec), unitVector(centre.ra + 90, 0)];
  const north = unitVector(centre.ra, centre.dec + 90);
  const halves = new Float64Array(stars.length);
  for (let i = 0; i < stars.length; i++) {
    const along = ([x, y, z]: readonly [number, number, number]) =>
      x * stars.vectors[3 * i]! + y * stars.vectors[3 * i + 1]! + z * stars.vectors[3 * i + 2]!;
    halves[i] = Math.max(Math.abs(along(east)), Math.abs(along(north))) / along(axis);
  }
  halves.sort();
  const half = halves[ENOUGH_STARS - 1];
  if (half === undefined) throw new BadInput(`no ${ENOUGH_STARS} stars around ${JSON.stringify(centre)}`);
  return 2 * degrees(Math.atan(half));
}

const [full, extract] = process.argv.slice(2);
if (!full || !extract)
  throw new BadInput('node scripts/catalogue/sufficiency.ts FULL/stars.bin EXTRACT/stars.bin');
const table = { full: measure(full), extract: measure(extract) };
writeFileSync(
  out,
  `/**
 * Sides in thousandths of a degree of the square fields that hold enough stars: by belt of galactic latitude, by share of such fields.
 * Measured by \`scripts/catalogue/sufficiency.ts\`.
 */
export const sides = {
  full: [
${table.full.map((row) => `    [${row.join(', ')}],`).join('\n')}
  ],
  extract: [
${table.extract.map((row) => `    [${row.join(', ')}],`).join('\n')}
  ],
} as const;
`,
);
