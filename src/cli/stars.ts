import type { Clock } from '../core/clock.ts';
import { openFits } from '../imaging/fits-open.ts';
import { findStars } from '../imaging/stars/find.ts';
import type { Star, StarStatistics } from '../imaging/stars/star.ts';
import { decimals, digits, oneFile } from './one-file.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';

/** `nightjar stars FILE`: the stars of an image, brightest first, and what they say of it, as one JSON line. */
export async function starsCommand(args: string[], clock: Clock): Promise<number> {
  const { positionals } = readOptions(args, {});
  const file = oneFile(positionals, 'nightjar stars FILE');
  const start = clock.monotonic();
  const field = findStars(await openFits(file));
  const ms = Math.round(clock.monotonic() - start);
  const { hfr, fwhm, eccentricity } = rounded(field.whole);
  await printLine(
    JSON.stringify({
      ...{ stars: field.found, hfr, fwhm, eccentricity },
      background: digits(field.background, 6),
      noise: digits(field.noise, 5),
      saturated: field.saturated,
      ms,
      tilt: digits(field.tilt, 4),
      ninths: field.ninths.map(rounded),
      list: field.stars.map(told),
    }),
  );
  return 0;
}

const rounded = ({ stars, hfr, fwhm, eccentricity, elongationDegrees }: StarStatistics) => ({
  stars,
  hfr: digits(hfr, 5),
  fwhm: digits(fwhm, 5),
  eccentricity: decimals(eccentricity, 3),
  elongationDegrees: decimals(elongationDegrees, 1),
});

const told = (star: Star) => ({
  x: decimals(star.x, 3),
  y: decimals(star.y, 3),
  flux: digits(star.flux, 6),
  hfr: digits(star.hfr, 5),
  meanRadius: digits(star.meanRadius, 5),
  fwhm: digits(star.fwhm, 5),
  eccentricity: decimals(star.eccentricity, 3),
  elongationDegrees: decimals(star.elongationDegrees, 1),
  peak: digits(star.peak, 6),
  snr: digits(star.snr, 5),
  saturated: star.saturated,
});
