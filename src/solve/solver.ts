import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../core/errors.ts';
import type { Check } from '../core/thread.ts';
import { degrees, radians } from '../core/units.ts';
import type { StarCatalogue } from './catalogue/catalogue.ts';
import { openDeeper } from './catalogue/deeper.ts';
import { openStars } from './catalogue/stars.ts';
import { ImageStars } from './image-stars.ts';
import { LocalStars } from './local-stars.ts';
import { indexQuads, MANY } from './quad-bake.ts';
import { openQuads } from './quad-file.ts';
import type { QuadIndex } from './quad-index.ts';
import { type Refined, refine } from './refine.ts';
import { type Pass, searchQuads } from './search.ts';
import type { Solution, Solved, SolveHints, StarList } from './solution.ts';
import { fewStars, misled, noMatch } from './unsolved.ts';
import { describe } from './wcs.ts';

export interface Solver {
  readonly catalogue: StarCatalogue;
  /**
   * Places the stars of an image on the sky, by milliseconds of computing.
   * @param check called every few milliseconds; what it throws ends the work
   * @throws BadInput where the catalogue or its index is missing or damaged; that no place is found is a value
   */
  solve(list: StarList, hints: SolveHints, check?: Check): Solution;
}

export interface SolverPlace {
  /** Holds `stars.bin` and, for solving without knowing where, `quads.bin`. */
  readonly directory: string | URL;
  /** A folder with deeper catalogues, for small fields whose place is known. */
  readonly deeper?: string;
}

/** Fewer show no shape that proves anything. */
export const FEWEST = 6;
/** A solution by chance must be rarer than one in 10¹² where the whole sky was searched, in 10⁹ where a part was. */
const BLIND_GATE = -12;
const NEAR_GATE = -9;
/** Stars that make quads of their own, made for one solve. */
const LOCAL_STARS = 5000;
const LOCAL_BINS = 12;
/** Catalogue stars to an image star, for a catalogue sees other colours than a camera; and in a round of the sky. */
const SURPLUS = 1.6 * 1.7;
const FEW_STARS = 40;
const QUAD_STARS = 100;

/** Opens nothing yet: files are read, once, at the first solve that needs them. */
export function openSolver({ directory, deeper = '' }: SolverPlace): Solver {
  const folder = pathOf(directory);
  const quadsFile = join(folder, 'quads.bin');
  const sky: Sky = {
    stars: once(() => openStars(join(folder, 'stars.bin'))),
    quads: once(() => (existsSync(quadsFile) ? openQuads(quadsFile) : undefined)),
    deeper: once(() => openDeeper(deeper).catalogues),
  };
  return {
    get catalogue() {
      return sky.stars();
    },
    solve(list, hints, check = () => {}) {
      const image = new ImageStars(list);
      if (image.count < FEWEST) return fewStars(image);
      if (!(hints.near && hints.scale) && !sky.quads()) {
        throw new BadInput(`${quadsFile} is missing: make it with make dist, or give both place and scale`);
      }
      const found = solveBy(image, hints, sky, check);
      if (found) return solutionOf(image, found);
      const { utc, near, scale } = hints;
      const freely =
        (near ?? scale) && sky.quads() && solveBy(image, utc === undefined ? {} : { utc }, sky, check);
      return freely ? misled(solutionOf(image, freely), hints) : noMatch(image, hints);
    },
  };
}

const pathOf = (place: string | URL): string => (place instanceof URL ? fileURLToPath(place) : place);

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What there is to solve by. */
interface Sky {
  readonly stars: () => StarCatalogue;
  readonly quads: () => QuadIndex | undefined;
  readonly deeper: () => readonly StarCatalogue[];
}

interface Attempt {
  readonly index: QuadIndex;
  readonly catalogue: StarCatalogue;
  readonly gate: number;
}

function solveBy(image: ImageStars, hints: SolveHints, sky: Sky, check: Check): Refined | undefined {
  for (const { index, catalogue, gate } of attemptsOf(image, hints, sky)) {
    for (const pass of passesFor(image, hints)) {
      const verified = searchQuads(image, index, hints, pass, { gate, check });
      const refined = verified && refine(image, catalogue, verified.trial, verified.found.radius, hints.utc);
      if (refined && refined.logChance < gate) return refined;
    }
  }
  return undefined;
}

/** Where to look: first around the place that is hinted at, then all of what is hinted at, then among fainter stars. */
function* attemptsOf(image: ImageStars, hints: SolveHints, sky: Sky): Generator<Attempt> {
  const { near, scale } = hints;
  const told = near && scale && { near, scale };
  if (told) yield* nearby(image, told, hints.utc, sky.stars());
  const whole = sky.quads();
  if (whole) yield { index: whole, catalogue: sky.stars(), gate: near ? NEAR_GATE : BLIND_GATE };
  if (!told) return;
  for (const catalogue of sky.deeper()) yield* nearby(image, told, hints.utc, catalogue);
}

/** By the quads of just the stars that may be on the image. */
function* nearby(
  image: ImageStars,
  { near, scale }: Required<Pick<SolveHints, 'near' | 'scale'>>,
  utc: number | undefined,
  catalogue: StarCatalogue,
): Generator<Attempt> {
  const field = degrees(Math.atan(radians(scale.high / 3600) * image.half));
  const inField = SURPLUS * Math.min(QUAD_STARS, Math.max(FEW_STARS, image.count));
  for (const radius of new Set([Math.min(near.radiusDegrees, 0.6 * field), near.radiusDegrees])) {
    const most = Math.ceil(inField * ((radius + field) / field) ** 2);
    if (most > LOCAL_STARS) continue;
    const query = utc === undefined ? { most } : { most, utc };
    const { vectors } = catalogue.near(near.centre, radius + field, query);
    const index = indexQuads(vectors, MANY, LOCAL_BINS, new LocalStars(vectors));
    yield { index, catalogue, gate: NEAR_GATE };
  }
}

/** What lenses bend is only then allowed for when nothing was found without. */
function passesFor(image: ImageStars, { scale }: SolveHints): Pass[] {
  const passes: Pass[] = [
    { stars: QUAD_STARS, neighbours: 8, tolerance: 0.001, loosest: 0.004 },
    { stars: QUAD_STARS, neighbours: 6, tolerance: 0.004, loosest: 0.008 },
    { stars: 26, neighbours: 7, tolerance: 0.008, loosest: 0.012 },
  ];
  const halfField = (arcseconds: number) => degrees(Math.atan(radians(arcseconds / 3600) * image.half));
  const low = scale ? halfField(scale.low) : 0;
  const high = scale ? halfField(scale.high) : 90;
  for (const supposed of [12, 18, 26, 36]) {
    if (supposed > low / 1.25 && supposed < high * 1.25)
      passes.push({ stars: 60, neighbours: 6, tolerance: 0.008, loosest: 0.01, halfField: supposed });
  }
  return passes;
}

function solutionOf(image: ImageStars, { wcs, matched, rmsArcsec, logChance }: Refined): Solved {
  return { solved: true, wcs, ...describe(wcs), stars: image.count, matched, rmsArcsec, logChance };
}
