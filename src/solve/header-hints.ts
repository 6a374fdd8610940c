import { parseUtc } from '../core/clock.ts';
import { parseSexagesimal, unsignedDegrees } from '../core/units.ts';
import { type Header, numberIn, textIn } from '../imaging/fits-header.ts';
import type { Direction } from '../sky/direction.ts';
import type { SolveHints } from './solution.ts';
import { describe } from './wcs.ts';
import { wcsFromHeader } from './wcs-cards.ts';

/** How far mounts point off before anybody has aligned them, with the precession of a header of date. */
const POINTING_DEGREES = 5;
/** Focal lengths are as printed on the tube: reducers and their spacing are forgotten. */
const SCALE_TOLERANCE = 0.15;
/** A scale that was measured before. */
const SOLVED_TOLERANCE = 0.02;
const ARCSECONDS_PER_MICRON_PER_MILLIMETRE = 206.264806247;

/** What a FITS header says of where its image lies: by a solution, the mount, the optics and the clock. */
export function hintsIn(header: Header, width: number, height: number): SolveHints {
  const wcs = wcsFromHeader(header, width, height);
  const before = wcs && describe(wcs);
  const centre = before ?? pointing(header);
  const scale = before ? around(before.scale, SOLVED_TOLERANCE) : around(scaleOf(header), SCALE_TOLERANCE);
  const utc = parseUtc(textIn(header, 'DATE-AVG') ?? textIn(header, 'DATE-OBS') ?? '');
  return {
    ...(centre && { near: { centre: { ra: centre.ra, dec: centre.dec }, radiusDegrees: POINTING_DEGREES } }),
    ...(scale && { scale }),
    ...(Number.isFinite(utc) && { utc }),
  };
}

/**
 * What to try, the most told first: all that is known, then the scale alone (a mount that is lost), then only what was
 * stated by somebody who wants it so. What the header says gives way to what is stated.
 */
export function attemptsFor(stated: SolveHints, told: SolveHints): SolveHints[] {
  const { utc, near, scale } = { ...told, ...stated };
  const when = utc === undefined ? {} : { utc };
  const attempts: SolveHints[] = [
    { ...when, ...(near && { near }), ...(scale && { scale }) },
    { ...when, ...stated, ...(scale && { scale }) },
    { ...when, ...stated },
  ];
  const words = attempts.map((hints) => JSON.stringify([hints.near, hints.scale]));
  return attempts.filter((_, index) => words.indexOf(words[index]!) === index);
}

function around(scale: number | undefined, tolerance: number): SolveHints['scale'] {
  if (scale === undefined || !(scale > 0.01 && scale < 3600)) return undefined;
  return { low: scale * (1 - tolerance), high: scale * (1 + tolerance) };
}

/** RA and DEC are degrees; OBJCTRA is hours, sexagesimal, and so is an RA that is written as text. */
function pointing(header: Header): Direction | undefined {
  const ra = numberIn(header, 'RA') ?? hours(header, 'RA') ?? hours(header, 'OBJCTRA');
  const dec = numberIn(header, 'DEC') ?? sexagesimal(header, 'DEC') ?? sexagesimal(header, 'OBJCTDEC');
  if (ra === undefined || dec === undefined || !(Math.abs(dec) <= 90)) return undefined;
  return { ra: unsignedDegrees(ra), dec };
}

const hours = (header: Header, keyword: string): number | undefined => {
  const value = sexagesimal(header, keyword);
  return value === undefined ? undefined : value * 15;
};

function sexagesimal(header: Header, keyword: string): number | undefined {
  const value = parseSexagesimal(textIn(header, keyword) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** Arc-seconds a pixel; XPIXSZ is of binned pixels (MaxIm DL's and libindi's meaning). */
function scaleOf(header: Header): number | undefined {
  const focal = numberIn(header, 'FOCALLEN');
  const unbinned = numberIn(header, 'PIXSIZE1');
  const pixel = numberIn(header, 'XPIXSZ') ?? (unbinned && unbinned * (numberIn(header, 'XBINNING') ?? 1));
  if (focal && pixel) return (pixel * ARCSECONDS_PER_MICRON_PER_MILLIMETRE) / focal;
  return numberIn(header, 'SCALE') ?? numberIn(header, 'PIXSCALE') ?? numberIn(header, 'SECPIX');
}
