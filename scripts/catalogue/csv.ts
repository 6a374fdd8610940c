import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { BadInput } from '../../src/core/errors.ts';
import { modulo, radians } from '../../src/core/units.ts';
import type { BakedStar } from './format.ts';

/** What fits into the memory of an ordinary computer while it is baked. */
const MOST_STARS = 6_000_000;
const MAS = 3_600_000;
/** What columns are called in Gaia's archive and elsewhere, in lower case. */
const names = {
  ra: ['ra', 'ra_icrs', 'raj2000', 'ra_deg'],
  dec: ['dec', 'de_icrs', 'dej2000', 'dec_deg'],
  magnitude: ['phot_g_mean_mag', 'gmag', 'g_mag', 'mag', 'magnitude', 'vmag'],
  east: ['pmra'],
  north: ['pmdec', 'pmde'],
  epoch: ['ref_epoch', 'epoch'],
} as const;
/** Of Gaia's third release, where the file does not say. */
const EPOCH = 2016;

/**
 * Reads stars from comma-separated text with a header line, gzipped or not: right ascension and declination in
 * degrees, a magnitude; proper motion in milli-arc-seconds a year brings them to 2000.0. Lines without place or
 * magnitude are counted, not kept.
 * @throws BadInput when columns are missing, a number is none, or there are too many stars
 */
export async function readCsv(file: string): Promise<{ stars: BakedStar[]; skipped: number }> {
  const plain = createReadStream(file);
  const input = file.endsWith('.gz') ? plain.pipe(createGunzip()) : plain;
  const stars: BakedStar[] = [];
  let skipped = 0;
  let number = 0;
  let column: Record<keyof typeof names, number> | undefined;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const cells = line.split(',').map((cell) => cell.trim().replaceAll('"', ''));
    if (!column) {
      column = columnsOf(file, cells);
      continue;
    }
    const value = (name: keyof typeof names): number | undefined => {
      const text = cells[column![name]];
      if (text === undefined || text === '' || /^(null|nan)$/i.test(text)) return undefined;
      const read = Number(text);
      if (!Number.isFinite(read)) throw new BadInput(`${file}, line ${number}: ${names[name][0]} is ${text}`);
      return read;
    };
    const [ra, dec, magnitude] = [value('ra'), value('dec'), value('magnitude')];
    if (ra === undefined || dec === undefined || magnitude === undefined) {
      skipped++;
      continue;
    }
    if (Math.abs(dec) > 90) throw new BadInput(`${file}, line ${number}: declination ${dec}`);
    if (stars.length === MOST_STARS)
      throw new BadInput(
        `${file}: more than ${MOST_STARS} stars; take a part of the sky, or the brighter ones`,
      );
    stars.push(at2000(ra, dec, magnitude, value('east'), value('north'), value('epoch') ?? EPOCH));
  }
  if (stars.length === 0) throw new BadInput(`${file}: no stars in it`);
  return { stars, skipped };
}

function columnsOf(file: string, header: readonly string[]): Record<keyof typeof names, number> {
  const titles = header.map((title) => title.toLowerCase());
  const find = (name: keyof typeof names) => {
    const known: readonly string[] = names[name];
    return titles.findIndex((title) => known.includes(title));
  };
  for (const name of ['ra', 'dec', 'magnitude'] as const)
    if (find(name) < 0)
      throw new BadInput(`${file}: its first line names no column ${names[name].join(' or ')}`);
  return {
    ra: find('ra'),
    dec: find('dec'),
    magnitude: find('magnitude'),
    east: find('east'),
    north: find('north'),
    epoch: find('epoch'),
  };
}

function at2000(
  ra: number,
  dec: number,
  magnitude: number,
  east: number | undefined,
  north: number | undefined,
  epoch: number,
): BakedStar {
  if (east === undefined || north === undefined) return { ra: modulo(ra, 360), dec, magnitude };
  const years = 2000 - epoch;
  const moved = Math.min(90, Math.max(-90, dec + (north * years) / MAS));
  const across = Math.max(1e-6, Math.cos(radians(dec)));
  return {
    ra: modulo(ra + (east * years) / MAS / across, 360),
    dec: moved,
    magnitude,
    motion: [east, north],
  };
}
