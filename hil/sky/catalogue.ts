import { readFileSync } from 'node:fs';
import { BadInput } from '../../src/core/errors.ts';
import { degrees, modulo, radians } from '../../src/core/units.ts';
import type { Place } from './geometry.ts';

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
  /** The stars around a place, brightest first within each cell, up to a magnitude. */
  near(centre: Place, radiusDegrees: number, faintest?: number): Star[];
}

const HEADER_BYTES = 32;
/** Magnitudes are stored in thousandths above this one. */
const BRIGHTEST = -2;

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
  if (version !== 1) throw bad(`version ${version} where 1 is known`);
  const starsAt = HEADER_BYTES + 4 * (cells + 1);
  if (bytes.length !== starsAt + 6 * count) throw bad(`${bytes.length} bytes do not hold ${count} stars`);
  const firsts = new Uint32Array(buffer, HEADER_BYTES, cells + 1);
  const stars = new Uint16Array(buffer, starsAt, 3 * count);
  const bandStarts = layout(bands);
  if (bandStarts[bands] !== cells || firsts[cells] !== count) throw bad('its index does not fit its stars');

  return {
    count,
    completeTo: view.getInt32(24, true) / 1000,
    near(centre, radiusDegrees, faintest = 99) {
      const found: Star[] = [];
      const height = 180 / bands;
      const limit = Math.min(65535, (faintest - BRIGHTEST) * 1000);
      const sine = Math.sin(radians(centre.dec));
      const cosine = Math.cos(radians(centre.dec));
      const nearest = Math.cos(radians(Math.min(180, radiusDegrees)));
      const lowest = Math.max(0, Math.floor((centre.dec - radiusDegrees + 90) / height));
      const highest = Math.min(bands - 1, Math.floor((centre.dec + radiusDegrees + 90) / height));
      const reach = raReach(centre.dec, radiusDegrees);
      for (let band = lowest; band <= highest; band++) {
        const start = bandStarts[band]!;
        const inBand = bandStarts[band + 1]! - start;
        const width = 360 / inBand;
        const from = Math.floor((centre.ra - reach) / width);
        const to = Math.min(Math.floor((centre.ra + reach) / width), from + inBand - 1);
        for (let column = from; column <= to; column++) {
          const cell = modulo(column, inBand);
          const end = firsts[start + cell + 1]!;
          for (let i = firsts[start + cell]!; i < end; i++) {
            const milli = stars[3 * i + 2]!;
            if (milli > limit) break;
            const ra = (cell + (stars[3 * i]! + 0.5) / 65536) * width;
            const dec = (band + (stars[3 * i + 1]! + 0.5) / 65536) * height - 90;
            const d = radians(dec);
            const near = sine * Math.sin(d) + cosine * Math.cos(d) * Math.cos(radians(ra - centre.ra));
            if (near >= nearest) found.push({ ra, dec, magnitude: milli / 1000 + BRIGHTEST });
          }
        }
      }
      return found;
    },
  };
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
