import { signedDegrees } from '../../core/units.ts';
import { toApparent } from '../../sky/apparent.ts';
import { type Apparent, apparentPlace, type Direction } from '../../sky/direction.ts';
import { toHorizon } from '../../sky/horizon.ts';
import { hourAngle } from '../../sky/sidereal.ts';
import type { Site } from '../../sky/site.ts';
import type { PierSide } from '../mount.ts';
import { lowestAt, type MountLimits } from './mount-limits.ts';

const DEGREES_PER_MINUTE = 0.25;
/** The Earth's turning against the stars, degrees in a minute of UTC. */
const SIDEREAL_DEGREES_PER_MINUTE = 0.2506844773;
/** How far ahead a limit is foreseen. */
const FORESEEN_MINUTES = 60;

/** Where a mount points, and in which of its two ways. */
export interface Pointing {
  readonly at: Direction;
  readonly pierSide: PierSide;
  /** Milliseconds since 1970. */
  readonly utc: number;
  readonly site: Site;
}

export type Verdict =
  | {
      readonly ok: true;
      /** Whole minutes for which it may track on; absent: an hour and more. */
      readonly minutesLeft?: number;
      /** The limit that it then meets. */
      readonly ahead?: string;
    }
  | { readonly ok: false; readonly reason: string };

/** What a mount that tracks there may do, now and within the hour. */
export function judge(pointing: Pointing, limits: MountLimits): Verdict {
  const { pierSide, utc, site } = pointing;
  const place = toApparent(pointing.at, utc);
  const reason = crossed(place, pierSide, utc, site, limits);
  if (reason !== undefined) return { ok: false, reason };
  for (let minutes = 1; minutes <= FORESEEN_MINUTES; minutes++) {
    // As if the sky turned and the clock stood still: the same geometry, without the nutation of every minute.
    const later = apparentPlace(place.ra - minutes * SIDEREAL_DEGREES_PER_MINUTE, place.dec);
    const ahead = crossed(later, pierSide, utc, site, limits);
    if (ahead !== undefined) return { ok: true, minutesLeft: minutes - 1, ahead };
  }
  return { ok: true };
}

/** The limit beyond which a mount points at a moment, if any, in plain words. */
export function beyond(pointing: Pointing, limits: MountLimits): string | undefined {
  const { at, pierSide, utc, site } = pointing;
  return crossed(toApparent(at, utc), pierSide, utc, site, limits);
}

function crossed(
  place: Apparent,
  side: PierSide,
  utc: number,
  site: Site,
  limits: MountLimits,
): string | undefined {
  const { altitude, azimuth } = toHorizon(place, site, utc);
  const lowest = lowestAt(azimuth, limits);
  if (altitude < lowest) return `${altitude.toFixed(1)}° high there, the limit is ${lowest.toFixed(1)}°`;
  const { highestAltitude, meridian, minutesPastMeridian } = limits;
  if (altitude > highestAltitude)
    return `${altitude.toFixed(1)}° high there, at most ${highestAltitude}° may be`;
  if (meridian === 'none' || side === 'unknown') return undefined;
  const minutes = counterweightRise(hourAngle(place, site, utc), side) / DEGREES_PER_MINUTE;
  const most = minutesPastMeridian[side];
  if (minutes <= most) return undefined;
  return `${Math.floor(minutes)} min past the meridian on the ${side} side of the pier, the limit is ${most} min`;
}

/**
 * Degrees of right-ascension axis by which a German mount's counterweight stands above level; negative: hangs below.
 * With the telescope west of the pier it rises from the upper meridian on until six hours, and then falls again to the
 * lower one; east of the pier the other way round. The same on both hemispheres: the meridian divides east and west.
 * @param hourAngleDegrees −180…180
 */
export function counterweightRise(hourAngleDegrees: number, side: 'west' | 'east'): number {
  const angle = signedDegrees(hourAngleDegrees);
  const folded = Math.abs(angle) > 90 ? Math.sign(angle) * 180 - angle : angle;
  return side === 'west' ? folded : -folded;
}
