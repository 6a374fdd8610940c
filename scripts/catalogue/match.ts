import { radians } from '../../src/core/units.ts';
import { unitVector, type Vector } from '../../src/sky/vector.ts';
import type { BakedStar } from './format.ts';

/** Years from the middle of Hipparcos' observations, 1991.25, to 2000.0. */
const YEARS = 8.75;
const MAS = 3_600_000;
/** A star this near is the same. */
const SAME_ARCSEC = 2.5;
/** A star this near and about as bright is the same too: one of a pair, whose places the two catalogues tell apart badly. */
const PAIR_ARCSEC = 10;
const PAIR_MAGNITUDES = 1;
const VARIABLE_MAGNITUDES = 1.5;

/** What became of the stars of Hipparcos. */
export interface Matched {
  /** Found at its place of 2000.0. */
  placed: number;
  /** Found at its place of 1991.25, where Tycho-2 left the stars of its first supplement; carried to 2000.0. */
  carried: number;
  /** Found as one of a close pair. */
  paired: number;
  /** Not there at all. */
  added: number;
}

/**
 * Gives the stars of one catalogue the proper motions of another, brings those that stand at 1991.25 to 2000.0, and
 * adds those that are missing (the brightest above all). `stars` is changed.
 */
export function addHipparcos(stars: BakedStar[], hipparcos: readonly BakedStar[]): Matched {
  const near = search(stars);
  const claimed = new Set<BakedStar>();
  const counts: Matched = { placed: 0, carried: 0, paired: 0, added: 0 };
  // Brightest first: of two stars of Hipparcos that fit one of Tycho-2, the brighter takes it.
  const order = hipparcos.toSorted((a, b) => a.magnitude - b.magnitude || a.ra - b.ra);
  for (const star of order) {
    const free = (arcsec: number, from: BakedStar, magnitudes: number) =>
      near(from, arcsec).find(
        (other) => !claimed.has(other) && Math.abs(other.magnitude - star.magnitude) < magnitudes,
      );
    const claim = (other: BakedStar, kind: keyof Matched) => {
      claimed.add(other);
      if (star.motion) other.motion = star.motion;
      counts[kind]++;
    };
    const then = before(star, YEARS);
    const placed = free(1, star, 99) ?? free(SAME_ARCSEC, star, VARIABLE_MAGNITUDES);
    if (placed) {
      claim(placed, 'placed');
      continue;
    }
    const carried = free(SAME_ARCSEC, then, VARIABLE_MAGNITUDES);
    if (carried) {
      claim(carried, 'carried');
      carried.ra = star.ra;
      carried.dec = star.dec;
      continue;
    }
    const paired = free(PAIR_ARCSEC, star, PAIR_MAGNITUDES);
    if (paired) claim(paired, 'paired');
    else {
      stars.push({ ...star });
      counts.added++;
    }
  }
  return counts;
}

/** Where a star was some years earlier. */
function before(star: BakedStar, years: number): BakedStar {
  const [east, north] = star.motion ?? [0, 0];
  const dec = star.dec - (north * years) / MAS;
  return { ...star, dec, ra: star.ra - (east * years) / MAS / Math.cos(radians(dec)) };
}

/** A function that finds the stars around a place, nearest first. */
function search(stars: readonly BakedStar[]): (at: BakedStar, arcsec: number) => BakedStar[] {
  const sorted = stars.toSorted((a, b) => a.dec - b.dec);
  const decs = Float64Array.from(sorted, ({ dec }) => dec);
  return (at, arcsec) => {
    const reach = arcsec / 3600;
    const axis = unitVector(at.ra, at.dec);
    const found: { star: BakedStar; apart: number }[] = [];
    for (let i = firstNotBelow(decs, at.dec - reach); i < decs.length && decs[i]! <= at.dec + reach; i++) {
      const star = sorted[i]!;
      const apart = distance(axis, unitVector(star.ra, star.dec));
      if (apart <= radians(reach)) found.push({ star, apart });
    }
    return found.sort((a, b) => a.apart - b.apart).map(({ star }) => star);
  };
}

/** The chord, which is the angle for angles as small as these. */
const distance = (a: Vector, b: Vector): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function firstNotBelow(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
