import { Fault } from '../core/errors.ts';
import type { Check } from '../core/thread.ts';
import { type Header, textIn } from '../imaging/fits-header.ts';
import type { FitsImage, PixelView } from '../imaging/fits-read.ts';
import { type ImageSource, withImage } from '../imaging/source.ts';
import { openDeeper } from './catalogue/deeper.ts';
import { type Sufficiency, sufficiency } from './catalogue/sufficiency.ts';
import { attemptsFor, hintsIn } from './header-hints.ts';
import type { Solution, SolveHints } from './solution.ts';
import { displayedBottomUp, solveImage, solveStars } from './solve-image.ts';
import { openSolver, type Solver, type SolverPlace } from './solver.ts';

/** Where the star catalogue lies; it goes to another thread, which a URL does not survive. */
export interface CataloguePlace extends SolverPlace {
  readonly directory: string;
  readonly deeper?: string;
}

/** What to solve by. */
export interface SolveOrder {
  /** What somebody says, and wants to be kept to. */
  readonly stated?: SolveHints;
  /** Not even the header is asked for a place or a scale. */
  readonly blind?: boolean;
}

export interface Suffices extends Sufficiency {
  /** Of the catalogue that comes with the unit. */
  readonly stars: number;
  /** Magnitude. */
  readonly completeTo: number;
  /** The owner's catalogues, and what is wrong with files that look like some. */
  readonly deeper: readonly string[];
  readonly problems: readonly string[];
}

/** A file as another solver is told of it. */
export interface Prospect {
  readonly width: number;
  readonly height: number;
  readonly bottomUp: boolean;
  /** In the order in which they are to be tried. */
  readonly attempts: readonly SolveHints[];
}

/** What the imaging worker does about places on the sky. @param place absent: this unit has no catalogue */
export function solveJobs(place: CataloguePlace | undefined) {
  let solver: Solver | undefined;
  const open = (): Solver => {
    if (!place) throw new Fault('unsupported', 'this unit has no star catalogue: it cannot solve');
    solver ??= openSolver(place);
    return solver;
  };
  return {
    async solve(
      { source, order }: { source: ImageSource; order: SolveOrder },
      check: Check,
    ): Promise<Solution> {
      return withImage(
        source,
        (image) => {
          const { attempts, bottomUp } = prospectOf(image, order);
          const solution = tryEach(open(), image, attempts, check);
          return solution.solved && bottomUp ? displayedBottomUp(solution) : solution;
        },
        check,
      );
    },

    prospect: ({ file, order }: { file: string; order: SolveOrder }, check: Check): Promise<Prospect> =>
      withImage({ file }, (image) => prospectOf(image, order), check),

    /** Whether the catalogue has the stars for fields of this size, degrees. */
    suffices({ width, height }: { width: number; height: number }): Suffices {
      const { catalogue } = open();
      const { catalogues, problems } = openDeeper(place?.deeper ?? '');
      return {
        ...sufficiency(width, height, catalogue),
        ...{ stars: catalogue.count, completeTo: catalogue.completeTo },
        ...{ deeper: catalogues.map(({ name }) => name), problems },
      };
    },
  };
}

export type SolveJobs = ReturnType<typeof solveJobs>;

function prospectOf(image: PixelView | FitsImage, { stated = {}, blind = false }: SolveOrder): Prospect {
  const { width, height } = image;
  const header: Header = 'header' in image ? image.header : new Map();
  const { utc, ...place } = hintsIn(header, width, height);
  return {
    width,
    height,
    bottomUp: textIn(header, 'ROWORDER')?.trim() === 'BOTTOM-UP',
    // When it was taken says nothing of where, and moves the near stars to their places.
    attempts: attemptsFor(stated, { ...(utc !== undefined && { utc }), ...(!blind && place) }),
  };
}

/** The stars are found once. What stars lack no other hint gives them; of other failures the first that says why is told. */
function tryEach(solver: Solver, view: PixelView, attempts: readonly SolveHints[], check: Check): Solution {
  const [first = {}, ...others] = attempts;
  const { solution, field } = solveImage(solver, view, first, { check });
  let told = solution;
  for (const hints of others) {
    if (told.solved || told.reason === 'few-stars' || told.reason === 'trailed') return told;
    const next = solveStars(solver, field, hints, { check });
    if (next.solved || told.reason === 'no-match') told = next;
  }
  return told;
}
