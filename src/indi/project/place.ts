import { isoUtc } from '../../core/clock.ts';
import { modulo } from '../../core/units.ts';
import type { Site } from '../../sky/site.ts';
import { number } from '../panel.ts';

/** GEOGRAPHIC_COORD's elements (INDI protocol 1.7, general properties): longitude 0…360, east-positive. */
export const placeElements = {
  LAT: number('Lat (dd:mm:ss)', '%012.8m', -90, 90),
  LONG: number('Lon (dd:mm:ss)', '%012.8m', 0, 360),
  ELEV: number('Elevation (m)', '%g', -200, 10_000),
};

export const placeValues = (site: Site | undefined): { LAT: number; LONG: number; ELEV: number } => ({
  LAT: site?.latitude ?? 0,
  LONG: modulo(site?.longitude ?? 0, 360),
  ELEV: site?.elevationMetres ?? 0,
});

/** TIME_UTC's elements: ISO 8601 without a zone, and the zone's hours east. */
export const timeElements = { UTC: 'UTC Time', OFFSET: 'UTC Offset' };

export const utcText = (utc: number): string => isoUtc(utc).slice(0, 19);
export const offsetText = (zoneMinutes: number): string => (zoneMinutes / 60).toFixed(2);
