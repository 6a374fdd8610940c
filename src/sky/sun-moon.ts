import {
  AstroTime,
  Body,
  GeoMoon,
  GeoVector,
  Illumination,
  Observer,
  ObserverVector,
  SearchAltitude,
} from 'astronomy-engine';
import { earthVelocity, toApparent } from './apparent.ts';
import type { Direction } from './direction.ts';
import { centuries, terrestrialDays, universalDays, utcOfDays } from './epoch.ts';
import { toHorizon } from './horizon.ts';
import type { Site } from './site.ts';
import { added, spherical, type Vector } from './vector.ts';

/** How long moonlight travels, days: 1.28 s ± 0.07 s, in which the Moon moves 0.04″. */
const MOONLIGHT_DAYS = 1.28 / 86_400;

/** Altitudes of the Sun's centre, degrees, at which the twilights end. */
export const TWILIGHT = { civil: -6, nautical: -12, astronomical: -18 } as const;

/** The Sun's centre from the Earth's, within 2″; `toApparent` adds the aberration, as for a star. */
export function sunDirection(utc: number): Direction {
  return directionOf(components(GeoVector(Body.Sun, terrestrial(utc), false)));
}

/**
 * The Moon's centre, so that `toApparent` gives its apparent place within 15″: from the site, or from the centre
 * of the Earth (up to 1° away from that) when none is given.
 */
export function moonDirection(utc: number, site?: Site): Direction {
  const moon = components(GeoMoon(terrestrial(utc, MOONLIGHT_DAYS)));
  const seen = site ? added(moon, observer(utc, site), -1) : moon;
  // The Earth runs on while the light is under way: the Moon, which shares its motion, stays behind by v·d/c.
  // `toApparent` cancels this again.
  return directionOf(added(seen, earthVelocity(centuries(utc)), -Math.hypot(...seen)));
}

/** The illuminated fraction of the Moon's disk, 0…1. */
export const moonIllumination = (utc: number): number =>
  Illumination(Body.Moon, terrestrial(utc)).phase_fraction;

/** Degrees of the Sun's centre above the airless horizon. */
export const sunAltitude = (utc: number, site: Site): number =>
  toHorizon(toApparent(sunDirection(utc), utc), site, utc).altitude;

/**
 * UTC milliseconds when the Sun's centre next passes an airless altitude in degrees (see `TWILIGHT`) on its way up
 * or down, within a day of `utc`; undefined where it does not (polar summers and winters, white nights).
 */
export function sunPasses(
  altitude: number,
  way: 'rising' | 'setting',
  utc: number,
  site: Site,
): number | undefined {
  const sense = way === 'rising' ? 1 : -1;
  const found = SearchAltitude(Body.Sun, place(site), sense, universalDays(utc), 1, altitude);
  return found ? utcOfDays(found.ut) : undefined;
}

const terrestrial = (utc: number, daysBefore = 0): AstroTime =>
  AstroTime.FromTerrestrialTime(terrestrialDays(utc) - daysBefore);

const place = (site: Site): Observer => new Observer(site.latitude, site.longitude, site.elevationMetres);

const observer = (utc: number, site: Site): Vector =>
  components(ObserverVector(universalDays(utc), place(site), false));

const components = ({ x, y, z }: { x: number; y: number; z: number }): Vector => [x, y, z];

function directionOf(vector: Vector): Direction {
  const { longitude, latitude } = spherical(vector);
  return { ra: longitude, dec: latitude };
}
