import { degrees, radians, signedDegrees } from '../core/units.ts';
import type { Air, Horizontal } from './horizon.ts';
import { type Cone, fitCone } from './polar-cone.ts';
import { airAt, type PolarPlace, poleOf, type Sighting, seenFrom } from './polar-sighting.ts';
import { cross, dot, spherical, unitVector } from './vector.ts';

export type { PolarPlace, Sighting } from './polar-sighting.ts';

/** How the right ascension axis of a mount lies. Errors are axis − pole. */
export interface PolarAlignment {
  readonly found: true;
  /** Where the axis points: mechanically, so without any refraction. */
  readonly axis: Horizontal;
  /** Where it should. */
  readonly pole: Horizontal;
  /** Positive: the axis points too high. */
  readonly altitudeArcmin: number;
  /** Angle by which the whole base is turned about the plumb line; positive: clockwise as seen from above. */
  readonly azimuthArcmin: number;
  /** Angle between axis and pole. */
  readonly totalArcmin: number;
  /** One standard deviation each, of the solved centres and of the air. */
  readonly altitudeUncertaintyArcmin: number;
  readonly azimuthUncertaintyArcmin: number;
  /** What the sightings leave unexplained; 0 for three, which fix a cone exactly. */
  readonly residualArcsec: number;
}

/** Why no axis follows from the sightings, and what to do. */
export interface NoAlignment {
  readonly found: false;
  readonly reason: 'few' | 'low' | 'close' | 'far' | 'blind';
  readonly message: string;
}

/** Below this air is too uneven to know where a star stands to an arc-second. */
const LOWEST_DEGREES = 10;
/** Between two sightings, about the axis; 20° and more are worth it, for the error grows as 1 ÷ (1 − cos turn). */
const SMALLEST_TURN_DEGREES = 5;
/** Farther from the pole no axis is that is meant for it: something other than right ascension has moved. */
const FARTHEST_DEGREES = 25;
/** How well refraction at the site is known, relative: by the weather there, and by the standard atmosphere. */
const AIR_ERROR = 0.03;
const STANDARD_AIR_ERROR = 0.1;
const MINUTES = 60;

/**
 * The direction of the right ascension axis from three or more sightings between which the telescope turned about it
 * alone, by slewing or tracking. They lie on a circle of the sky over the site, as seen through the air, whose centre is
 * the axis: cone error, the side of the pier and where in the sky they lie do not matter, nor whether the pole is in view.
 */
export function measureAxis(sightings: readonly Sighting[], place: PolarPlace): PolarAlignment | NoAlignment {
  if (sightings.length < 3) {
    return refused('few', `three solved images are needed to find the axis, there are ${sightings.length}`);
  }
  const air = airAt(place);
  const pole = poleOf(place, air);
  const errors = sightings.map(({ errorArcsec }) => radians(errorArcsec / 3600));
  const coneIn = (through: Air) =>
    fitCone(
      sightings.map((sighting) => seenFrom(sighting, place.site, through)),
      errors,
      unitVector(pole.azimuth, pole.altitude),
    );
  const heights = sightings.map((sighting) => spherical(seenFrom(sighting, place.site, air)).latitude);
  const lowest = Math.min(...heights);
  if (lowest < LOWEST_DEGREES) {
    return refused(
      'low',
      `an image was taken at an altitude of ${lowest.toFixed(0)}°: choose places above ${LOWEST_DEGREES}°`,
    );
  }
  const cone = coneIn(air);
  if (!cone || cone.turn < radians(SMALLEST_TURN_DEGREES)) {
    return refused(
      'close',
      'the images lie too close together: turn right ascension by 20° or more each time',
    );
  }
  if (dot(cone.axis, unitVector(pole.azimuth, pole.altitude)) < Math.cos(radians(FARTHEST_DEGREES))) {
    return refused(
      'far',
      'the images do not lie around the pole: declination must stay where it is; check site and time as well',
    );
  }
  return judged(cone, coneIn(thicker(air, place.air ? AIR_ERROR : STANDARD_AIR_ERROR)) ?? cone, pole);
}

/** What to do at the screws, in words: `move the axis 3.2′ east and 1.1′ up`. */
export function correctionInWords(alignment: PolarAlignment): string {
  const { altitudeArcmin, azimuthArcmin, pole } = alignment;
  const north = Math.cos(radians(pole.azimuth)) > 0;
  // Turned too far clockwise, an axis that points north points east of it, one that points south west of it.
  const sideways = azimuthArcmin > 0 === north ? 'west' : 'east';
  const parts = [
    { size: Math.abs(azimuthArcmin), way: sideways },
    { size: Math.abs(altitudeArcmin), way: altitudeArcmin > 0 ? 'down' : 'up' },
  ].filter(({ size }) => size >= 0.05);
  if (parts.length === 0) return 'the axis is aligned';
  return `move the axis ${parts.map(({ size, way }) => `${size.toFixed(1)}′ ${way}`).join(' and ')}`;
}

const refused = (reason: NoAlignment['reason'], message: string): NoAlignment => ({
  found: false,
  reason,
  message,
});

const thicker = (air: Air, share: number): Air => ({
  ...air,
  pressureHectopascals: air.pressureHectopascals * (1 + share),
});

function judged(cone: Cone, inThickerAir: Cone, pole: Horizontal): PolarAlignment {
  const { longitude: azimuth, latitude: altitude } = spherical(cone.axis);
  const shifted = spherical(inThickerAir.axis);
  const air = {
    altitude: shifted.latitude - altitude,
    azimuth: signedDegrees(shifted.longitude - azimuth),
  };
  return {
    ...axisAgainst(pole, altitude, azimuth),
    altitudeUncertaintyArcmin: MINUTES * Math.hypot(degrees(cone.upError), air.altitude),
    azimuthUncertaintyArcmin:
      MINUTES *
      Math.hypot(degrees(cone.sidewaysError) / Math.max(1e-9, Math.cos(radians(altitude))), air.azimuth),
    residualArcsec: 3600 * degrees(cone.residual),
  };
}

/** How an axis lies to the pole; without uncertainties. */
export function axisAgainst(pole: Horizontal, altitude: number, azimuth: number) {
  const axis = spherical(unitVector(azimuth, altitude));
  const a = unitVector(azimuth, altitude);
  const b = unitVector(pole.azimuth, pole.altitude);
  return {
    found: true,
    axis: { altitude: axis.latitude, azimuth: axis.longitude },
    pole,
    altitudeArcmin: MINUTES * (axis.latitude - pole.altitude),
    azimuthArcmin: MINUTES * signedDegrees(axis.longitude - pole.azimuth),
    totalArcmin: MINUTES * degrees(Math.atan2(Math.hypot(...cross(a, b)), dot(a, b))),
  } as const;
}
