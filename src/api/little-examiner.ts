import { Examiner, type ExaminerParts } from '../engine/examiner.ts';
import type { Analysis } from '../imaging/analysis.ts';
import type { StarField, StarStatistics } from '../imaging/stars/star.ts';
import type { Suffices } from '../solve/jobs.ts';
import type { Solution, Solved } from '../solve/solution.ts';

const star = {
  ...{ x: 12.5, y: 80.25, flux: 90_000, peak: 8000, snr: 210, hfr: 2.1, meanRadius: 2.3 },
  ...{ fwhm: 3.9, eccentricity: 0.3, elongationDegrees: 20, saturated: false },
};
const sharp: StarStatistics = { stars: 40, hfr: 2.1, fwhm: 3.9, eccentricity: 0.3, elongationDegrees: 20 };
const field: StarField = {
  ...{ width: 720, height: 480, stars: [star, star, star], found: 260, background: 980, noise: 17.6 },
  ...{ saturated: 2, whole: sharp, ninths: Array(9).fill(sharp), tilt: 0.2 },
};

export const littleSolution: Solved = {
  solved: true,
  wcs: { width: 720, height: 480, ra: 10.7, dec: 41.2, x: 359.5, y: 239.5, cd: [-4e-4, 0, 0, -4e-4] },
  ...{ ra: 10.7, dec: 41.2, scale: 1.44, rotation: 179.5, parity: 1 },
  ...{ fieldWidth: 0.288, fieldHeight: 0.192, stars: 120, matched: 41, rmsArcsec: 0.31, logChance: -90 },
};

/** Frames that get a little softer one after the other, most in the lower right corner. */
function analysisOf(shot: number): Analysis {
  const hfr = 2.1 + 0.12 * shot;
  const corner = (index: number) => (index === 8 ? 1.35 : index % 2 === 0 && index !== 4 ? 1.12 : 1);
  const ninths = Array.from({ length: 9 }, (_, index) => ({
    ...{ stars: 24 + index, hfr: hfr * corner(index), fwhm: 1.9 * hfr * corner(index) },
    ...{ eccentricity: index === 8 ? 0.52 : 0.28, elongationDegrees: 45 },
  }));
  return {
    ...{ stars: 260 - 9 * shot, hfr, fwhm: 1.9 * hfr, eccentricity: 0.31, elongationDegrees: 44 },
    ...{ width: 720, height: 480, background: 980, noise: 17.6, saturated: 2, ninths, tilt: 0.23 },
  };
}

/** Looks at each exposure at once; it solves every second time, after a second of thinking. */
export function littleExaminer(parts: Pick<ExaminerParts, 'ledger' | 'clock' | 'log'>): Examiner {
  let shot = 0;
  let solves = 0;
  const unsolved: Solution = {
    ...{ solved: false, reason: 'few-stars', stars: 4 },
    message: 'only 4 stars were found, at least 8 are needed: expose longer, or look for clouds',
  };
  return new Examiner({
    ...parts,
    imaging: { analyse: async () => analysisOf(shot++), stars: async () => field },
    solver: {
      async solve(_source, _order, { signal } = {}) {
        await parts.clock.sleep(1000, signal);
        return solves++ % 2 === 0 ? littleSolution : unsolved;
      },
    },
  });
}

/** A catalogue that always has enough. */
export const littleSolver = {
  suffices: async (width: number, height: number): Promise<Suffices> => ({
    ...{ verdict: 'enough', share: 0.99, stars: 867_014, completeTo: 11, deeper: [], problems: [] },
    message: `The built-in star catalogue suffices for your field of ${width.toFixed(2)}° × ${height.toFixed(2)}°.`,
  }),
};
