import { parseUtc } from '../core/clock.ts';
import { signedDegrees } from '../core/units.ts';
import {
  DISAGREEMENT_DEGREES,
  DISAGREEMENT_SECONDS,
  degreesApart,
  type Observatory,
} from '../device/observatory.ts';
import type { Site } from '../sky/site.ts';

/**
 * A client's site as one more source, which never overrules a better one. Degrees; the longitude counts eastwards,
 * to either 180 or 360.
 * @returns how far it is from a site that is better known, in words; undefined: they agree, or it is the site now
 * @throws Error of no site on Earth, or of one that nobody has set
 */
export function offerSite(observatory: Observatory, offered: Site): string | undefined {
  const { latitude, longitude } = offered;
  if (latitude === 0 && longitude === 0) {
    throw new Error('latitude 0, longitude 0 is no observatory: set the site');
  }
  if (!(Math.abs(latitude) <= 90 && longitude >= -180 && longitude <= 360)) {
    throw new Error(`latitude ${latitude}, longitude ${longitude} is nowhere on Earth`);
  }
  if (observatory.offerSite({ ...offered, longitude: signedDegrees(longitude) }, 'client')) return undefined;
  const { site, siteSource } = observatory;
  const apart = site.value ? degreesApart(site.value, offered) : 0;
  if (apart <= DISAGREEMENT_DEGREES) return undefined;
  return `the site is ${apart.toFixed(1)}° from this one, by ${siteSource.value}: it stays`;
}

/**
 * A client's time as one more source of trust in our clock; it never sets it.
 * @param utc as INDI writes it: YYYY-MM-DDTHH:MM:SS
 * @param now milliseconds since 1970
 * @returns by how much it is wrong, in words; undefined: they agree
 * @throws Error of what is no date
 */
export function offerTime(observatory: Observatory, utc: string, now: number): string | undefined {
  const offered = parseUtc(utc);
  if (Number.isNaN(offered)) throw new Error(`UTC "${utc}" is no date: YYYY-MM-DDTHH:MM:SS`);
  const seconds = Math.round((offered - now) / 1000);
  observatory.offerTime('client', seconds);
  if (Math.abs(seconds) <= DISAGREEMENT_SECONDS) return undefined;
  const source = observatory.timeSource.value ?? 'its own clock';
  return `your time is ${seconds} s from this unit's, by ${source}: check both`;
}
