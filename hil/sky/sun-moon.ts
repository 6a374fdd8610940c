import { degrees, radians } from '../../src/core/units.ts';
import { celestialToDate, lunarArguments, nutation, obliquity, sunLongitude } from './earth.ts';
import { centuries, horizontalOf, type Place, type Site, siderealDegrees } from './geometry.ts';
import {
  aboutX,
  apply,
  applyInverse,
  fromPlace,
  plus,
  scaled,
  separation,
  toPlace,
  unit,
  type Vector,
} from './vector.ts';

const EARTH_KM = 6378.14;

/** Multiples of D, M, M′, F and 0.000001° (Meeus, Astronomical Algorithms, 47, its larger terms). */
const longitudeTerms = [
  [0, 0, 1, 0, 6288774],
  [2, 0, -1, 0, 1274027],
  [2, 0, 0, 0, 658314],
  [0, 0, 2, 0, 213618],
  [0, 1, 0, 0, -185116],
  [0, 0, 0, 2, -114332],
  [2, 0, -2, 0, 58793],
  [2, -1, -1, 0, 57066],
  [2, 0, 1, 0, 53322],
  [2, -1, 0, 0, 45758],
  [0, 1, -1, 0, -40923],
  [1, 0, 0, 0, -34720],
  [0, 1, 1, 0, -30383],
] as const;
const latitudeTerms = [
  [0, 0, 0, 1, 5128122],
  [0, 0, 1, 1, 280602],
  [0, 0, 1, -1, 277693],
  [2, 0, 0, -1, 173237],
  [2, 0, -1, 1, 55413],
  [2, 0, -1, -1, 46271],
  [2, 0, 0, 1, 32573],
] as const;
/** Metres, with cosines. */
const distanceTerms = [
  [0, 0, 1, 0, -20905355],
  [2, 0, -1, 0, -3699111],
  [2, 0, 0, 0, -2955968],
  [0, 0, 2, 0, -569925],
] as const;

type Term = readonly [number, number, number, number, number];

function series(terms: readonly Term[], t: number, wave: (angle: number) => number): number {
  const [d, m, moon, f] = lunarArguments(t);
  const at = ([nd, nm, nmoon, nf, size]: Term) =>
    size * wave(radians(nd * d + nm * m + nmoon * moon + nf * f));
  return terms.reduce((sum, term) => sum + at(term), 0);
}

/** A body of the solar system as seen from the site: ICRS, and without refraction on the sky. Degrees. */
export interface Seen extends Place {
  altitude: number;
  azimuth: number;
}

/** Good to 0.01°. */
export const sunAt = (utc: number, site: Site): Seen => seen(sunVector(centuries(utc)), utc, site);

/** Good to 0.1°, parallax included. `illumination` is the lit share of the disc, 0–1. */
export function moonAt(utc: number, site: Site): Seen & { illumination: number } {
  const t = centuries(utc);
  const longitude = 218.3164477 + 481267.88123421 * t + series(longitudeTerms, t, Math.sin) / 1e6;
  const latitude = series(latitudeTerms, t, Math.sin) / 1e6;
  const radii = (385000.56 + series(distanceTerms, t, Math.cos) / 1000) / EARTH_KM;
  const geocentric = fromEcliptic(longitude, latitude, t);
  // Elongation is phase enough: the Sun is 390 times as far.
  const elongation = separation(geocentric, sunVector(t));
  const local = fromPlace({ ra: siderealDegrees(utc, site.longitude), dec: site.latitude });
  const topocentric = unit(plus(scaled(geocentric, radii), scaled(local, -1)));
  return { ...seen(topocentric, utc, site), illumination: (1 - Math.cos(radians(elongation))) / 2 };
}

const sunVector = (t: number): Vector => fromEcliptic(sunLongitude(t) - 0.00569, 0, t);

/** Mean ecliptic of date → true equator of date. */
function fromEcliptic(longitude: number, latitude: number, t: number): Vector {
  const { longitude: shift, obliquity: tilt } = nutation(t);
  const ecliptic = fromPlace({ ra: longitude + degrees(shift), dec: latitude });
  return apply(aboutX(-(obliquity(t) + tilt)), ecliptic);
}

function seen(ofDate: Vector, utc: number, site: Site): Seen {
  const { ra, dec } = toPlace(ofDate);
  const hourAngle = siderealDegrees(utc, site.longitude) - ra;
  const icrs = toPlace(applyInverse(celestialToDate(centuries(utc)), ofDate));
  return { ...icrs, ...horizontalOf({ hourAngle, declination: dec }, site.latitude) };
}
