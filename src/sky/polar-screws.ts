import { clamp, degrees, radians, SIDEREAL_ARCSEC_PER_SECOND } from '../core/units.ts';
import { axisAgainst, type NoAlignment, type PolarAlignment } from './polar-alignment.ts';
import { airAt, type PolarPlace, type Sighting, seenFrom } from './polar-sighting.ts';
import { added, cross, dot, scaled, turnedAboutZ, unitVector, type Vector } from './vector.ts';

/** An error of the sightings may be enlarged so much; with more, small turns could be read as large ones. */
const LARGEST_GAIN = 8;

/**
 * The axis after its base was turned by its altitude and azimuth screws, from one more sighting.
 * @param start what was measured, and `from` the sighting since which nothing but the screws moved: the last of it
 * @param tracking the mount followed the sky since then (its periodic error, seconds of arc, goes into the result);
 * else it stood still
 * @returns `blind` where one direction cannot tell the two screws apart: near the vertical circle through east, zenith
 * and west, in which both move a star the same way
 */
export function followAxis(
  start: PolarAlignment,
  from: Sighting,
  now: Sighting,
  place: PolarPlace,
  tracking: boolean,
): PolarAlignment | NoAlignment {
  const air = airAt(place);
  const axis = unitVector(start.axis.azimuth, start.axis.altitude);
  const sky = ((now.utc - from.utc) / 1000) * radians(SIDEREAL_ARCSEC_PER_SECOND / 3600);
  // In axes north, east, up, which are left-handed, the sky turns in the positive sense about the north pole.
  const turn = tracking ? sky * (place.site.latitude < 0 ? -1 : 1) : 0;
  const before = turnedAbout(axis, seenFrom(from, place.site, air), turn);
  const screws = baseTurn(before, seenFrom(now, place.site, air), radians(start.axis.azimuth));
  const azimuthOnSky = screws.azimuthGain * Math.cos(radians(start.axis.altitude));
  if (Math.max(screws.altitudeGain, azimuthOnSky) > LARGEST_GAIN) {
    return {
      found: false,
      reason: 'blind',
      message:
        'here both screws move the stars the same way: point nearer to the meridian, not at the zenith',
    };
  }
  const error = Math.hypot(from.errorArcsec, now.errorArcsec) / 60;
  const altitude = start.axis.altitude + degrees(screws.altitude);
  const azimuth = start.axis.azimuth + degrees(screws.azimuth);
  return {
    ...axisAgainst(start.pole, altitude, azimuth),
    altitudeUncertaintyArcmin: Math.hypot(start.altitudeUncertaintyArcmin, error * screws.altitudeGain),
    azimuthUncertaintyArcmin: Math.hypot(start.azimuthUncertaintyArcmin, error * screws.azimuthGain),
    residualArcsec: start.residualArcsec,
  };
}

/** Rodrigues' formula: `v` after a turn about a unit vector. */
function turnedAbout(axis: Vector, v: Vector, angle: number): Vector {
  const across = added(scaled(v, Math.cos(angle)), cross(axis, v), Math.sin(angle));
  return added(across, axis, dot(axis, v) * (1 - Math.cos(angle)));
}

/** How far the screws were turned, radians, and by how much they enlarge an error of the sightings, at worst. */
interface BaseTurn {
  altitude: number;
  azimuth: number;
  altitudeGain: number;
  azimuthGain: number;
}

const ROUNDS = 8;

/**
 * The turns that bring `before` to `after`: first in altitude, in the plane of the axis, then of the base about the plumb
 * line. Two unknowns, two angles on the sky: Gauss–Newton, which needs few rounds for the degrees that screws move.
 */
function baseTurn(before: Vector, after: Vector, baseAzimuth: number): BaseTurn {
  const level = turnedAboutZ(before, baseAzimuth);
  const found: BaseTurn = { altitude: 0, azimuth: 0, altitudeGain: 0, azimuthGain: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const [cos, sin] = [Math.cos(found.altitude), Math.sin(found.altitude)];
    const raised: Vector = [cos * level[0] - sin * level[2], level[1], sin * level[0] + cos * level[2]];
    const heading = baseAzimuth + found.azimuth;
    const reached = turnedAboutZ(raised, -heading);
    const byAltitude = turnedAboutZ([-raised[2], 0, raised[0]], -heading);
    const byAzimuth: Vector = [-reached[1], reached[0], 0];
    const [aa, ab, bb] = [dot(byAltitude, byAltitude), dot(byAltitude, byAzimuth), dot(byAzimuth, byAzimuth)];
    const determinant = Math.max(aa * bb - ab * ab, 1e-9);
    const missed = added(after, reached, -1);
    const [a, b] = [dot(missed, byAltitude), dot(missed, byAzimuth)];
    found.altitude += clamp((bb * a - ab * b) / determinant, -0.2, 0.2);
    found.azimuth += clamp((aa * b - ab * a) / determinant, -0.2, 0.2);
    found.altitudeGain = Math.max(found.altitudeGain, Math.sqrt(bb / determinant));
    found.azimuthGain = Math.max(found.azimuthGain, Math.sqrt(aa / determinant));
  }
  return found;
}
