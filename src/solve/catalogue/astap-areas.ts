import { degrees, modulo } from '../../core/units.ts';
import { reachInRa } from './grid.ts';

/**
 * How ASTAP's star databases divide the sky (HNSKY help, "star database format"): rings of constant declination from
 * the south pole, each cut into equal areas of right ascension from 0; a file an area, `name_RRAA.1476` or `.290`,
 * ring and area counted from 01.
 */
export interface Areas {
  readonly extension: '1476' | '290';
  /** Declination of each ring's southern edge, and 90 after the last. */
  readonly edges: readonly number[];
  /** Areas in each ring. */
  readonly counts: readonly number[];
}

/** Both hemispheres from the southern half: edges without the equator, which `.1476` and `.290` both have. */
function mirrored(extension: Areas['extension'], edges: readonly number[], counts: readonly number[]): Areas {
  return {
    extension,
    edges: [...edges, 0, ...edges.map((edge) => -edge).reverse()],
    counts: [...counts, ...counts.toReversed()],
  };
}

/** Rings 90/17.5° high, the caps half of it. */
const fine = mirrored(
  '1476',
  [-90, ...Array.from({ length: 17 }, (_, ring) => -90 + (ring + 0.5) * (90 / 17.5))],
  [1, 3, 9, 15, 21, 27, 33, 38, 43, 48, 52, 56, 60, 63, 65, 67, 68, 69],
);

/** Areas of equal size (Gringorten and Yepez 1992), the caps half of it. */
const coarse = mirrored(
  '290',
  [-90, ...Array.from({ length: 8 }, (_, ring) => -degrees(Math.asin(1 - (2 * ring + 1) ** 2 / 289)))],
  [1, 4, 8, 12, 16, 20, 24, 28, 32],
);

export const divisions: readonly Areas[] = [fine, coarse];

/** An area by ring and number within it, both from 0. */
export interface Area {
  readonly ring: number;
  readonly number: number;
}

export function areaAt({ edges, counts }: Areas, ra: number, dec: number): Area {
  const above = edges.findIndex((edge) => dec < edge);
  const ring = above < 0 ? counts.length - 1 : Math.max(0, above - 1);
  const count = counts[ring]!;
  return { ring, number: Math.min(count - 1, Math.floor((ra / 360) * count)) };
}

const two = (index: number): string => String(index + 1).padStart(2, '0');

/** The file of an area in the database `name` (d50, h18, g05 …). */
export const areaFile = ({ extension }: Areas, name: string, { ring, number }: Area): string =>
  `${name}_${two(ring)}${two(number)}.${extension}`;

/** The areas that a cone touches: a few too many, none too few. Degrees. */
export function areasNear(areas: Areas, centre: { ra: number; dec: number }, radius: number): Area[] {
  const reach = reachInRa(centre.dec, radius);
  return areas.counts.flatMap((count, ring) => {
    if (areas.edges[ring + 1]! < centre.dec - radius || areas.edges[ring]! > centre.dec + radius) return [];
    const first = Math.floor(((centre.ra - reach) * count) / 360);
    const last = Math.min(Math.floor(((centre.ra + reach) * count) / 360), first + count - 1);
    return Array.from({ length: last - first + 1 }, (_, i) => ({ ring, number: modulo(first + i, count) }));
  });
}
