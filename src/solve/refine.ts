import { degrees } from '../core/units.ts';
import { spherical, type Vector } from '../sky/vector.ts';
import type { StarCatalogue } from './catalogue/catalogue.ts';
import type { ImageStars } from './image-stars.ts';
import { fitted, type Mapping, MODELS, type Model, mapped, similar } from './model.ts';
import { liftedFrom, type Plane, planeAt, unitOf } from './plane.ts';
import { type Agreement, agreement, chanceOf, laidOut, type Trial } from './trial.ts';
import type { Wcs } from './wcs.ts';
import { wcsOf } from './wcs-fit.ts';

/** Catalogue stars to an image star: more, for a catalogue sees other colours than a camera; and in a round of the sky. */
const SURPLUS = 2.5 * 1.7;
const MOST = 1000;
/** Standard deviations beyond which a pair is none. */
const CLIP = 3.5;
/** Pixels: no centre of a star is surer. */
const SUREST = 0.2;
const TURNS = 6;
/** Pairs that every parameter of a model must have. */
const PAIRS_A_PARAMETER = 1.35;
/** By how much Schwarz's criterion must fall for a more complex model. */
const WORTH = 12;
/** Pixels: what a more complex model moves nowhere by as much it need not know. */
const VISIBLE = 0.15;

export interface Refined {
  readonly wcs: Wcs;
  readonly matched: number;
  readonly rmsArcsec: number;
  readonly logChance: number;
}

/** A model settled on its pairs. */
interface Settled {
  readonly map: Mapping;
  readonly found: Agreement;
}

/**
 * The best coordinates that a verified trial leads to: by more stars, moved to their date, and with distortion where
 * the stars show it.
 * @param radius pixels within which the trial's stars agree
 */
export function refine(
  image: ImageStars,
  catalogue: StarCatalogue,
  trial: Trial,
  radius: number,
  utc: number | undefined,
): Refined | undefined {
  const { longitude: ra, latitude: dec } = spherical(trial.plane.centre);
  const most = Math.min(MOST, Math.ceil(SURPLUS * image.count) + 20);
  const query = utc === undefined ? { most } : { most, utc };
  const stars = catalogue.near({ ra, dec }, 1.05 * degrees(Math.atan(trial.size)), query);
  const first = straightened(image, stars.vectors, stars.length, trial, radius);
  if (!first) return undefined;
  // On a plane that touches the sky elsewhere than at the centre a wide field looks bent.
  const centred = recentred(trial, first);
  const second = centred && straightened(image, stars.vectors, stars.length, centred, first.found.radius);
  if (!centred || !second) return undefined;
  const best = chosen(image, second.sky, second);
  const wcs = wcsOf(image, pairsOf(best.found, centred), turnedAround(image, best), centred.plane);
  if (!wcs) return undefined;
  const scale = 3600 * Math.sqrt(Math.abs(wcs.cd[0] * wcs.cd[3] - wcs.cd[1] * wcs.cd[2]));
  return {
    wcs,
    matched: best.found.sky.length / 2,
    rmsArcsec: best.found.rms * scale,
    logChance: chanceOf(best.found),
  };
}

/** The same with the plane where the coordinates have their reference point. */
function recentred(trial: Trial, { found, wcs }: { found: Agreement; wcs: Wcs }): Trial | undefined {
  const plane = planeAt(wcs);
  const { image, vectors } = pairsOf(found, trial);
  const map = fitted(
    similar,
    laidOut({ ...trial, plane }, Float64Array.from(vectors.flat()), vectors.length),
    image,
  );
  return map && { ...trial, plane, map };
}

function straightened(image: ImageStars, vectors: Float64Array, count: number, trial: Trial, radius: number) {
  const sky = laidOut(trial, vectors, count);
  const start = { map: trial.map, found: agreement(image, trial.map, sky, radius) };
  const settled = settle(image, sky, similar, start);
  const wcs = settled && wcsOf(image, pairsOf(settled.found, trial), similar, trial.plane);
  return wcs && { ...settled, sky, wcs };
}

/** Fits and takes the pairs anew, nearer and nearer, until they stay. */
function settle(image: ImageStars, sky: Float64Array, model: Model, start: Settled): Settled | undefined {
  let { found } = start;
  let settled: Settled | undefined;
  for (let turn = 0; turn < TURNS; turn++) {
    if (found.sky.length / 2 < PAIRS_A_PARAMETER * model.parameters) break;
    const map = fitted(model, found.sky, found.image);
    if (!map) break;
    // The median of distances that follow a two-dimensional normal law is 1.18 times their deviation on an axis.
    const sigma = Math.max(SUREST, median(residuals(image, map, found)) / 1.18);
    const radius = Math.min(found.radius, CLIP * sigma);
    const next = agreement(image, map, sky, radius);
    settled = { map, found: next };
    if (next.sky.length === found.sky.length && radius > 0.95 * found.radius) break;
    found = next;
  }
  return settled;
}

const median = (values: Float64Array): number => values.sort()[values.length >> 1] ?? 0;

/** Distances of the pairs, pixels. */
function residuals(image: ImageStars, map: Mapping, { sky, image: seen }: Agreement): Float64Array {
  const point = new Float64Array(2);
  return Float64Array.from({ length: sky.length / 2 }, (_, i) => {
    mapped(map, sky[2 * i]!, sky[2 * i + 1]!, point);
    return Math.hypot(point[0]! - seen[2 * i]!, point[1]! - seen[2 * i + 1]!) * image.half;
  });
}

/**
 * The simplest model that does justice to the pairs. Each more complex one must first earn its terms on the pairs that
 * the simpler one has (Schwarz 1978), then on all those that it finds.
 */
function chosen(image: ImageStars, sky: Float64Array, straight: Settled): Settled {
  let best = straight;
  for (const model of MODELS) {
    if (model === similar || best.found.sky.length / 2 < PAIRS_A_PARAMETER * model.parameters) continue;
    const map = fitted(model, best.found.sky, best.found.image);
    if (!map || worth(image, map, best, best.found) < WORTH) continue;
    const next = grown(image, sky, { map, found: best.found });
    if (!next || worth(image, next.map, best, next.found) < WORTH) continue;
    if (apart(image, next.map, best.map) >= VISIBLE) best = next;
  }
  return best;
}

/** The model that carries the same pairs back, from the image to the sky: the inverse of a bend is not one of its kind. */
function turnedAround(image: ImageStars, { map, found }: Settled): Model {
  const pairs = { ...found, sky: found.image, image: found.sky };
  let best = fitted(map.model, pairs.sky, pairs.image);
  for (const model of MODELS) {
    if (!best || model.terms <= best.model.terms || isStraight(map.model)) continue;
    if (pairs.sky.length / 2 < PAIRS_A_PARAMETER * model.parameters) continue;
    const next = fitted(model, pairs.sky, pairs.image);
    if (next && worth(image, next, { map: best, found: pairs }, pairs) >= WORTH) best = next;
  }
  return best?.model ?? map.model;
}

const isStraight = (model: Model): boolean => model.terms === similar.terms;

/** By how much a more complex map explains the pairs better than another does, its terms paid for. */
function worth(image: ImageStars, map: Mapping, than: Settled, pairs: Agreement): number {
  const count = pairs.sky.length;
  // What is far off in the simpler model may only be beyond its reach: it counts as that, not more.
  const reach = Math.max(pairs.radius, than.found.radius);
  const misfit = (tried: Mapping) =>
    residuals(image, tried, pairs).reduce((sum, distance) => sum + Math.min(distance, reach) ** 2, 0) / count;
  const more = map.model.parameters - than.map.model.parameters;
  // Few pairs let any parameter seem worth its while (the correction of Hurvich and Tsai 1989).
  const price = (Math.log(count) * count) / Math.max(1, count - map.model.parameters - 1);
  return count * Math.log((misfit(than.map) + 1e-6) / (misfit(map) + 1e-6)) - more * price;
}

/** The most by which two maps differ on the image, pixels. */
function apart(image: ImageStars, one: Mapping, other: Mapping): number {
  const [p, q] = [new Float64Array(2), new Float64Array(2)];
  let most = 0;
  for (const x of [-1, -0.5, 0, 0.5, 1]) {
    for (const y of [-1, -0.5, 0, 0.5, 1]) {
      mapped(one, x, y, p);
      mapped(other, x, y, q);
      const inside = image.contains(p[0]! * image.half, p[1]! * image.half);
      if (inside) most = Math.max(most, Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!) * image.half);
    }
  }
  return most;
}

/** Where distortion has driven stars out of reach at the rim, a model that knows of it brings them back. */
function grown(image: ImageStars, sky: Float64Array, start: Settled): Settled | undefined {
  const { model } = start.map;
  const wide = Math.max(3 * start.found.radius, 4 * SUREST);
  let map: Mapping | undefined = start.map;
  let found = start.found;
  for (let turn = 0; turn < 3 && map; turn++) {
    found = agreement(image, map, sky, wide);
    map = fitted(model, found.sky, found.image);
  }
  return map && settle(image, sky, model, { map, found });
}

/** The pairs with the directions of their catalogue stars. */
function pairsOf(
  { sky, image }: Agreement,
  { plane, size }: { plane: Plane; size: number },
): { image: number[]; vectors: Vector[] } {
  const vectors: Vector[] = [];
  for (let i = 0; i < sky.length; i += 2) {
    vectors.push(unitOf(liftedFrom(plane, sky[i]! * size, sky[i + 1]! * size)));
  }
  return { image, vectors };
}
