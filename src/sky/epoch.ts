import { ARCSECONDS_PER_DEGREE, radians } from '../core/units.ts';

const J2000_MS = 946_728_000_000;
const DAY_MS = 86_400_000;
/**
 * TT − UTC: 32.184 s + 37 leap seconds, unchanged since 2017 (IERS Bulletin C). One more would move the fastest
 * thing here, the Moon, by 0.5″.
 */
const TERRESTRIAL_AHEAD_MS = 69_184;

/** Days of UTC since 2000-01-01T12:00 of UTC milliseconds since 1970; stands for UT1 (|UT1 − UTC| < 0.9 s). */
export const universalDays = (utc: number): number => (utc - J2000_MS) / DAY_MS;
/** The inverse of `universalDays`. */
export const utcOfDays = (days: number): number => J2000_MS + days * DAY_MS;
/** Days of Terrestrial Time since J2000.0. */
export const terrestrialDays = (utc: number): number => universalDays(utc + TERRESTRIAL_AHEAD_MS);
/** Julian centuries of Terrestrial Time since J2000.0. */
export const centuries = (utc: number): number => terrestrialDays(utc) / 36_525;

/** Radians of a polynomial in `t` whose coefficients are arc-seconds, constant first. */
export function arcsecondSeries(t: number, coefficients: readonly number[]): number {
  return radians(coefficients.reduceRight((sum, c) => sum * t + c, 0) / ARCSECONDS_PER_DEGREE);
}
