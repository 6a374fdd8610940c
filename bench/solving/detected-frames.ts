import { existsSync } from 'node:fs';
import { columns, type Figure } from '../figure.ts';
import { openAlbum, type Shot } from './album.ts';
import { type Marks, marksOf, median } from './detection-judge.ts';
import { type Detection, openDetectors } from './detectors.ts';
import type { Kind } from './frame-spec.ts';
import { ours } from './ours.ts';
import type { DetectOutcome, DetectTask } from './ours-detect.ts';

/** At these thresholds, each in its own sense, all of them find about as many stars. */
const SIGMA = { nightjar: 5, peer: 1.8 };
/** Faults, light and shapes that a count of stars at SNR 10 says little of: told apart. */
const PLAIN: readonly Kind[] = ['clean', 'moon', 'few', 'satellite', 'distorted', 'bayer', 'columns'];
const TOLD_APART: readonly Kind[] = ['clouds', 'nebula', 'trailed', 'defocused'];
const MEGAPIXELS_24 = 23e6;

/** Photographs that stand on the machine with other packages: [file, HDU, what it is]. Licences in each package. */
const photographs: readonly (readonly [string, string])[] = [
  [
    '/usr/share/python-drizzle/test_data/j8bt06nyq_flt.fits',
    'HST ACS, 47 Tuc (python-drizzle-testdata, BSD-3)',
  ],
  [
    '/usr/lib/python3/dist-packages/ccdproc/tests/data/a8280271.fits',
    'SAAO 1 m, donuts (python3-ccdproc, BSD-3)',
  ],
  ['/usr/lib/eso-midas/22FEB/test/prim/dss_test1.fits', 'DSS plate (eso-midas-testdata)'],
  ['/usr/lib/eso-midas/22FEB/test/prim/dss_test2.fits', 'DSS plate (eso-midas-testdata)'],
  [
    '/usr/lib/eso-midas/22FEB/test/prim/ISAAC.2006-04-13T06:32:38.944.fits',
    'VLT ISAAC, pulsar (eso-midas-testdata)',
  ],
];

interface Run {
  detections: Pick<Detection, 'cpuSeconds'>[];
  marks: Marks[];
  peakMiB: number;
}

export async function detection(): Promise<Figure[]> {
  const shots = openAlbum(console.log);
  const { detectors, missing } = openDetectors();
  for (const line of missing) console.log(`  ${line}`);
  const runs = new Map<string, Run>([['nightjar', await nightjar(shots)]]);
  for (const { name, detect } of detectors) {
    const detections = await detect(
      shots.map(({ file }) => file),
      SIGMA.peer,
    );
    const marks = detections.map(({ found }, i) => marksOf(found ?? [], shots[i]!.truth));
    const peakMiB = Math.max(...detections.map((detected) => detected.peakMiB));
    runs.set(name, { detections, marks, peakMiB });
  }
  const plain = shots.flatMap(({ truth }, i) => (PLAIN.includes(truth.spec.kind) ? [i] : []));
  const large = shots.flatMap(({ truth: { spec } }, i) =>
    spec.width * spec.height > MEGAPIXELS_24 ? [i] : [],
  );
  return [
    {
      measure: `stars found in ${shots.length} frames`,
      unit: '',
      ...columns(runs, ({ marks }) => sum(marks.map(({ found }) => found))),
      note: `threshold ${SIGMA.nightjar} σ of the matched filter, theirs ${SIGMA.peer} σ of a pixel`,
    },
    {
      measure: 'CPU, all frames',
      unit: 's',
      better: 'less',
      ...columns(runs, ({ detections }) => sum(detections.map(({ cpuSeconds }) => cpuSeconds))),
      note: 'ours and sep without reading the file; full resolution, all stars',
    },
    {
      measure: 'CPU, 24 Mpx, the middle one',
      unit: 's',
      better: 'less',
      ...columns(runs, ({ detections }) => median(large.map((i) => detections[i]!.cpuSeconds))),
      note: `${large.length} frames`,
    },
    {
      measure: 'stars found, 24 Mpx, the middle one',
      unit: '',
      ...columns(runs, ({ marks }) => median(large.map((i) => marks[i]!.found))),
    },
    { measure: 'resident at most', unit: 'MiB', ...columns(runs, ({ peakMiB }) => Math.round(peakMiB)) },
    ...marked('plain frames', runs, plain),
    ...TOLD_APART.flatMap((kind) =>
      marked(
        kind,
        runs,
        shots.flatMap(({ truth }, i) => (truth.spec.kind === kind ? [i] : [])),
      ),
    ),
    ...(await real()),
  ];
}

async function nightjar(shots: readonly Shot[]): Promise<Run> {
  const tasks = shots.map(({ file }) => ({ file, sigma: SIGMA.nightjar }));
  const { outcomes, peakMiB } = await ours<DetectTask, DetectOutcome>('ours-detect.ts', tasks);
  const marks = outcomes.map(({ found }, i) => marksOf(found, shots[i]!.truth));
  return { detections: outcomes, marks, peakMiB };
}

function marked(name: string, runs: ReadonlyMap<string, Run>, those: readonly number[]): Figure[] {
  const middle = (of: keyof Marks) => (run: Run) => {
    const values = those.map((i) => run.marks[i]![of]).filter((value) => !Number.isNaN(value));
    return values.length > 0 ? median(values) : '–';
  };
  const share = (part: (marks: Marks) => number, whole: (marks: Marks) => number) => (run: Run) => {
    const told = those.map((i) => run.marks[i]!).filter((marks) => !Number.isNaN(part(marks)));
    const all = sum(told.map(whole));
    return all > 0 ? `${((100 * sum(told.map(part))) / all).toFixed(1)} %` : '–';
  };
  return [
    {
      measure: `${name}: lone stars at SNR 10 found`,
      unit: '',
      ...columns(
        runs,
        share(
          ({ completeness, judgedComplete }) => completeness * judgedComplete,
          ({ judgedComplete }) => judgedComplete,
        ),
      ),
    },
    {
      measure: `${name}: found where no star is`,
      unit: '',
      ...columns(
        runs,
        share(
          ({ spurious, found }) => spurious * found,
          ({ found }) => found,
        ),
      ),
    },
    { measure: `${name}: half-flux radius ÷ true`, unit: '', ...columns(runs, range('hfr', those)) },
    {
      measure: `${name}: place off by, rms of an axis`,
      unit: 'pixel',
      better: 'less',
      ...columns(runs, middle('placePixels')),
    },
  ];
}

/** The middle frame's, and the extremes. */
const range = (of: keyof Marks, those: readonly number[]) => (run: Run) => {
  const values = those.map((i) => run.marks[i]![of]).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return '–';
  return [median(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toFixed(3))
    .join(' / ');
};

/** Stars counted in real photographs whose fields are too small to be solved by any of the catalogues. */
async function real(): Promise<Figure[]> {
  const there = photographs.filter(([file]) => existsSync(file));
  if (there.length === 0) return [];
  const tasks = there.map(([file]) => ({ file, sigma: SIGMA.nightjar }));
  const { outcomes } = await ours<DetectTask, DetectOutcome>('ours-detect.ts', tasks);
  const { detectors } = openDetectors();
  const files = there.map(([file]) => file);
  const told = await Promise.all(
    detectors.map(async ({ name, detect }) => [name, await detect(files, SIGMA.peer)] as const),
  );
  return there.map(([, what], i) => ({
    measure: `stars: ${what}`,
    unit: '',
    nightjar: outcomes[i]!.found.length,
    peers: Object.fromEntries(told.map(([name, of]) => [name, of[i]!.found?.length ?? 'failed'])),
  }));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
