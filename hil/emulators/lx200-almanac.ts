import { type Clock, calendarUtc, utcOf } from '../../src/core/clock.ts';
import { modulo, signedDegrees } from '../../src/core/units.ts';
import { type Site, siderealDegrees } from '../sky/geometry.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What a hand box believes about when and where it is; it may be wrong, and its mount then points wrong. */
export interface Almanac {
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
  /** Local time + this many hours = UTC. */
  hoursToUtc: number;
  readonly local: ReturnType<typeof calendarUtc>;
  /** Degrees. */
  readonly siderealTime: number;
  /** @param hours of the day; the date stays */
  setLocalTime(hours: number): void;
  /** The time of day stays. */
  setDate(year: number, month: number, day: number): void;
  /** West positive. */
  longitudeWest: number;
}

/** @param forgetful no battery: it wakes in 2000, at latitude and longitude 0 */
export function createAlmanac(clock: Clock, site: Site, forgetful: boolean): Almanac {
  let localAhead = forgetful ? utcOf(2000, 1, 1) - clock.now() : 0;
  const local = () => clock.now() + localAhead;
  const almanac: Almanac = {
    latitude: forgetful ? 0 : site.latitude,
    longitude: forgetful ? 0 : site.longitude,
    hoursToUtc: 0,
    get local() {
      return calendarUtc(local());
    },
    get siderealTime() {
      return siderealDegrees(local() + almanac.hoursToUtc * HOUR_MS, almanac.longitude);
    },
    setLocalTime(hours) {
      const midnight = local() - modulo(local(), DAY_MS);
      localAhead = midnight + hours * HOUR_MS - clock.now();
    },
    setDate(year, month, day) {
      localAhead = utcOf(year, month, day) + modulo(local(), DAY_MS) - clock.now();
    },
    get longitudeWest() {
      return signedDegrees(-almanac.longitude);
    },
    set longitudeWest(west) {
      almanac.longitude = signedDegrees(-west);
    },
  };
  return almanac;
}
