import { BadInput } from '../../core/errors.ts';
import { modulo } from '../../core/units.ts';

/** Degrees; the azimuth from north through east. */
export interface HorizonPoint {
  readonly azimuth: number;
  readonly altitude: number;
}

/** How far a mount may go: plain data, kept with the owner's settings. Altitudes are airless degrees. */
export interface MountLimits {
  readonly lowestAltitude: number;
  /** Trees and walls, as a line from point to point round the horizon; it only adds to `lowestAltitude`. */
  readonly horizon: readonly HorizonPoint[];
  /** Keeps the camera out of the tripod's legs; 90: none. */
  readonly highestAltitude: number;
  /** `pier`: a German mount, whose telescope meets pier or tripod some way past the meridian; `none`: a fork. */
  readonly meridian: 'pier' | 'none';
  /** Minutes of hour angle by which the counterweight may rise above level, by the side on which the telescope is. */
  readonly minutesPastMeridian: { readonly west: number; readonly east: number };
  /** What follows once the tracking was stopped. A mount that cannot be stopped is parked in any case. */
  readonly atLimit: 'stop' | 'park';
}

export const safeLimits: MountLimits = {
  lowestAltitude: 10,
  horizon: [],
  highestAltitude: 90,
  meridian: 'pier',
  minutesPastMeridian: { west: 30, east: 30 },
  atLimit: 'stop',
};

/** Beyond three hours no German mount is clear of its pier, and the sides lose their meaning. */
const MOST_MINUTES = 180;
const MOST_POINTS = 720;

/** @throws BadInput */
export function changedLimits(present: MountLimits, changes: Partial<MountLimits>): MountLimits {
  const limits = { ...present, ...changes };
  const { lowestAltitude, highestAltitude, horizon, minutesPastMeridian } = limits;
  within('lowestAltitude', lowestAltitude, -90, 90);
  within('highestAltitude', highestAltitude, -90, 90);
  if (lowestAltitude >= highestAltitude) {
    throw new BadInput(
      `lowestAltitude ${lowestAltitude}° must be less than highestAltitude ${highestAltitude}°`,
    );
  }
  if (horizon.length > MOST_POINTS) throw new BadInput(`horizon: at most ${MOST_POINTS} points`);
  for (const { azimuth, altitude } of horizon) {
    within('horizon azimuth', azimuth, 0, 360);
    within('horizon altitude', altitude, -90, 90);
  }
  within('minutesPastMeridian.west', minutesPastMeridian.west, 0, MOST_MINUTES);
  within('minutesPastMeridian.east', minutesPastMeridian.east, 0, MOST_MINUTES);
  return { ...limits, horizon: horizon.toSorted((a, b) => a.azimuth - b.azimuth) };
}

function within(what: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) throw new BadInput(`${what} ${value} is outside ${min}…${max}`);
}

/** The lowest altitude allowed at an azimuth. The points of the horizon are in the order of their azimuths. */
export function lowestAt(azimuth: number, { lowestAltitude, horizon }: MountLimits): number {
  const last = horizon.at(-1);
  if (!last) return lowestAltitude;
  const next = horizon.find((point) => point.azimuth >= azimuth) ?? (horizon[0] as HorizonPoint);
  const before = horizon[horizon.indexOf(next) - 1] ?? last;
  const gap = modulo(next.azimuth - before.azimuth, 360);
  const share = gap === 0 ? 1 : modulo(azimuth - before.azimuth, 360) / gap;
  return Math.max(lowestAltitude, before.altitude + share * (next.altitude - before.altitude));
}
