import { spherical } from '../../src/sky/vector.ts';
import { type Areas, areaAt, areaFile } from '../../src/solve/catalogue/astap-areas.ts';
import type { CatalogueStars } from '../../src/solve/catalogue/catalogue.ts';

const HEADER_BYTES = 110;
const RECORD_BYTES = 5;
const RA_UNITS = 2 ** 24 - 1;
const DEC_UNITS = 2 ** 23 - 1;
/** A right ascension that marks a record as the head of those that follow: their magnitude and high declination byte. */
const HEAD = 0xffffff;

interface Entry {
  readonly ra: number;
  /** 24 bits, signed. */
  readonly dec: number;
  readonly tenths: number;
}

/**
 * An ASTAP star database, its files by name (HNSKY help, "star database format", records of 5 bytes). Areas without
 * stars have a file too, for astap wants it.
 */
export function astapFiles(
  division: Areas,
  name: string,
  { length, vectors, magnitudes }: CatalogueStars,
): Map<string, Uint8Array> {
  const files = new Map<string, Entry[]>();
  division.counts.forEach((count, ring) => {
    for (let number = 0; number < count; number++) files.set(areaFile(division, name, { ring, number }), []);
  });
  for (let i = 0; i < length; i++) {
    const place = spherical([vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!]);
    files.get(areaFile(division, name, areaAt(division, place.longitude, place.latitude)))!.push({
      // 360° less a little would read as a head.
      ra: Math.round((place.longitude / 360) * RA_UNITS) % HEAD,
      dec: Math.round((place.latitude / 90) * DEC_UNITS),
      tenths: Math.max(-16, Math.round(magnitudes[i]! * 10)),
    });
  }
  return new Map([...files].map(([file, entries]) => [file, encoded(entries)]));
}

/** A text, the size of a record in the last byte; then the stars by tenth of magnitude, then by high declination byte. */
function encoded(entries: Entry[]): Uint8Array {
  const sorted = entries.toSorted((a, b) => a.tenths - b.tenths || (a.dec >> 16) - (b.dec >> 16));
  const records: number[] = [];
  let head = '';
  for (const { ra, dec, tenths } of sorted) {
    const high = dec >> 16;
    if (head !== `${tenths} ${high}`) records.push(0xff, 0xff, 0xff, high + 128, tenths + 16);
    head = `${tenths} ${high}`;
    records.push(ra & 255, (ra >> 8) & 255, ra >> 16, dec & 255, (dec >> 8) & 255);
  }
  const header = Buffer.alloc(HEADER_BYTES, ' ');
  header.write('Tycho-2 (ESA 2000) and Hipparcos (ESA 1997), baked by Nightjar', 'latin1');
  header[HEADER_BYTES - 1] = RECORD_BYTES;
  return Buffer.concat([header, Buffer.from(records)]);
}
