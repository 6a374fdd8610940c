import { radians, unsignedDegrees } from '../core/units.ts';
import { type Apparent, apparentPlace } from './direction.ts';
import { hourAngle, localSidereal } from './sidereal.ts';
import type { Site } from './site.ts';
import { type Matrix, rotated, spherical, transposed, unitVector } from './vector.ts';

/** Degrees; azimuth 0…360 from north through east. */
export interface Horizontal {
  readonly altitude: number;
  readonly azimuth: number;
}

/** The geometric (airless) place above the horizon; for the observed one add `refraction`. */
export function toHorizon(apparent: Apparent, site: Site, utc: number): Horizontal {
  const equatorial = unitVector(-hourAngle(apparent, site, utc), apparent.dec);
  const { longitude, latitude } = spherical(rotated(horizonAxes(site), equatorial));
  return { altitude: latitude, azimuth: unsignedDegrees(180 - longitude) };
}

/** The inverse of `toHorizon`: takes an airless altitude. */
export function fromHorizon({ altitude, azimuth }: Horizontal, site: Site, utc: number): Apparent {
  const level = unitVector(180 - azimuth, altitude);
  const { longitude, latitude } = spherical(rotated(transposed(horizonAxes(site)), level));
  return apparentPlace(localSidereal(utc, site.longitude) + longitude, latitude);
}

/** From axes (meridian on the equator, east, pole) to axes (south, east, zenith). */
function horizonAxes({ latitude }: Site): Matrix {
  const sin = Math.sin(radians(latitude));
  const cos = Math.cos(radians(latitude));
  return [
    [sin, 0, -cos],
    [0, 1, 0],
    [cos, 0, sin],
  ];
}

/** Air at the telescope. */
export interface Air {
  readonly pressureHectopascals: number;
  readonly temperatureCelsius: number;
}

/** The International Standard Atmosphere at a height above the sea (ISO 2533), for a site without a weather station. */
export const standardAir = (elevationMetres: number): Air => ({
  pressureHectopascals: 1013.25 * (1 - 2.25577e-5 * elevationMetres) ** 5.25588,
  temperatureCelsius: 15 - 0.0065 * elevationMetres,
});

/**
 * Degrees by which air lifts what stands at an airless altitude (Sæmundsson 1986; Meeus 16.4): good to 6″ above
 * 15°, 0.1′ to the horizon. Below −1°, where it means nothing, it fades to 0 at the nadir.
 */
export function refraction(altitude: number, air: Air): number {
  if (altitude < -1) return (refraction(-1, air) * (altitude + 90)) / 89;
  const arcminutes = 1.02 / Math.tan(radians(altitude + 10.3 / (altitude + 5.11)));
  const density = (air.pressureHectopascals / 1010) * (283 / (273 + air.temperatureCelsius));
  return (Math.max(0, arcminutes) * density) / 60;
}

/** The airless altitude of one observed through air: undoes `refraction` to 0.001″. */
export function withoutRefraction(observedAltitude: number, air: Air): number {
  let altitude = observedAltitude;
  for (let pass = 0; pass < 12; pass++) altitude = observedAltitude - refraction(altitude, air);
  return altitude;
}

/** Air mass at an observed altitude in degrees (Pickering 2002): 1 at the zenith, 38 at the horizon, ∞ below. */
export function airmass(observedAltitude: number): number {
  if (observedAltitude < 0) return Number.POSITIVE_INFINITY;
  return 1 / Math.sin(radians(observedAltitude + 244 / (165 + 47 * observedAltitude ** 1.1)));
}
