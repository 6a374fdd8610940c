import { degrees, modulo, signedDegrees, unsignedDegrees } from '../core/units.ts';
import type { Apparent } from './direction.ts';
import { arcsecondSeries, centuries, universalDays } from './epoch.ts';
import { meanObliquity, nutation } from './nutation.ts';
import type { Site } from './site.ts';

/**
 * Apparent sidereal time at Greenwich, degrees 0…360, at UTC milliseconds since 1970: the Earth rotation angle,
 * the precession of the equinox and the equation of the equinoxes (IERS Conventions 2010, chapter 5).
 * UTC stands for UT1, which it follows within 0.9 s: 13.5″ at most, the same for every direction.
 */
export function greenwichSidereal(utc: number): number {
  const days = universalDays(utc);
  const t = centuries(utc);
  // The whole turns are dropped first: kept, they would cost the last digits.
  const turns = 0.779057273264 + modulo(days, 1) + 0.00273781191135448 * days;
  const precession = arcsecondSeries(t, [0.014506, 4612.156534, 1.3915817, -4.4e-7, -2.9956e-5, -3.68e-8]);
  const { longitude, node } = nutation(t);
  const equinoxes = longitude * Math.cos(meanObliquity(t)) + arcsecondSeries(Math.sin(node), [0, 0.00264]);
  return unsignedDegrees(360 * turns + degrees(precession + equinoxes));
}

/** Apparent sidereal time at an east-positive longitude, degrees 0…360. */
export const localSidereal = (utc: number, longitudeEast: number): number =>
  unsignedDegrees(greenwichSidereal(utc) + longitudeEast);

/** Degrees west of the meridian, in (−180, 180]: negative before the transit. */
export const hourAngle = (apparent: Apparent, site: Site, utc: number): number =>
  signedDegrees(localSidereal(utc, site.longitude) - apparent.ra);
