import type { ImageStars } from './image-stars.ts';
import { fitted, type Mapping, similar } from './model.ts';
import type { IndexedStars } from './star-table.ts';
import { type Agreement, agreement, chanceOf, laidOut, type Trial } from './trial.ts';

/** Image stars that the first look takes, and the second. */
const FIRST_LOOK = 45;
const FULL_LOOK = 120;
/** Catalogue stars to one of them: more, for a catalogue sees other colours; and the image lies in a round of the sky. */
const SURPLUS = 1.5 * 1.7;
/** What a trial must reach at first sight to be worth more. */
const PROMISING = -2;
/** Of half the diagonal: how far a first trial may be off, and how near good optics come. */
const COARSE = 0.014;
const FINE = 0.0007;
const LEAST_PIXELS = 1.2;
const TURNS = 8;

export interface Verified {
  readonly trial: Trial;
  readonly found: Agreement;
  readonly logChance: number;
}

/** Scratch for one look at a time: nothing in a solve waits. */
const room = new Float64Array(3 * 1000);
const flat = new Float64Array(2 * 1000);

/**
 * Looks whether other stars agree with a trial too, improving it as they do.
 * @returns the best state of it, or undefined for one that nothing speaks for
 */
export function verify(image: ImageStars, stars: IndexedStars, trial: Trial): Verified | undefined {
  const radius = Math.atan(trial.size);
  const first = Math.min(image.count, FIRST_LOOK);
  let count = stars.brightest(trial.plane.centre, radius, SURPLUS * first, room);
  const coarse = Math.max(3, COARSE * image.half);
  const glance = agreement(image, trial.map, laidOut(trial, room, count, flat), coarse, first);
  if (chanceOf(glance) > PROMISING) return undefined;

  const full = Math.min(image.count, FULL_LOOK);
  count = stars.brightest(trial.plane.centre, radius, SURPLUS * full, room);
  const sky = laidOut(trial, room, count, flat);
  let { map } = trial;
  let best: Verified | undefined;
  let tolerance = coarse;
  for (let turn = 0; turn < TURNS; turn++) {
    const found = agreement(image, map, sky, tolerance, full);
    const logChance = chanceOf(found);
    if (logChance < (best?.logChance ?? 0)) best = { trial: { ...trial, map }, found, logChance };
    const better = fitted(similar, found.sky, found.image);
    if (!better || astray(better)) break;
    map = better;
    tolerance = Math.max(LEAST_PIXELS, FINE * image.half, Math.min(0.7 * tolerance, 2.5 * found.rms));
  }
  if (!best) return undefined;
  const expected = Math.max(best.found.expected, byShifts(image, best, sky, full));
  return { ...best, logChance: chanceOf(best.found, expected) };
}

/** It has lost what it began with: two stars told the scale better than that. */
function astray({ toX, toY }: Mapping): boolean {
  const area = Math.abs(toX[1]! * toY[2]! - toX[2]! * toY[1]!);
  return area < 0.7 || area > 1.4;
}

/** Agreements when the catalogue is moved aside: where stars crowd, chance does more than their mean density says. */
function byShifts(image: ImageStars, { trial, found }: Verified, sky: Float64Array, most: number): number {
  let sum = 0;
  for (let n = 0; n < 12; n++) {
    const angle = (2 * Math.PI * n) / 12;
    const far = found.radius * (n % 2 ? 5 : 9);
    const shift = [far * Math.cos(angle), far * Math.sin(angle)] as const;
    sum += agreement(image, trial.map, sky, found.radius, most, shift).sky.length / 2;
  }
  return sum / 12;
}
