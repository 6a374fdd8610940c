import { unsignedDegrees } from '../core/units.ts';

declare const apparent: unique symbol;

/**
 * A direction in ICRS/J2000 degrees: right ascension 0…360, declination −90…90. The only kind inside; an
 * `Apparent` is not accepted in its place.
 */
export interface Direction {
  readonly ra: number;
  readonly dec: number;
  readonly [apparent]?: never;
}

/** Apparent place of date (JNow: true equator and equinox), degrees. Made once, at the edge that wants it. */
export interface Apparent {
  readonly ra: number;
  readonly dec: number;
  readonly [apparent]: true;
}

/** Vouches that these degrees are of date: for the edge that reads them from a JNow mount or client. */
export const apparentPlace = (ra: number, dec: number): Apparent =>
  ({ ra: unsignedDegrees(ra), dec }) as Apparent;
