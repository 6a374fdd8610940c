import { readFileSync } from 'node:fs';
import { BadInput } from '../../src/core/errors.ts';
import { degrees, modulo, radians } from '../../src/core/units.ts';
import { centuries, type Place } from './geometry.ts';
import { fromPlace, plus, scaled, toPlace } from './vector.ts';

/** ICRS/J2000 degrees, Tycho VT magnitude. */
export interface Star {
  ra: number;
  dec: number;
  magnitude: number;
}

export interface Catalogue {
  readonly count: number;
  /** Everything brighter is there, wherever on the sky. */
  readonly completeTo: number;
  /**
   * The stars around a place, brightest first within each cell, up to a magnitude: as they stood at 2000.0, or, with an
   * instant, where the proper motion of the brighter ones has carried them.
   */
  near(centre: Place, radiusDegrees: number, faintest?: number, utc?: number): Star[];
}

const HEADER_BYTES = 32;
/** Degrees a year of the fastest star, Barnard's. */
const FASTEST = 10.4 / 3600;
/** Milli-arc-seconds a degree. */
const MAS = 3_600_000;
/** Magnitudes are stored in thousandths above this one. */
const BRIGHTEST = -2;
/** The bit of a stored magnitude that says that the star's proper motion is known. */
const MOVES = 0x8000;

/** The committed extract, from source and from the bundle. */
const extract = new URL(
  import.meta.url.endsWith('.mjs') ? 'share/stars.bin' : 'data/stars.bin',
  import.meta.url,
);

/** Opens `stars.bin` as `scripts/catalogue/format.ts` lays it out. @throws BadInput when it is none */
export function openCatalogue(file: string | URL = extract): Catalogue {
  const bytes = readFileSync(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const view = new DataView(buffer);
  const bad = (why: string) => new BadInput(`${file}: ${why}; bake it again with make catalogue`);
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== 'NJSTARS\0')
    throw bad('no star catalogue');
  const [version, count, bands, cells] = [8, 12, 16, 20].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (version !== 1 && version !== 2) throw bad(`version ${version} where 1 and 2 are known`);
  const moving = version === 2 ? view.getUint32(28, true) : 0;
  const motionsAt = HEADER_BYTES + 4 * (cells + 1) * version;
  const starsAt = motionsAt + 4 * moving;
  if (bytes.length !== starsAt + 6 * count) throw bad(`${bytes.length} bytes do not hold ${count} stars`);
  const firsts = new Uint32Array(buffer, HEADER_BYTES, cells + 1);
  // Version 2 has a second index, of the motions; with version 1 it is never looked at.
  const firstMotions = new Uint32Array(buffer, HEADER_BYTES + 4 * (cells + 1) * (version - 1), cells + 1);
  const motions = new Int16Array(buffer, motionsAt, 2 * moving);
  const stars = new Uint16Array(buffer, starsAt, 3 * count);
  const bandStarts = layout(bands);
  if (
    bandStarts[bands] !== cells ||
    firsts[cells] !== count ||
    (version === 2 && firstMotions[cells] !== moving)
  )
    throw bad('its index does not fit its stars');

  return {
    count,
    completeTo: view.getInt32(24, true) / 1000,
    near(centre, radiusDegrees, faintest = 99, utc) {
      const found: Star[] = [];
      const limit = Math.min(MOVES - 1, (faintest - BRIGHTEST) * 1000);
      const years = utc === undefined ? 0 : 100 * centuries(utc);
      const sine = Math.sin(radians(centre.dec));
      const cosine = Math.cos(radians(centre.dec));
      const nearest = Math.cos(radians(Math.min(180, radiusDegrees)));
      const reach = radiusDegrees + Math.abs(years) * FASTEST;
      for (const { number, west, width, south, height } of cellsNear(bandStarts, centre, reach)) {
        let motion = firstMotions[number]!;
        for (let i = firsts[number]!; i < firsts[number + 1]!; i++) {
          const [alongRa, alongDec, stored] = [stars[3 * i]!, stars[3 * i + 1]!, stars[3 * i + 2]!];
          const milli = stored & (MOVES - 1);
          if (milli > limit) break;
          let ra = west + ((alongRa + 0.5) / 65536) * width;
          let dec = south + ((alongDec + 0.5) / 65536) * height;
          if (stored >= MOVES) {
            const [east, north] = [motions[2 * motion]!, motions[2 * motion + 1]!];
            motion++;
            if (years !== 0) ({ ra, dec } = moved({ ra, dec }, (east * years) / MAS, (north * years) / MAS));
          }
          const d = radians(dec);
          const near = sine * Math.sin(d) + cosine * Math.cos(d) * Math.cos(radians(ra - centre.ra));
          if (near >= nearest) found.push({ ra, dec, magnitude: milli / 1000 + BRIGHTEST });
        }
      }
      return found;
    },
  };
}

/** A cell: its number, and its corner and size in degrees. */
interface Cell {
  number: number;
  west: number;
  width: number;
  south: number;
  height: number;
}

/** The cells that a cone touches, and perhaps a few more. */
function* cellsNear(bandStarts: readonly number[], centre: Place, radius: number): Generator<Cell> {
  const bands = bandStarts.length - 1;
  const height = 180 / bands;
  const lowest = Math.max(0, Math.floor((centre.dec - radius + 90) / height));
  const highest = Math.min(bands - 1, Math.floor((centre.dec + radius + 90) / height));
  const reach = raReach(centre.dec, radius);
  for (let band = lowest; band <= highest; band++) {
    const start = bandStarts[band]!;
    const inBand = bandStarts[band + 1]! - start;
    const width = 360 / inBand;
    const from = Math.floor((centre.ra - reach) / width);
    const to = Math.min(Math.floor((centre.ra + reach) / width), from + inBand - 1);
    for (let column = from; column <= to; column++) {
      const within = modulo(column, inBand);
      yield { number: start + within, west: within * width, width, south: band * height - 90, height };
    }
  }
}

/** Carried straight on by so many degrees towards east and north; radial velocity is none. */
function moved(from: Place, east: number, north: number): Place {
  const at = fromPlace(from);
  const towardsEast = fromPlace({ ra: from.ra + 90, dec: 0 });
  const towardsNorth = fromPlace({ ra: from.ra, dec: from.dec + 90 });
  return toPlace(plus(at, plus(scaled(towardsEast, radians(east)), scaled(towardsNorth, radians(north)))));
}

/** The number of the first cell of each band, and after the last. */
function layout(bands: number): number[] {
  const starts = [0];
  for (let band = 0; band < bands; band++) {
    const low = -90 + (180 * band) / bands;
    const nearestToEquator = band < bands / 2 ? low + 180 / bands : low;
    starts.push(
      starts[band]! + Math.max(1, Math.ceil(2 * bands * Math.cos(radians(nearestToEquator)) - 1e-9)),
    );
  }
  return starts;
}

/** Half the width in right ascension of a cone; the whole circle when it holds a pole. */
function raReach(dec: number, radius: number): number {
  if (Math.abs(dec) + radius >= 90) return 180;
  return degrees(Math.asin(Math.sin(radians(radius)) / Math.cos(radians(dec))));
}
