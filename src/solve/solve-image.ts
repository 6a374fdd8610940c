import type { Check } from '../core/thread.ts';
import { unsignedDegrees } from '../core/units.ts';
import type { PixelView } from '../imaging/fits-read.ts';
import { findStars } from '../imaging/stars/find.ts';
import type { StarField } from '../imaging/stars/star.ts';
import type { Solution, Solved, SolveHints } from './solution.ts';
import type { Solver } from './solver.ts';

/** So many of the brightest place any image. */
const MOST = 200;
/** Stars drawn to lines five times as long as wide. */
const TRAILED = 0.98;

interface SolveOptions {
  readonly check?: Check;
}

/**
 * Finds the stars of an image and its place by them.
 * @throws BadInput where the catalogue or its index is missing or damaged
 */
export function solveImage(
  solver: Solver,
  view: PixelView,
  hints: SolveHints,
  options: SolveOptions = {},
): { solution: Solution; field: StarField } {
  const field = findStars(view, { most: MOST, binning: 'coarse', ...options });
  return { solution: solveStars(solver, field, hints, options), field };
}

/** The same for an image whose stars are found already. */
export function solveStars(
  solver: Solver,
  field: StarField,
  hints: SolveHints,
  { check }: SolveOptions = {},
): Solution {
  const solution = solver.solve(field, hints, check);
  if (solution.solved || !(field.whole.eccentricity > TRAILED)) return solution;
  const { stars } = solution;
  const direction = `${field.whole.elongationDegrees.toFixed(0)}° from the rows`;
  const message = `the stars are trailed (${direction}): guide, expose shorter, or see whether the mount tracks`;
  return { solved: false, reason: 'trailed', message, stars };
}

/** A picture whose last stored row is on top (ROWORDER BOTTOM-UP): as it is displayed. The coordinates stay. */
export const displayedBottomUp = (solved: Solved): Solved => ({
  ...solved,
  rotation: unsignedDegrees(solved.rotation + 180),
  parity: solved.parity === 1 ? -1 : 1,
});
