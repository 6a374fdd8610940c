import type { Clock } from '../../src/core/clock.ts';
import { degrees, modulo, radians, SIDEREAL_ARCSEC_PER_SECOND, signedDegrees } from '../../src/core/units.ts';
import { type Axis, createAxis } from './axis.ts';
import { gearWave } from './gear.ts';
import {
  type Air,
  apparentOf,
  horizontalOf,
  hourAngleOf,
  icrsVector,
  type Place,
  refractionDegrees,
  type Site,
  siderealDegrees,
  unrefracted,
} from './geometry.ts';
import { cross, dot, fromPlace, plus, scaled, toPlace, unit, type Vector } from './vector.ts';

/**
 * Where the telescope is. `west` = west of the pier, normally looking east: the state for targets that have not
 * culminated. It is mechanical and stays when tracking passes the meridian.
 */
export type PierSide = 'east' | 'west';

/**
 * Degrees that the encoders of a German mount count from home: counterweight down, telescope at the elevated pole.
 * - `ra`: positive the way the sky turns (the hour angle grows), in both hemispheres; unbounded. At 90 the
 *   counterweight lies east and the telescope west, level.
 * - `dec`: its size is the distance from the elevated pole; positive with the telescope west of the pier.
 */
export interface Axes {
  ra: number;
  dec: number;
}

export interface MountFlaws {
  /** Peak to peak. */
  periodicArcsec: number;
  /** One turn of the worm at sidereal rate. */
  periodSeconds: number;
  /** Of the declination gears, full width. */
  backlashArcsec: number;
  /** Positive: the polar axis points too high. */
  polarAltitudeArcmin: number;
  /** Positive: the whole mount is turned clockwise as seen from above. */
  polarAzimuthArcmin: number;
  /** Lean of the optical axis toward the saddle, away from the counterweight. */
  coneArcsec: number;
}

/** Where the optical axis truly points: ICRS degrees, and as seen (refracted) over the horizon. */
export interface Pointing extends Place {
  /** Position angle of the tube's up, north through east, 0–360; 0 on pier side west, 180 east of a perfect mount. */
  rotation: number;
  altitude: number;
  azimuth: number;
  pierSide: PierSide;
}

/** ICRS unit vectors: the optical axis and, square to it, the tube's up. */
export interface Attitude {
  axis: Vector;
  up: Vector;
}

export interface MountBody {
  readonly site: Site;
  readonly ra: Axis;
  readonly dec: Axis;
  /** May be changed at any time: that is how disturbances come. */
  readonly flaws: MountFlaws;
  readonly pierSide: PierSide;
  pointing(utc?: number): Pointing;
  attitude(utc?: number): Attitude;
  /** What a mount that believes its encoders shows: apparent place of date, no refraction. */
  counted(utc?: number): {
    hourAngle: number;
    declination: number;
    rightAscension: number;
    pierSide: PierSide;
  };
  /** Puts the axes where a flawless mount sees this ICRS place now, and at rest; by default the side that looks at it normally. */
  aim(place: Place, pierSide?: PierSide): void;
}

export const SIDEREAL_DEGREES_PER_SECOND = SIDEREAL_ARCSEC_PER_SECOND / 3600;

const flawless: MountFlaws = {
  periodicArcsec: 20,
  periodSeconds: 480,
  backlashArcsec: 3,
  polarAltitudeArcmin: 0,
  polarAzimuthArcmin: 0,
  coneArcsec: 0,
};

const hemisphere = (latitude: number): 1 | -1 => (latitude < 0 ? -1 : 1);
const sideOf = (dec: number): PierSide => (signedDegrees(dec) < 0 ? 'east' : 'west');

/** Hour angle and declination (degrees) → encoders of a flawless mount; `ra` in −180…180. */
export function axesOf(
  place: { hourAngle: number; declination: number },
  pierSide: PierSide,
  latitude: number,
): Axes {
  const distance = 90 - hemisphere(latitude) * place.declination;
  return pierSide === 'west'
    ? { ra: signedDegrees(place.hourAngle + 90), dec: distance }
    : { ra: signedDegrees(place.hourAngle - 90), dec: -distance };
}

/** The inverse of `axesOf`; hour angle in −180…180. */
export function placeOf(
  axes: Axes,
  latitude: number,
): { hourAngle: number; declination: number; pierSide: PierSide } {
  const pierSide = sideOf(axes.dec);
  const distance = Math.abs(signedDegrees(axes.dec));
  const hourAngle = signedDegrees(axes.ra + (pierSide === 'west' ? -90 : 90));
  return { hourAngle, declination: hemisphere(latitude) * (90 - distance), pierSide };
}

export function createMountBody(options: {
  clock: Clock;
  site: Site;
  flaws?: Partial<MountFlaws>;
  seed?: number;
  air?: (utc: number) => Air;
}): MountBody {
  const { clock, site } = options;
  const flaws: MountFlaws = { ...flawless, ...options.flaws };
  const air = options.air ?? (() => ({ pressureHpa: 1010, temperatureCelsius: 10 }));
  const wave = gearWave(options.seed ?? 1);
  const north = hemisphere(site.latitude);
  const ra = createAxis(clock);
  const dec = createAxis(clock, 0, () => flaws.backlashArcsec / 3600);

  /** Hour-angle axes of the mount: x toward the upper meridian, y west, z the celestial north pole it was set to. */
  function tube(utc: number): { axis: Vector; up: Vector } {
    const encoder = ra.at(utc);
    const worm = encoder / (flaws.periodSeconds * SIDEREAL_DEGREES_PER_SECOND);
    const a = radians(encoder + (flaws.periodicArcsec / 3600) * wave(worm));
    const d = radians(dec.shaft(utc));
    const cone = radians(flaws.coneArcsec / 3600);
    const pole: Vector = [0, 0, north];
    const saddle: Vector = [Math.cos(a), Math.sin(a), 0];
    const away: Vector = [Math.sin(a), -Math.cos(a), 0];
    const square = plus(scaled(pole, Math.cos(d)), scaled(away, Math.sin(d)));
    const poleward = plus(scaled(pole, Math.sin(d)), scaled(away, -Math.cos(d)));
    return {
      axis: plus(scaled(square, Math.cos(cone)), scaled(saddle, Math.sin(cone))),
      up: scaled(poleward, north),
    };
  }

  /** From the mount's hour-angle axes to the horizon: azimuth and altitude as a Place. */
  function overHorizon(direction: Vector): Place {
    const { ra: hourAngle, dec: declination } = toPlace(direction);
    const latitude = site.latitude + (north * flaws.polarAltitudeArcmin) / 60;
    const { altitude, azimuth } = horizontalOf({ hourAngle, declination }, latitude);
    return { ra: azimuth + flaws.polarAzimuthArcmin / 60, dec: altitude };
  }

  function celestial(horizontal: Place, utc: number): Vector {
    const { hourAngle, declination } = hourAngleOf(
      { azimuth: horizontal.ra, altitude: horizontal.dec },
      site.latitude,
    );
    return icrsVector(
      fromPlace({ ra: siderealDegrees(utc, site.longitude) - hourAngle, dec: declination }),
      utc,
    );
  }

  function look(utc: number) {
    const { axis, up } = tube(utc);
    const seen = overHorizon(axis);
    const truth = celestial({ ra: seen.ra, dec: unrefracted(seen.dec, air(utc)) }, utc);
    // A point a little up in the field shows which way up is; refraction turns the field by less than it matters.
    const step = 1e-3;
    const above = overHorizon(unit(plus(axis, scaled(up, step))));
    const lifted = celestial({ ra: above.ra, dec: unrefracted(above.dec, air(utc)) }, utc);
    const upward = plus(lifted, scaled(truth, -dot(lifted, truth)));
    return { seen, axis: truth, up: unit(upward) };
  }

  const body: MountBody = {
    site,
    ra,
    dec,
    flaws,
    get pierSide() {
      return sideOf(dec.angle);
    },
    attitude(utc = clock.now()) {
      const { axis, up } = look(utc);
      return { axis, up };
    },
    pointing(utc = clock.now()) {
      const { seen, axis, up } = look(utc);
      const place = toPlace(axis);
      const east = unit(cross([0, 0, 1], axis));
      const rotation = modulo(degrees(Math.atan2(dot(up, east), dot(up, cross(axis, east)))), 360);
      return {
        ...place,
        rotation,
        altitude: seen.dec,
        azimuth: modulo(seen.ra, 360),
        pierSide: sideOf(dec.at(utc)),
      };
    },
    counted(utc = clock.now()) {
      const place = placeOf({ ra: ra.at(utc), dec: dec.at(utc) }, site.latitude);
      const rightAscension = modulo(siderealDegrees(utc, site.longitude) - place.hourAngle, 360);
      return { ...place, rightAscension };
    },
    aim(place, pierSide) {
      const utc = clock.now();
      const apparent = apparentOf(place, utc);
      const hourAngle = siderealDegrees(utc, site.longitude) - apparent.ra;
      const truth = horizontalOf({ hourAngle, declination: apparent.dec }, site.latitude);
      const altitude = truth.altitude + refractionDegrees(truth.altitude, air(utc));
      const seen = hourAngleOf({ altitude, azimuth: truth.azimuth }, site.latitude);
      const axes = axesOf(seen, pierSide ?? (seen.hourAngle < 0 ? 'west' : 'east'), site.latitude);
      ra.place(axes.ra);
      dec.place(axes.dec);
    },
  };
  return body;
}
