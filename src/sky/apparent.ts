import { ARCSECONDS_PER_DEGREE, radians } from '../core/units.ts';
import { type Apparent, apparentPlace, type Direction } from './direction.ts';
import { arcsecondSeries, centuries } from './epoch.ts';
import { meanObliquity, nutation } from './nutation.ts';
import {
  added,
  dot,
  type Matrix,
  rotated,
  scaled,
  spherical,
  transposed,
  turnedAboutX,
  turnedAboutZ,
  unitVector,
  type Vector,
} from './vector.ts';

/** The constant of aberration κ, arc-seconds at J2000 (Meeus, Astronomical Algorithms, 23). */
const ABERRATION = 20.49552;

/**
 * The geocentric apparent place, as JNow mounts and INDI's EQUATORIAL_EOD_COORD mean it: precession, nutation and
 * annual aberration; no refraction. Left out, as too small for any mount: the parallax and motion of the star, the
 * bending of light by the Sun (0.03″ at 15° from it) and diurnal aberration (0.3″). Good to 0.1″ in 2020…2040.
 * @param utc milliseconds since 1970
 */
export function toApparent(direction: Direction, utc: number): Apparent {
  const t = centuries(utc);
  const seen = aberrated(unitVector(direction.ra, direction.dec), earthVelocity(t));
  const { longitude, latitude } = spherical(rotated(equatorOfDate(t), seen));
  return apparentPlace(longitude, latitude);
}

/** The exact inverse of `toApparent`. */
export function fromApparent(apparent: Apparent, utc: number): Direction {
  const t = centuries(utc);
  const seen = rotated(transposed(equatorOfDate(t)), unitVector(apparent.ra, apparent.dec));
  const { longitude, latitude } = spherical(aberrated(seen, scaled(earthVelocity(t), -1)));
  return { ra: longitude, dec: latitude };
}

/**
 * The rotation from ICRS to the true equator and equinox of date, by the four Fukushima–Williams angles, which
 * contain the frame bias (IAU 2006; IERS Conventions 2010, chapter 5).
 */
function equatorOfDate(t: number): Matrix {
  const gamma = arcsecondSeries(t, [-0.052928, 10.556378, 0.4932044, -3.1238e-4, -2.788e-6, 2.6e-8]);
  const phi = arcsecondSeries(t, [84_381.412819, -46.811016, 0.0511268, 5.3289e-4, -4.4e-7, -1.76e-8]);
  const psi = arcsecondSeries(t, [-0.041775, 5038.481484, 1.5584175, -1.8522e-4, -2.6452e-5, -1.48e-8]);
  const { longitude, obliquity } = nutation(t);
  const axis = (v: Vector) => {
    const ecliptic = turnedAboutX(turnedAboutZ(v, gamma), phi);
    return turnedAboutX(turnedAboutZ(ecliptic, -(psi + longitude)), -(meanObliquity(t) + obliquity));
  };
  return transposed([axis([1, 0, 0]), axis([0, 1, 0]), axis([0, 0, 1])]);
}

/**
 * The Earth's velocity in units of that of light, ICRS: motion on its ellipse (Meeus 23 and 25, referred to the
 * equinox of J2000). What the planets and the Moon add to the aberration is 0.02″.
 */
export function earthVelocity(t: number): Vector {
  const anomaly = radians(357.52911 + 35_999.05029 * t);
  const mean = radians(280.46646 + 35_999.37286 * t);
  const eccentricity = 0.016708634 - 0.000042037 * t;
  const centre =
    (1.914602 - 0.004817 * t) * Math.sin(anomaly) +
    0.019993 * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly);
  const sun = mean + radians(centre);
  const perihelion = mean - anomaly + Math.PI;
  const ecliptic: Vector = [
    Math.sin(sun) - eccentricity * Math.sin(perihelion),
    eccentricity * Math.cos(perihelion) - Math.cos(sun),
    0,
  ];
  return scaled(turnedAboutX(ecliptic, -meanObliquity(0)), radians(ABERRATION / ARCSECONDS_PER_DEGREE));
}

/**
 * The direction in which an observer moving at `velocity` (units of c) sees light from unit vector `v`: the Lorentz
 * boost (Explanatory Supplement to the Astronomical Almanac, 3rd edition, chapter 7), whose inverse is that of the opposite velocity.
 */
function aberrated(v: Vector, velocity: Vector): Vector {
  const along = dot(v, velocity);
  const contraction = Math.sqrt(1 - dot(velocity, velocity));
  const seen = added(scaled(v, contraction), velocity, 1 + along / (1 + contraction));
  return scaled(seen, 1 / (1 + along));
}
