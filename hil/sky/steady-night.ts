/** A world without surprises, for tests of what cameras see in it. */
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import type { Catalogue, Star } from './catalogue.ts';
import type { Place } from './geometry.ts';
import type { RenderRequest } from './layout.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from './mount-body.ts';
import { fromPlace, separation } from './vector.ts';
import { createWorld, type WorldOptions } from './world.ts';

/** No Moon above Heidelberg then, the Pleiades high. */
export const START = parseUtc('2026-12-08T22:00:00Z');
export const pleiades = { ra: 56.87, dec: 24.1 };

export function sky(stars: Star[]): Catalogue {
  return {
    count: stars.length,
    completeTo: 99,
    near: (centre, radius) => stars.filter((star) => separation(fromPlace(star), fromPlace(centre)) < radius),
  };
}

/** A world that tracks the place flawlessly under a steady clear sky, after so many seconds. */
export async function night(place: Place, options: Partial<WorldOptions> = {}, seconds = 100) {
  const clock = new SimClock(START);
  const world = createWorld({ clock, flaws: { periodicArcsec: 0, backlashArcsec: 0 }, ...options });
  world.weather.clouds = 0;
  world.weather.override.seeingArcsec = 2.5;
  world.weather.override.temperatureCelsius = 10;
  world.main.temperatureCelsius = -10;
  world.focus.axis.place(world.focus.best());
  world.mount.aim(place);
  world.mount.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
  await clock.drive(clock.sleep(seconds * 1000));
  return { clock, world };
}

export const one = (magnitude: number, offset = 0): Star => ({
  ra: pleiades.ra + offset,
  dec: pleiades.dec,
  magnitude,
});
export const exposure: RenderRequest = { startUtc: START + 1000, seconds: 60 };
