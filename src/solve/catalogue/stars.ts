import { fileURLToPath } from 'node:url';
import { modulo, radians } from '../../core/units.ts';
import type { Direction } from '../../sky/direction.ts';
import { centuries } from '../../sky/epoch.ts';
import { unitVector } from '../../sky/vector.ts';
import type { CatalogueStars, StarCatalogue, StarQuery } from './catalogue.ts';
import { Gathered } from './gathered.ts';
import { type Grid, stripsOf } from './grid.ts';
import { readStarFile, type StarFile } from './star-file.ts';

/** Magnitudes are stored in thousandths above this one, in 15 bits. */
const BRIGHTEST = -2;
const MAGNITUDE = 0x7fff;
/** Set in the magnitude of a star whose proper motion is known (version 2). */
const MOVES = 0x8000;
/** Stars are sorted in portions of this many thousandths of a magnitude, so that a few cost little. */
const PORTION = 256;
/** Degrees a year of Barnard's star: no star farther out comes into a cone. */
const FASTEST = 10.4 / 3600;
const MILLIARCSECOND = radians(1 / 3_600_000);

/**
 * Opens our own catalogue, `stars.bin`, versions 1 and 2. It is read once as it lies, and never parsed; of a large one
 * only the index stays in memory, and a search reads the cells it needs.
 * @param mostResident bytes; a larger file stays on disk
 * @throws BadInput when it is none, or damaged
 */
export function openStars(path: string | URL, mostResident = 64_000_000): StarCatalogue {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  const layout = readStarFile(file, mostResident);
  return {
    name: `Nightjar's catalogue ${file}`,
    count: layout.count,
    completeTo: layout.completeTo,
    near: (centre, radiusDegrees, query = {}) => starsNear(layout, centre, radiusDegrees, query),
  };
}

/** A cell that is being read: its stars lie brightest first, so that a cursor goes through them once. */
interface Cursor {
  readonly band: number;
  readonly column: number;
  readonly inBand: number;
  readonly stars: Uint16Array;
  /** Where the next star lies in them. */
  at: number;
  nextMoving: number;
}

function starsNear(
  layout: StarFile,
  centre: Direction,
  radiusDegrees: number,
  { faintest = 99, most = Number.POSITIVE_INFINITY, utc }: StarQuery,
): CatalogueStars {
  const radius = Math.min(180, Math.max(0, radiusDegrees));
  const years = utc === undefined ? 0 : 100 * centuries(utc);
  const last = Math.min(MAGNITUDE, Math.floor((faintest - BRIGHTEST) * 1000 + 1e-6));
  const [ax, ay, az] = unitVector(centre.ra, centre.dec);
  const nearest = Math.cos(radians(radius));
  const cursors = cursorsOf(layout, centre, radius + Math.abs(years) * FASTEST);
  const star = new Float64Array(3);
  const found = new Gathered();
  for (let low = 0; low <= last && found.length < most; low += PORTION) {
    const high = Math.min(last, low + PORTION - 1);
    const portion = new Gathered();
    for (const cursor of cursors) {
      while (cursor.at < cursor.stars.length) {
        const magnitude = cursor.stars[cursor.at + 2]!;
        if ((magnitude & MAGNITUDE) > high) break;
        place(layout.grid, cursor, star);
        cursor.at += 3;
        if (magnitude & MOVES) move(star, years, layout.motions, cursor.nextMoving++);
        if (star[0]! * ax + star[1]! * ay + star[2]! * az >= nearest)
          portion.add(star[0]!, star[1]!, star[2]!, (magnitude & MAGNITUDE) / 1000 + BRIGHTEST);
      }
    }
    found.addBrightest(portion, most - found.length);
  }
  return found.asAdded();
}

function cursorsOf(layout: StarFile, centre: Direction, radius: number): Cursor[] {
  const { grid, firsts, firstMoving } = layout;
  const cursors: Cursor[] = [];
  for (const { band, first, inBand, from, to } of stripsOf(grid, centre, radius)) {
    for (let along = from; along <= to; along++) {
      const column = modulo(along, inBand);
      const cell = first + column;
      const stars = layout.stars(firsts[cell]!, firsts[cell + 1]!);
      cursors.push({ band, column, inBand, stars, at: 0, nextMoving: firstMoving[cell] ?? 0 });
    }
  }
  return cursors;
}

/** The unit vector at 2000.0 of the cursor's next star. */
function place({ bands }: Grid, { band, column, inBand, stars, at }: Cursor, vector: Float64Array): void {
  const ra = ((column + (stars[at]! + 0.5) / 65536) * 2 * Math.PI) / inBand;
  const dec = ((band + (stars[at + 1]! + 0.5) / 65536) / bands - 0.5) * Math.PI;
  const across = Math.cos(dec);
  vector[0] = across * Math.cos(ra);
  vector[1] = across * Math.sin(ra);
  vector[2] = Math.sin(dec);
}

/** Straight on in space, radial velocity none. */
function move(vector: Float64Array, years: number, motions: Int16Array, number: number): void {
  const [x, y, z] = [vector[0]!, vector[1]!, vector[2]!];
  const across = Math.hypot(x, y);
  if (years === 0 || across === 0) return;
  const east = motions[2 * number]! * MILLIARCSECOND * years;
  const north = motions[2 * number + 1]! * MILLIARCSECOND * years;
  const [mx, my, mz] = [
    x - (east * y + north * x * z) / across,
    y + (east * x - north * y * z) / across,
    z + north * across,
  ];
  const length = Math.hypot(mx, my, mz);
  vector[0] = mx / length;
  vector[1] = my / length;
  vector[2] = mz / length;
}
