import type { Star } from '../stars/star.ts';
import { fitSimilarity, moved, type Point, type Similarity } from './similarity.ts';

/** What alignment wants of a star: stars of a `StarField`, brightest first. */
export type AlignStar = Pick<Star, 'x' | 'y' | 'flux' | 'snr' | 'hfr'>;

export interface Alignment {
  /** From the frame's pixels to the reference's. */
  readonly transform: Similarity;
  /** Stars found in both. */
  readonly matched: number;
  /** Of the matched stars, weighted by how well each is known, pixels. */
  readonly rms: number;
  /** How much brighter the reference shows the same stars: median of the ratios of flux. */
  readonly brighter: number;
}

/** The brightest so many of each list are tried for a first match, 780 pairs each. */
const BRIGHTEST = 40;
/** Stars used for the last digit. */
const MOST = 400;
const FEWEST = 6;
/** Of the brightest that lie in both images, so many must be in both lists. */
const SHARE = 0.3;
/** As the optics are the same, scales differ only by focus and temperature. */
const SCALE_TOLERANCE = 0.003;
const PAIR_TOLERANCE = 2;
const FIRST_RADIUS = 4;
/** Pairs closer than this share of the image's side say too little of the turn. */
const SHORTEST = 0.08;

/**
 * Finds the turn and shift between two star lists of one camera, whatever they are: half a turn after a meridian flip,
 * a field turned by an alt-azimuth mount. Two stars at the same distance in both images suggest one; the suggestion that
 * most bright stars agree with is refined with all of them. Undefined where the images have too little in common.
 */
export function alignStars(
  reference: readonly AlignStar[],
  frame: readonly AlignStar[],
  size: Size,
  check?: () => void,
): Alignment | undefined {
  const start = suggestion(reference.slice(0, BRIGHTEST), frame.slice(0, BRIGHTEST), size, check);
  return start && refined(start, reference.slice(0, MOST), frame.slice(0, MOST), size, check);
}

/** Of both images, pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

interface Pair {
  readonly from: Point;
  readonly to: Point;
  readonly length: number;
}

function suggestion(
  reference: readonly AlignStar[],
  frame: readonly AlignStar[],
  size: Size,
  check?: () => void,
): Similarity | undefined {
  const shortest = SHORTEST * Math.min(size.width, size.height);
  const known = pairsOf(reference, shortest).sort((a, b) => a.length - b.length);
  const enough = Math.max(FEWEST + 4, 0.6 * Math.min(reference.length, frame.length));
  let best: Similarity | undefined;
  let most = 0;
  for (const pair of pairsOf(frame, shortest)) {
    check?.();
    const tolerance = PAIR_TOLERANCE + SCALE_TOLERANCE * pair.length;
    for (let index = firstFrom(known, pair.length - tolerance); index < known.length; index++) {
      const { from, to, length } = known[index]!;
      if (length > pair.length + tolerance) break;
      for (const target of [
        [from, to],
        [to, from],
      ] as const) {
        const transform = rigid(pair, target);
        const count = agreeing(transform, reference, frame, most);
        if (count <= most) continue;
        [best, most] = [transform, count];
        if (count >= enough) return best;
      }
    }
  }
  return most >= FEWEST - 2 ? best : undefined;
}

/** From those of the brightest stars to those of the faintest. */
function pairsOf(stars: readonly Point[], shortest: number): Pair[] {
  const pairs: Pair[] = [];
  for (let second = 1; second < stars.length; second++) {
    for (let first = 0; first < second; first++) {
      const [from, to] = [stars[first]!, stars[second]!];
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      if (length >= shortest) pairs.push({ from, to, length });
    }
  }
  return pairs;
}

/** A turn and a shift without scaling, by the directions and the middles of two pairs. */
function rigid({ from, to, length }: Pair, [targetFrom, targetTo]: readonly [Point, Point]): Similarity {
  const [u, v] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [p, q] = [targetTo.x - targetFrom.x, targetTo.y - targetFrom.y];
  const reach = Math.hypot(p, q);
  const [a, b] = [(u * p + v * q) / reach, (u * q - v * p) / reach];
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return {
    a,
    b,
    dx: (targetFrom.x + targetTo.x) / 2 - (a * x - b * y),
    dy: (targetFrom.y + targetTo.y) / 2 - (b * x + a * y),
  };
}

/** How many stars land on another; given up where `toBeat` cannot be reached any more. */
function agreeing(
  transform: Similarity,
  reference: readonly Point[],
  frame: readonly Point[],
  toBeat: number,
) {
  let count = 0;
  for (let index = 0; index < frame.length; index++) {
    if (count + frame.length - index <= toBeat) return count;
    const { x, y } = moved(transform, frame[index]!);
    for (const star of reference) {
      if (Math.abs(star.x - x) < FIRST_RADIUS && Math.abs(star.y - y) < FIRST_RADIUS) {
        count++;
        break;
      }
    }
  }
  return count;
}

function refined(
  start: Similarity,
  reference: readonly AlignStar[],
  frame: readonly AlignStar[],
  size: Size,
  check?: () => void,
): Alignment | undefined {
  let [transform, radius] = [start, FIRST_RADIUS];
  for (let round = 0; ; round++) {
    check?.();
    const matches = matchesOf(transform, reference, frame, radius);
    if (matches.length < FEWEST) return undefined;
    const weights = matches.map(({ from, to }) => 1 / (errorOf(from) ** 2 + errorOf(to) ** 2));
    transform = fitSimilarity(
      matches.map(({ from }) => from),
      matches.map(({ to }) => to),
      weights,
    );
    const scale = Math.hypot(transform.a, transform.b);
    if (!(Math.abs(scale - 1) < 2 * SCALE_TOLERANCE)) return undefined;
    const rms = weightedRms(transform, matches, weights);
    // Far-off matches are neighbours, not the same star.
    radius = Math.max(0.5, Math.min(FIRST_RADIUS, 4 * rms));
    if (round < 4) continue;
    if (matches.length < SHARE * common(transform, reference, frame, size)) return undefined;
    const ratios = matches.map(({ from, to }) => to.flux / from.flux).sort((a, b) => a - b);
    return { transform, matched: matches.length, rms, brighter: ratios[ratios.length >> 1]! };
  }
}

interface Match {
  readonly from: AlignStar;
  readonly to: AlignStar;
}

/** Each star of the frame with the nearest of the reference, within `radius`; none is taken twice. */
function matchesOf(
  transform: Similarity,
  reference: readonly AlignStar[],
  frame: readonly AlignStar[],
  radius: number,
): Match[] {
  const taken = new Set<AlignStar>();
  const matches: Match[] = [];
  for (const from of frame) {
    const { x, y } = moved(transform, from);
    let [nearest, distance]: [AlignStar | undefined, number] = [undefined, radius];
    for (const star of reference) {
      const away = Math.hypot(star.x - x, star.y - y);
      if (away < distance && !taken.has(star)) [nearest, distance] = [star, away];
    }
    if (!nearest) continue;
    taken.add(nearest);
    matches.push({ from, to: nearest });
  }
  return matches;
}

/** Of a centroid, pixels: σ of the profile ÷ signal-to-noise, and what pixels and seeing leave of even the brightest. */
const errorOf = ({ hfr, snr }: AlignStar): number => Math.hypot(0.03, (0.85 * hfr) / Math.max(1, snr));

function weightedRms(transform: Similarity, matches: readonly Match[], weights: readonly number[]): number {
  let [squares, total] = [0, 0];
  matches.forEach(({ from, to }, index) => {
    const { x, y } = moved(transform, from);
    squares += weights[index]! * ((x - to.x) ** 2 + (y - to.y) ** 2);
    total += weights[index]!;
  });
  return Math.sqrt(squares / total);
}

/** How many of the brightest stars of the frame should be in the reference: those that fall into its image. */
function common(
  transform: Similarity,
  reference: readonly AlignStar[],
  frame: readonly AlignStar[],
  { width, height }: Size,
): number {
  const inside = frame.slice(0, BRIGHTEST).filter((star) => {
    const { x, y } = moved(transform, star);
    return x >= 0 && y >= 0 && x < width && y < height;
  });
  return Math.min(inside.length, reference.length);
}

/** Index of the first pair at least so long, by bisection. */
function firstFrom(pairs: readonly Pair[], length: number): number {
  let [low, high] = [0, pairs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[middle]!.length < length) low = middle + 1;
    else high = middle;
  }
  return low;
}
