import type { Clock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { copyWithCards, WCS_KEYWORDS } from '../imaging/fits-edit.ts';
import { type CataloguePlace, solveJobs } from '../solve/jobs.ts';
import type { Solution, Solved, SolveHints } from '../solve/solution.ts';
import { solvedCards } from '../solve/solved-cards.ts';
import { solverNames } from '../solve/solver-name.ts';
import { SolveWorker } from '../solve/worker-client.ts';
import { inThisThread } from './in-this-thread.ts';
import { decimals, digits, numberOption, oneFile } from './one-file.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';

const USAGE =
  'nightjar solve FILE [--ra DEG --dec DEG --radius DEG] [--scale-low A --scale-high A] [--wcs OUT.fits] [--blind] [--solver builtin|astrometry|astap]';
const NOT_SOLVED = 2;
const DEFAULT_RADIUS = 10;

/**
 * `nightjar solve FILE`: where an image lies on the sky, as one JSON line. What is not stated by an option is taken from
 * the file's header where it holds; `--blind` asks neither.
 * @returns 0 solved, 2 not solved
 */
export async function solveCommand(args: string[], place: CataloguePlace, clock: Clock): Promise<number> {
  const { values, positionals } = readOptions(args, {
    ra: { type: 'string' },
    dec: { type: 'string' },
    radius: { type: 'string' },
    'scale-low': { type: 'string' },
    'scale-high': { type: 'string' },
    wcs: { type: 'string' },
    blind: { type: 'boolean', default: false },
    solver: { type: 'string', default: 'builtin' },
  });
  const file = oneFile(positionals, USAGE);
  const by = solverNames.find((name) => name === values.solver);
  if (!by) throw new BadInput(`--solver ${values.solver}: there are ${solverNames.join(', ')}`);
  const order = { stated: statedIn(values), blind: values.blind };
  const start = clock.monotonic();
  const solver = new SolveWorker(inThisThread(solveJobs(place)), clock);
  const solution = await solver.solve({ file }, order, { by });
  const ms = Math.round(clock.monotonic() - start);
  if (solution.solved && values.wcs !== undefined) {
    await copyWithCards(file, values.wcs, solvedCards(solution), WCS_KEYWORDS);
  }
  await printLine(JSON.stringify({ ...line(solution), ms }));
  return solution.solved ? 0 : NOT_SOLVED;
}

/** @throws BadInput for halves of a pair and for what is no place or scale */
function statedIn(values: Partial<Record<string, string | boolean>>): SolveHints {
  const number = (name: string, range: readonly [number, number]) =>
    numberOption(name, values[name] as string | undefined, range);
  const [ra, dec] = [number('ra', [0, 360]), number('dec', [-90, 90])];
  const radius = number('radius', [0, 180]);
  const [low, high] = [number('scale-low', [0.01, 3600]), number('scale-high', [0.01, 3600])];
  if ((ra === undefined) !== (dec === undefined)) throw new BadInput('--ra and --dec go together');
  if (radius !== undefined && ra === undefined) throw new BadInput('--radius goes with --ra and --dec');
  if ((low === undefined) !== (high === undefined))
    throw new BadInput('--scale-low and --scale-high go together');
  if (low !== undefined && high !== undefined && low > high)
    throw new BadInput(`--scale-low ${low} is above --scale-high ${high}`);
  return {
    ...(ra !== undefined &&
      dec !== undefined && {
        near: { centre: { ra: ra % 360, dec }, radiusDegrees: radius ?? DEFAULT_RADIUS },
      }),
    ...(low !== undefined && high !== undefined && { scale: { low, high } }),
  };
}

const line = (solution: Solution) => (solution.solved ? solvedLine(solution) : solution);

const solvedLine = (solved: Solved) => ({
  solved: true,
  ra: decimals(solved.ra, 7),
  dec: decimals(solved.dec, 7),
  scale: digits(solved.scale, 8),
  rotation: decimals(solved.rotation, 5),
  parity: solved.parity,
  fieldWidth: digits(solved.fieldWidth, 8),
  fieldHeight: digits(solved.fieldHeight, 8),
  stars: solved.stars,
  matched: solved.matched,
  rmsArcsec: digits(solved.rmsArcsec, 4),
});
