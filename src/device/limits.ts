import type { Cell } from '../core/cell.ts';
import { separation } from '../sky/angle.ts';
import type { Direction } from '../sky/direction.ts';
import { sunDirection } from '../sky/sun-moon.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import type { LimitBook } from './limits/book.ts';
import { beyond } from './limits/judge.ts';
import type { Observatory } from './observatory.ts';

/** What a guard decides about an operation: undefined passes, a text refuses and says what to do. */
export type Refusal = string | undefined;

/** Of a device, what a guard may want to know. */
export interface Guarded {
  readonly id: string;
  readonly capabilities: Cell<Capabilities>;
}

/**
 * @param now UTC milliseconds
 * @param device absent: one that the host does not know
 */
export type Guard = (
  capability: CapabilityName,
  operation: string,
  args: object,
  now: number,
  device?: Guarded,
) => Refusal;

/** Operations that turn sky coordinates into axis angles: they need to know when and where it is. */
const needsTimeAndSite = new Set(['mount.slewTo', 'mount.sync']);

/** No slew before time and site are trusted. Stopping, parking and the paddle never need a clock. */
export function trustGuard(observatory: Observatory): Guard {
  return (capability, operation) => {
    if (!needsTimeAndSite.has(`${capability}.${operation}`)) return undefined;
    if (!observatory.site.value) return 'the site is not known: set it, or connect a GPS';
    if (!observatory.timeSource.value)
      return 'the clock is not trusted: open this page on your phone, or plug in a GPS or a network';
    return undefined;
  };
}

/** Degrees round the Sun into which no mount is sent unless solar mode was confirmed. */
export const SUN_CONE_DEGREES = 15;

/** @param sunSeparation degrees between a target (ICRS degrees) and the Sun at a time */
export function sunGuard(
  sunSeparation: (target: { ra: number; dec: number }, utc: number) => number,
  solarMode?: Cell<boolean>,
): Guard {
  return (capability, operation, args, now) => {
    const target = slewTarget(capability, operation, args);
    if (!target || solarMode?.value) return undefined;
    const apart = sunSeparation(target, now);
    return apart < SUN_CONE_DEGREES ? `the target is ${apart.toFixed(1)}° from the Sun` : undefined;
  };
}

/**
 * The owner's limits, for what begins a motion across the sky. On which side of the pier a slew will end only the
 * mount knows: there only the target's altitude counts, and the watch does the rest. An unpark passes, for many mounts
 * rest below their limits; tracking there does not.
 */
export function limitsGuard(book: LimitBook, observatory: Observatory): Guard {
  return (capability, operation, args, utc, device) => {
    const site = observatory.site.value;
    if (capability !== 'mount' || !device || !site || !observatory.timeSource.value) return undefined;
    const limits = book.of(device.id);
    const target = slewTarget(capability, operation, args);
    if (target) {
      const reason = beyond({ at: target, pierSide: 'unknown', utc, site }, limits);
      return reason && `the target is out of the limits: ${reason}`;
    }
    const mount = device.capabilities.value.mount;
    if (operation !== 'track' || !('on' in args && args.on) || !mount) return undefined;
    const pierSide = mount.pierSide.value;
    const reason = beyond({ at: mount.position.value, pierSide, utc, site }, limits);
    return reason && `the mount would track out of its limits: ${reason}; slew or paddle it back`;
  };
}

function slewTarget(capability: CapabilityName, operation: string, args: object): Direction | undefined {
  if (capability !== 'mount' || operation !== 'slewTo' || !('ra' in args) || !('dec' in args))
    return undefined;
  return { ra: Number(args.ra), dec: Number(args.dec) };
}

/** Degrees between a direction and the Sun at a time, UTC milliseconds. */
export const sunSeparation = (at: Direction, utc: number): number => separation(at, sunDirection(utc));

/** What every command to a mount meets, ours and foreign ones: trust, the Sun, the owner's limits. */
export const wholeGuard = (book: LimitBook, observatory: Observatory): Guard =>
  allOf(trustGuard(observatory), sunGuard(sunSeparation, book.solarMode), limitsGuard(book, observatory));

/** The first refusal of several guards. */
export const allOf =
  (...guards: Guard[]): Guard =>
  (...question) => {
    for (const guard of guards) {
      const refusal = guard(...question);
      if (refusal) return refusal;
    }
    return undefined;
  };
