/**
 * The world's own astronomy. It shares no line with `src/sky`, so that a wrong sign cannot cancel; astropy judges it
 * (`data/vectors.json`). Angles are degrees, instants UTC milliseconds; UT1 is taken as UTC.
 */
import { utcOf } from '../../src/core/clock.ts';
import { degrees, modulo, radians } from '../../src/core/units.ts';
import { celestialToDate, earthVelocity, equationOfEquinoxes } from './earth.ts';
import { apply, applyInverse, fromPlace, plus, scaled, toPlace, unit, type Vector } from './vector.ts';

export interface Site {
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
  elevationMetres: number;
}

/** Right ascension 0…360 and declination, degrees. Of which frame, the function says. */
export interface Place {
  ra: number;
  dec: number;
}

export interface Air {
  pressureHpa: number;
  temperatureCelsius: number;
}

const J2000 = utcOf(2000, 1, 1, 12);
const DAY = 86_400_000;
/** TT − UTC since 2017. */
const TT_AHEAD = 69_184;

/** Julian centuries of Terrestrial Time since J2000. */
export const centuries = (utc: number): number => (utc + TT_AHEAD - J2000) / DAY / 36525;

/** ICRS → true equator and equinox of date: aberration, precession, nutation. Parallax and proper motion are none. */
export const apparentOf = (icrs: Place, utc: number): Place => toPlace(apparentVector(fromPlace(icrs), utc));

export const icrsOf = (apparent: Place, utc: number): Place => toPlace(icrsVector(fromPlace(apparent), utc));

export function apparentVector(icrs: Vector, utc: number): Vector {
  const t = centuries(utc);
  return apply(celestialToDate(t), unit(plus(icrs, earthVelocity(t))));
}

export function icrsVector(apparent: Vector, utc: number): Vector {
  const t = centuries(utc);
  const seen = applyInverse(celestialToDate(t), apparent);
  const velocity = earthVelocity(t);
  // |k·seen − velocity| = 1, solved for k: the exact inverse of the shift above.
  const along = seen[0] * velocity[0] + seen[1] * velocity[1] + seen[2] * velocity[2];
  const speed = Math.hypot(...velocity);
  const k = along + Math.sqrt(along * along + 1 - speed * speed);
  return plus(scaled(seen, k), scaled(velocity, -1));
}

/** Local apparent sidereal time, 0…360 degrees (IAU 2006). */
export function siderealDegrees(utc: number, longitude: number): number {
  const days = (utc - J2000) / DAY;
  const t = centuries(utc);
  const rotation = 360 * (0.779057273264 + 0.00273781191135448 * days + (days % 1));
  const precession = (0.014506 + 4612.156534 * t + 1.3915817 * t * t) / 3600;
  return modulo(rotation + precession + equationOfEquinoxes(t) + longitude, 360);
}

/** Without refraction; azimuth from north through east. */
export function horizontalOf(
  place: { hourAngle: number; declination: number },
  latitude: number,
): { altitude: number; azimuth: number } {
  const [south, west, up] = turned(fromPlace({ ra: place.hourAngle, dec: place.declination }), latitude - 90);
  return { altitude: degrees(Math.atan2(up, Math.hypot(south, west))), azimuth: azimuthOf(south, west) };
}

/** The inverse of `horizontalOf`; hour angle in −180…180. */
export function hourAngleOf(
  seen: { altitude: number; azimuth: number },
  latitude: number,
): { hourAngle: number; declination: number } {
  const [x, west, z] = turned(fromPlace({ ra: seen.azimuth - 180, dec: seen.altitude }), 90 - latitude);
  return {
    hourAngle: degrees(Math.atan2(west, x)),
    declination: degrees(Math.atan2(z, Math.hypot(x, west))),
  };
}

/**
 * How much higher a direction is seen than it is (Saemundsson 1986; good to 0.1′ above the horizon). Below −1° it
 * fades, for nothing is seen there.
 */
export function refractionDegrees(trueAltitude: number, air?: Air): number {
  const density = ((air?.pressureHpa ?? 1010) / 1010) * (283 / (273 + (air?.temperatureCelsius ?? 10)));
  const altitude = Math.max(-1, trueAltitude);
  const minutes = 1.02 / Math.tan(radians(altitude + 10.3 / (altitude + 5.11))) + 0.0019279;
  const fade = trueAltitude < -1 ? Math.max(0, 1 - (-1 - trueAltitude) / 4) : 1;
  return (density * fade * minutes) / 60;
}

/** The true altitude of a direction seen at `altitude`. */
export function unrefracted(altitude: number, air?: Air): number {
  let truth = altitude;
  for (let i = 0; i < 16; i++) truth = altitude - refractionDegrees(truth, air);
  return truth;
}

const azimuthOf = (south: number, west: number): number =>
  modulo(degrees(Math.atan2(west, south)) + 180, 360);

/** About the y axis, which stays. */
function turned([x, y, z]: Vector, angle: number): Vector {
  const [sine, cosine] = [Math.sin(radians(angle)), Math.cos(radians(angle))];
  return [cosine * x + sine * z, y, cosine * z - sine * x];
}
