import { degrees } from '../../core/units.ts';
import type { Direction } from '../../sky/direction.ts';
import { dot, unitVector } from '../../sky/vector.ts';

/** A field with fewer catalogue stars is solved by luck. */
export const ENOUGH_STARS = 14;
/** The shares of fields that the table has columns for. */
export const SHARES = [
  0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1,
] as const;
/** Where belts of galactic latitude begin, degrees: stars thin out away from the Milky Way. */
export const BELTS = [0, 10, 25, 45, 65] as const;

/** The north galactic pole, ICRS (ESA 1997, The Hipparcos Catalogue, section 1.5.3). */
const POLE = unitVector(192.85948, 27.12825);

export function beltOf(direction: Direction): number {
  const latitude = Math.abs(degrees(Math.asin(dot(POLE, unitVector(direction.ra, direction.dec)))));
  return BELTS.findLastIndex((begin) => latitude >= begin);
}

/** The share of the sky in each belt. */
export const beltAreas: readonly number[] = BELTS.map((begin, belt) => {
  const end = BELTS[belt + 1] ?? 90;
  return Math.sin((end * Math.PI) / 180) - Math.sin((begin * Math.PI) / 180);
});
