import { modulo, sexagesimal } from '../../src/core/units.ts';

/** Degrees of `HH:MM:SS#`, `HH:MM:SS.S#` or, in low precision, `HH:MM.T#`; undefined: no right ascension. */
export function parseRightAscension(answer: string): number | undefined {
  const found = /^(\d\d):(\d\d)(?:\.(\d)|:(\d\d(?:\.\d+)?))#$/.exec(answer);
  if (!found) return undefined;
  const [hours, minutes, tenths, seconds] = found.slice(1).map((field) => Number(field ?? 0)) as Four;
  if (hours > 23 || minutes > 59 || seconds >= 60) return undefined;
  return 15 * (hours + (minutes + tenths / 10) / 60 + seconds / 3600);
}

/** Degrees of `sDD*MM:SS#` or, in low precision, `sDD*MM#`; the degree mark is `*`, `:` or Meade's 0xDF. */
export function parseDeclination(answer: string): number | undefined {
  const found = /^([+-]?)(\d\d)[*:\xdf](\d\d)(?:[:'](\d\d(?:\.\d+)?))?'?#$/.exec(answer);
  if (!found) return undefined;
  const [degrees, minutes, seconds] = found.slice(2).map((field) => Number(field ?? 0)) as Three;
  const size = degrees + minutes / 60 + seconds / 3600;
  if (size > 90 || minutes > 59 || seconds >= 60) return undefined;
  return found[1] === '-' ? -size : size;
}

type Three = [number, number, number];
type Four = [number, number, number, number];

/** True of the short form `HH:MM.T#`, whose declination knows only minutes of arc. */
export const isLowPrecision = (answer: string): boolean => answer[5] === '.';

/** `HH:MM:SS` of degrees; never 24:00:00. */
export const rightAscensionText = (degrees: number): string =>
  sexagesimal((Math.round(modulo(degrees, 360) * 240) % 86_400) / 3600);

export const declinationText = (degrees: number): string => sexagesimal(degrees, 0, '+', ['*', ':', '']);

/** `sDD*MM`, with `:SS` where the mount takes seconds. */
export const latitudeText = (degrees: number, seconds: boolean): string =>
  seconds
    ? declinationText(degrees)
    : sexagesimal(Math.round(degrees * 60) / 60, 0, '+', ['*', ':', '']).slice(0, -3);

/** `DDD*MM`, 0–359 and positive to the west, as Meade counts. @param east degrees, east positive */
export function longitudeText(east: number, seconds: boolean): string {
  const unit = seconds ? 3600 : 60;
  const west = (Math.round(modulo(-east, 360) * unit) % (360 * unit)) / unit;
  const text = sexagesimal(west, 0, '', ['*', ':', '']).padStart(9, '0');
  return seconds ? text : text.slice(0, -3);
}
