/** How the Earth's axis and velocity stand at an instant; `t` is Julian centuries of TT since J2000. */
import { degrees, radians } from '../../src/core/units.ts';
import { aboutX, aboutZ, apply, type Matrix, times, type Vector } from './vector.ts';

const ARCSECOND = Math.PI / 648000;

const polynomial = (t: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);

/** Mean obliquity of the ecliptic, radians (IAU 2006). */
export const obliquity = (t: number): number =>
  ARCSECOND * polynomial(t, [84381.406, -46.836769, -0.0001831, 0.0020034]);

/** Multiples of D, M, M′, F, Ω; then Δψ and Δε in 0.0001″ with their rates (IAU 1980; what is left out adds up to 0.03″). */
const nutationTerms = [
  [0, 0, 0, 0, 1, -171996, -174.2, 92025, 8.9],
  [-2, 0, 0, 2, 2, -13187, -1.6, 5736, -3.1],
  [0, 0, 0, 2, 2, -2274, -0.2, 977, -0.5],
  [0, 0, 0, 0, 2, 2062, 0.2, -895, 0.5],
  [0, 1, 0, 0, 0, 1426, -3.4, 54, -0.1],
  [0, 0, 1, 0, 0, 712, 0.1, -7, 0],
  [-2, 1, 0, 2, 2, -517, 1.2, 224, -0.6],
  [0, 0, 0, 2, 1, -386, -0.4, 200, 0],
  [0, 0, 1, 2, 2, -301, 0, 129, -0.1],
  [-2, -1, 0, 2, 2, 217, -0.5, -95, 0.3],
  [-2, 0, 1, 0, 0, -158, 0, 0, 0],
  [-2, 0, 0, 2, 1, 129, 0.1, -70, 0],
  [0, 0, -1, 2, 2, 123, 0, -53, 0],
] as const;

/** Degrees: elongation of the Moon, anomalies of Sun and Moon, argument of latitude, ascending node. */
export const lunarArguments = (t: number) =>
  [
    297.8501921 + 445267.1114034 * t,
    357.5291092 + 35999.0502909 * t,
    134.9633964 + 477198.8675055 * t,
    93.272095 + 483202.0175233 * t,
    125.04452 - 1934.136261 * t,
  ] as const;

/** In longitude and obliquity, radians. */
export function nutation(t: number): { longitude: number; obliquity: number } {
  const [d, m, moon, f, node] = lunarArguments(t);
  let longitude = 0;
  let tilt = 0;
  for (const [nd, nm, nmoon, nf, nnode, psi, psiRate, epsilon, epsilonRate] of nutationTerms) {
    const angle = radians(nd * d + nm * m + nmoon * moon + nf * f + nnode * node);
    longitude += (psi + psiRate * t) * Math.sin(angle);
    tilt += (epsilon + epsilonRate * t) * Math.cos(angle);
  }
  return { longitude: longitude * 1e-4 * ARCSECOND, obliquity: tilt * 1e-4 * ARCSECOND };
}

/** Degrees. */
export const equationOfEquinoxes = (t: number): number =>
  degrees(nutation(t).longitude * Math.cos(obliquity(t)));

/** GCRS → true equator and equinox of date: frame bias, precession (Fukushima–Williams angles, IAU 2006), nutation. */
export function celestialToDate(t: number): Matrix {
  const gamma = polynomial(t, [-0.052928, 10.556378, 0.4932044, -0.00031238]);
  const phi = polynomial(t, [84381.412819, -46.811016, 0.0511268, 0.00053289]);
  const psi = polynomial(t, [-0.041775, 5038.481484, 1.5584175, -0.00018522]);
  const { longitude, obliquity: tilt } = nutation(t);
  const ecliptic = times(aboutX(phi * ARCSECOND), aboutZ(gamma * ARCSECOND));
  return times(aboutX(-(obliquity(t) + tilt)), times(aboutZ(-(psi * ARCSECOND + longitude)), ecliptic));
}

/** Sun's true longitude, degrees of the mean equinox of date (Meeus, Astronomical Algorithms, 25). */
export function sunLongitude(t: number): number {
  const mean = 280.46646 + 36000.76983 * t;
  const m = radians(357.52911 + 35999.05029 * t);
  return (
    mean + (1.914602 - 0.004817 * t) * Math.sin(m) + 0.019993 * Math.sin(2 * m) + 0.000289 * Math.sin(3 * m)
  );
}

/** In units of the speed of light, GCRS axes; the Sun's own motion (0.01″) is left out. */
export function earthVelocity(t: number): Vector {
  const aberration = 20.49552 * ARCSECOND;
  const eccentricity = 0.016708634 - 0.000042037 * t;
  const precession = 1.3969713 * t;
  const longitude = radians(sunLongitude(t) + 180 - precession);
  const perihelion = radians(102.93735 + 0.32327 * t);
  const x = -aberration * (Math.sin(longitude) + eccentricity * Math.sin(perihelion));
  const y = aberration * (Math.cos(longitude) + eccentricity * Math.cos(perihelion));
  return apply(aboutX(-obliquity(0)), [x, y, 0]);
}
