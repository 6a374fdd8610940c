import type { Clock } from '../../src/core/clock.ts';
import { modulo, signedDegrees } from '../../src/core/units.ts';
import type { Axis } from '../sky/axis.ts';
import { horizontalOf, type Place } from '../sky/geometry.ts';
import { type Axes, axesOf, type MountBody, type PierSide, placeOf } from '../sky/mount-body.ts';
import type { Almanac } from './lx200-almanac.ts';

export type Phase = 'ready' | 'slewing' | 'homing' | 'parking' | 'parked';
export type Way = 'n' | 's' | 'e' | 'w';

/** The motion part of a German mount's firmware: it knows its encoders and its almanac, nothing of the true sky. */
export interface Gem {
  readonly phase: Phase;
  readonly tracking: boolean;
  readonly atHome: boolean;
  /** From the declination encoder. */
  readonly pierSide: PierSide;
  /** Right ascension and declination of date, degrees, as it believes. */
  readonly shown: Place;
  readonly moving: boolean;
  /** Tracking frequency: 60.164 is sidereal, a quarter of it arc-seconds a second. */
  hertz: number;
  altitudeOf(place: Place): number;
  /** False when that is below its horizon. */
  slewTo(target: Place): boolean;
  syncOn(target: Place): void;
  track(on: boolean): void;
  park(): void;
  goHome(): void;
  unpark(): void;
  /** @param rate degrees a second */
  paddle(way: Way, rate: number): void;
  release(axis?: 'ra' | 'dec'): void;
  pulse(way: Way, rate: number, milliseconds: number): void;
}

/** @param slewRate degrees a second of both axes */
export function createGem(clock: Clock, body: MountBody, almanac: Almanac, slewRate: number): Gem {
  const index = { hourAngle: 0, declination: 0 };
  let phase: Phase = 'ready';
  let tracking = false;
  let arrival = 0;
  let hertz = 60.164;
  const axes: readonly Axis[] = [body.ra, body.dec];
  /** Turned by the paddle. */
  const held = new Set<Axis>();

  /** Degrees a second. */
  const following = () => (tracking ? hertz / 4 / 3600 : 0);
  const counted = () => placeOf({ ra: body.ra.angle, dec: body.dec.angle }, almanac.latitude);
  const hourAngleOf = (ra: number) => signedDegrees(almanac.siderealTime - ra);
  /** Encoder degrees for a motion on the sky: north is north on both sides of the pier, west follows the sky. */
  const northward = () => (body.pierSide === 'west' ? -1 : 1) * (almanac.latitude < 0 ? -1 : 1);
  const signOf = (way: Way) =>
    way === 'n' ? northward() : way === 's' ? -northward() : way === 'w' ? 1 : -1;
  const axisOf = (way: Way) => (way === 'n' || way === 's' ? body.dec : body.ra);

  /** What has ended meanwhile. */
  function settle(): Phase {
    if (phase === 'ready' || phase === 'parked' || clock.now() < arrival) return phase;
    if (phase !== 'slewing') tracking = false;
    phase = phase === 'parking' ? 'parked' : 'ready';
    return phase;
  }

  /** Both axes to their places, which go on at `rate` in right ascension. */
  function go(target: Axes, rate: number): void {
    held.clear();
    arrival = Math.max(run(body.ra, target.ra, rate), run(body.dec, target.dec, 0));
  }

  function run(axis: Axis, target: number, rate: number): number {
    const distance = target - axis.angle;
    const speed = Math.sign(distance) * slewRate;
    if (distance === 0) {
      axis.drive(rate);
      return clock.now();
    }
    const seconds = distance / (speed - rate);
    axis.drive(speed, { at: axis.angle + speed * seconds, after: rate });
    return clock.now() + seconds * 1000;
  }

  return {
    get phase() {
      return settle();
    },
    get tracking() {
      return tracking && (settle() === 'ready' || phase === 'slewing');
    },
    get atHome() {
      return Math.abs(body.ra.angle) < 1e-6 && Math.abs(body.dec.angle) < 1e-6;
    },
    get pierSide() {
      return body.pierSide;
    },
    get shown() {
      const { hourAngle, declination } = counted();
      const ra = almanac.siderealTime - hourAngle - index.hourAngle;
      const dec = declination + index.declination;
      // A sync far from the truth may count past a pole, and then down again on the other side.
      const past = Math.abs(dec) > 90;
      return { ra: modulo(past ? ra + 180 : ra, 360), dec: past ? Math.sign(dec) * 180 - dec : dec };
    },
    get moving() {
      const going = settle() !== 'ready' && phase !== 'parked';
      return going || held.size > 0 || axes.some(({ settlesAt }) => settlesAt !== undefined);
    },
    get hertz() {
      return hertz;
    },
    set hertz(value) {
      hertz = value;
      if (settle() === 'ready') body.ra.drive(following());
    },
    altitudeOf: ({ ra, dec }) =>
      horizontalOf({ hourAngle: hourAngleOf(ra), declination: dec }, almanac.latitude).altitude,
    slewTo(target) {
      if (this.altitudeOf(target) < 0) return false;
      const hourAngle = hourAngleOf(target.ra);
      const mechanical = {
        hourAngle: hourAngle - index.hourAngle,
        declination: target.dec - index.declination,
      };
      phase = 'slewing';
      tracking = true;
      go(axesOf(mechanical, hourAngle < 0 ? 'west' : 'east', almanac.latitude), following());
      return true;
    },
    syncOn(target) {
      const { hourAngle, declination } = counted();
      index.hourAngle = signedDegrees(hourAngleOf(target.ra) - hourAngle);
      index.declination = target.dec - declination;
    },
    track(on) {
      tracking = on;
      if (settle() === 'ready') body.ra.drive(following());
    },
    park() {
      phase = 'parking';
      go({ ra: 0, dec: 0 }, 0);
    },
    goHome() {
      phase = 'homing';
      go({ ra: 0, dec: 0 }, 0);
    },
    unpark() {
      phase = 'ready';
    },
    paddle(way, rate) {
      if (settle() !== 'ready') return;
      const base = axisOf(way) === body.ra ? following() : 0;
      held.add(axisOf(way));
      axisOf(way).drive(base + signOf(way) * rate);
    },
    release(axis) {
      if (settle() === 'parked') return;
      if (axis && phase !== 'ready') return;
      phase = 'ready';
      for (const own of axis ? [body[axis]] : axes) {
        held.delete(own);
        own.drive(own === body.ra ? following() : 0);
      }
    },
    pulse(way, rate, milliseconds) {
      if (settle() === 'ready' && tracking) axisOf(way).pulse(signOf(way) * rate, milliseconds);
    },
  };
}
