import { toApparent } from './apparent.ts';
import type { Direction } from './direction.ts';
import { type Air, type Horizontal, refraction, standardAir, toHorizon } from './horizon.ts';
import type { Site } from './site.ts';
import { unitVector, type Vector } from './vector.ts';

/** Where the telescope looked: the solved centre of an image, in the middle of its exposure. */
export interface Sighting {
  /** ICRS; of a place of date, its `fromApparent`. */
  readonly direction: Direction;
  readonly utc: number;
  /** One standard deviation of the centre along either axis, about the residuals' rms ÷ √(matched stars). */
  readonly errorArcsec: number;
}

/** Where the mount stands and what its axis is to point at. */
export interface PolarPlace {
  readonly site: Site;
  /** At the telescope; default the standard atmosphere at the site's height. */
  readonly air?: Air;
  /**
   * `true` (default): the pole itself, which a mount with a model of refraction wants, and every visual manual means.
   * `refracted`: where air lifts it to, about 1′ ÷ tan(latitude) higher: there a mount without a model drifts least.
   */
  readonly pole?: 'true' | 'refracted';
}

export const airAt = ({ site, air }: PolarPlace): Air => air ?? standardAir(site.elevationMetres);

/** The elevated pole; on the equator the northern one. */
export function poleOf({ site, pole }: PolarPlace, air: Air): Horizontal {
  const altitude = Math.abs(site.latitude);
  return {
    altitude: pole === 'refracted' ? altitude + refraction(altitude, air) : altitude,
    azimuth: site.latitude < 0 ? 180 : 0,
  };
}

/** Unit vector towards north, east, up from which the light arrives: what the tube points at. */
export function seenFrom({ direction, utc }: Sighting, site: Site, air: Air): Vector {
  const { altitude, azimuth } = toHorizon(toApparent(direction, utc), site, utc);
  return unitVector(azimuth, altitude + refraction(altitude, air));
}
