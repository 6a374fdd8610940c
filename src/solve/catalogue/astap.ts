import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../core/errors.ts';
import { radians } from '../../core/units.ts';
import type { Direction } from '../../sky/direction.ts';
import { unitVector } from '../../sky/vector.ts';
import { type Areas, areaFile, areasNear, divisions } from './astap-areas.ts';
import type { StarCatalogue, StarQuery } from './catalogue.ts';
import { Gathered } from './gathered.ts';
import { readPart } from './read-bytes.ts';

const HEADER_BYTES = 110;
/** Records read at once: the largest areas have ten million. */
const PORTION = 32_768;
const RA_UNIT = (2 * Math.PI) / (2 ** 24 - 1);
const DEC_UNIT = Math.PI / 2 / (2 ** 23 - 1);
/** In the place of a right ascension: this record tells magnitude and high declination byte of those that follow. */
const HEAD = 0xffffff;

/** The databases in a folder by name, each with how it divides the sky: d50 and g05, say. */
export function astapNames(directory: string): { name: string; areas: Areas }[] {
  const files = readdirSync(directory);
  return divisions.flatMap((areas) =>
    files
      .filter((file) => file.endsWith(`_0101.${areas.extension}`))
      .map((file) => ({ name: file.slice(0, file.lastIndexOf('_')), areas })),
  );
}

/**
 * A star database of ASTAP's, `.1476` or `.290` with records of 5 or 6 bytes, read in place: a search reads the files
 * of the areas it touches. Stars stand where the database has them; it knows no proper motion.
 * @throws BadInput when files are missing or of another form
 */
export function openAstap(directory: string, name: string, areas: Areas): StarCatalogue {
  const file = (ring: number, number: number) => join(directory, areaFile(areas, name, { ring, number }));
  let bytes = 0;
  areas.counts.forEach((count, ring) => {
    for (let number = 0; number < count; number++) bytes += size(file(ring, number));
  });
  const { record } = openArea(file(0, 0));
  return {
    name: `ASTAP's ${name.toUpperCase()} in ${directory}`,
    count: Math.round(bytes / record),
    completeTo: 99,
    near(centre, radiusDegrees, query = {}) {
      const found = new Gathered();
      for (const area of areasNear(areas, centre, radiusDegrees))
        gather(found, file(area.ring, area.number), centre, radiusDegrees, query);
      const sorted = new Gathered();
      sorted.addBrightest(found, query.most ?? Number.POSITIVE_INFINITY);
      return sorted.asAdded();
    },
  };
}

/** Bytes of records in a file. */
function size(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })?.size;
  if (found === undefined) throw new BadInput(`${file} is missing: copy the whole star database there`);
  if (found < HEADER_BYTES) throw new BadInput(`${file} has ${found} bytes and ends early: copy it again`);
  return found - HEADER_BYTES;
}

/** The bytes of a record, and the records in portions: those who have enough need not read on. */
function openArea(file: string): { record: number; portions: Generator<Uint8Array> } {
  const bytes = size(file);
  const record = readPart(file, HEADER_BYTES - 1, 1)[0]!;
  if (record !== 5 && record !== 6)
    throw new BadInput(`${file} has records of ${record} bytes; the databases for solving have 5 or 6`);
  const portion = record * PORTION;
  function* portions() {
    for (let at = 0; at + record <= bytes; at += portion)
      yield readPart(file, HEADER_BYTES + at, Math.min(portion, bytes - at));
  }
  return { record, portions: portions() };
}

/** Adds the stars of an area that lie in the cone; they come brightest first, so that enough is soon enough. */
function gather(
  found: Gathered,
  file: string,
  centre: Direction,
  radiusDegrees: number,
  { faintest = 99, most = Number.POSITIVE_INFINITY }: StarQuery,
): void {
  const { record, portions } = openArea(file);
  const [ax, ay, az] = unitVector(centre.ra, centre.dec);
  const radius = radians(Math.min(180, radiusDegrees));
  const nearest = Math.cos(radius);
  const lowest = radians(centre.dec) - radius;
  const highest = radians(centre.dec) + radius;
  const enough = found.length + most;
  let magnitude = Number.NaN;
  let high = 0;
  for (const bytes of portions) {
    for (let at = 0; at + record <= bytes.length; at += record) {
      const raUnits = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
      if (raUnits === HEAD) {
        high = bytes[at + 3]! - 128;
        magnitude = (bytes[at + 4]! - 16) / 10;
        if (magnitude > faintest || found.length >= enough) return;
        continue;
      }
      const dec = ((high << 16) + (bytes[at + 4]! << 8) + bytes[at + 3]!) * DEC_UNIT;
      if (dec < lowest || dec > highest) continue;
      const ra = raUnits * RA_UNIT;
      const across = Math.cos(dec);
      const [x, y, z] = [across * Math.cos(ra), across * Math.sin(ra), Math.sin(dec)];
      if (x * ax + y * ay + z * az < nearest) continue;
      if (Number.isNaN(magnitude))
        throw new BadInput(`${file}: a star comes before its magnitude; copy it again`);
      found.add(x, y, z, magnitude);
    }
  }
}
