import type { CapabilityName } from './capabilities.ts';
import type { Observatory } from './observatory.ts';

/** What a guard decides about an operation: undefined passes, a text refuses and says what to do. */
export type Refusal = string | undefined;

/** @param now UTC milliseconds */
export type Guard = (capability: CapabilityName, operation: string, args: object, now: number) => Refusal;

/** Operations that turn sky coordinates into axis angles: they need to know when and where it is. */
const needsTimeAndSite = new Set(['mount.slewTo', 'mount.sync']);

/** No slew before time and site are trusted. Stopping, parking and the paddle never need a clock. */
export function trustGuard(observatory: Observatory): Guard {
  return (capability, operation) => {
    if (!needsTimeAndSite.has(`${capability}.${operation}`)) return undefined;
    if (!observatory.site.value) return 'the site is not known: set it, or connect a GPS';
    if (!observatory.timeSource.value)
      return 'the clock is not trusted: open the page on your phone, or connect a GPS';
    return undefined;
  };
}

/** Degrees round the Sun into which no mount is sent unless solar mode was confirmed. */
export const SUN_CONE_DEGREES = 15;

/** @param sunSeparation degrees between a target (ICRS degrees) and the Sun at a time */
export function sunGuard(sunSeparation: (target: { ra: number; dec: number }, utc: number) => number): Guard {
  return (capability, operation, args, now) => {
    if (capability !== 'mount' || operation !== 'slewTo' || !('ra' in args) || !('dec' in args))
      return undefined;
    const target = { ra: Number(args.ra), dec: Number(args.dec) };
    const apart = sunSeparation(target, now);
    return apart < SUN_CONE_DEGREES ? `the target is ${apart.toFixed(1)}° from the Sun` : undefined;
  };
}

/** The first refusal of several guards. */
export const allOf =
  (...guards: Guard[]): Guard =>
  (capability, operation, args, now) => {
    for (const guard of guards) {
      const refusal = guard(capability, operation, args, now);
      if (refusal) return refusal;
    }
    return undefined;
  };
