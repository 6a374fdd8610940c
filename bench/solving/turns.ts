import type { Figure } from '../figure.ts';
import { CATALOGUE, openAlbum } from './album.ts';
import { ours } from './ours.ts';
import type { TurnsOutcome, TurnsTask } from './ours-turns.ts';

const SECONDS = 15;
/** Large ones, small ones, and one that is searched for in vain. */
const FRAMES = ['clean-1', 'clean-3', 'nebula-1', 'few-6'];

/** The main thread beside an imaging thread that solves without a pause. */
export async function turns(): Promise<Figure[]> {
  const files = openAlbum(console.log)
    .filter(({ truth }) => FRAMES.includes(truth.spec.name))
    .map(({ file }) => file);
  const { outcomes } = await ours<TurnsTask, TurnsOutcome>('ours-turns.ts', [
    { files: [], catalogue: CATALOGUE, seconds: SECONDS },
    { files, catalogue: CATALOGUE, seconds: SECONDS },
  ]);
  const [idle, solving] = outcomes as [TurnsOutcome, TurnsOutcome];
  const figure = (measure: string, of: 'p999' | 'longest' | 'wallP999', unit = 'ms CPU'): Figure => ({
    measure,
    unit,
    nightjar: solving[of],
    note: `idle control in the same run ${idle[of].toFixed(3)}; ${solving.solved} frames solved in ${SECONDS} s`,
  });
  return [
    figure('turn of the main loop while solving, p99.9', 'p999'),
    figure('turn of the main loop while solving, longest', 'longest'),
    figure('the same by the wall, p99.9', 'wallP999', 'ms'),
  ];
}
