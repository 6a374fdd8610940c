import { degrees, radians } from '../core/units.ts';
import { separation } from '../sky/angle.ts';
import type { ImageStars } from './image-stars.ts';
import type { Solved, SolveHints, Unsolved } from './solution.ts';

/** Smaller fields hold too few stars of the built-in catalogue in much of the sky, degrees. */
const SMALL = 0.6;

export function fewStars({ count }: ImageStars): Unsolved {
  const seen = count === 1 ? '1 star' : `${count || 'no'} stars`;
  const message = `${seen} found, about ten are needed: expose longer, focus, or look for clouds and the cap`;
  return { solved: false, reason: 'few-stars', message, stars: count };
}

/** The image is known by its stars alone, but lies elsewhere or is larger or smaller than was said. */
export function misled({ ra, dec, scale, stars }: Solved, hints: SolveHints): Unsolved {
  const { low, high } = hints.scale ?? { low: 0, high: Number.POSITIVE_INFINITY };
  if (scale < low || scale > high) {
    const message =
      `the stars show ${scale.toFixed(3)}″ a pixel where ${low.toFixed(3)} to ${high.toFixed(3)} was said: ` +
      'correct focal length, pixel size or binning';
    return { solved: false, reason: 'scale-off', message, stars };
  }
  const off = hints.near ? separation(hints.near.centre, { ra, dec }) : 0;
  const message =
    `the stars are those at ${ra.toFixed(3)}°, ${dec.toFixed(3)}°, ${off.toFixed(1)}° from where the image was ` +
    'said to be: solve without the place, or sync the mount';
  return { solved: false, reason: 'no-match', message, stars };
}

/** Says why, as far as the number of stars and what is known of the image tell it. */
export function noMatch({ count, width, height }: ImageStars, { near, scale }: SolveHints): Unsolved {
  const stars = count;
  const side = (pixels: number) => degrees(radians((scale?.high ?? 0) / 3600) * pixels);
  if (scale && Math.min(side(width), side(height)) < SMALL) {
    const size = `${side(width).toFixed(2)}° × ${side(height).toFixed(2)}°`;
    const remedy = near ? 'add a deeper catalogue' : 'say where it lies and add a deeper catalogue';
    const message = `a field of ${size} shows too few stars of this catalogue: ${remedy}, or use a shorter focal length`;
    return { solved: false, reason: 'field-too-small', message, stars };
  }
  const message = `${stars} stars fit no place in the sky: are they stars, sharp and round? if so, expose longer`;
  return { solved: false, reason: 'no-match', message, stars };
}
