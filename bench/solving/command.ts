import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { CATALOGUE, openAlbum, openLargeFrames, type Shot } from './album.ts';
import { measured } from './child.ts';
import { median } from './detection-judge.ts';
import { hintsFor } from './hints.ts';
import { ours } from './ours.ts';
import type { SolveOutcome, SolveTask } from './ours-solve.ts';

const program = join(import.meta.dirname, '../../dist/nightjar');
const PYTHON = '/usr/bin/python3';
const LIMIT_SECONDS = 60;
/** Judged by astropy: two of each kind. */
const JUDGED = /-[26]$/;

interface Judgement {
  name: string;
  stars: number;
  /** Of true stars through the written WCS, pixels. */
  rmsPixels: number;
  worstPixels: number;
  centreArcsec: number;
  distorted: boolean;
}

/** `nightjar solve` as a command: how long it takes from cold, how much memory, and what astropy says of its WCS. */
export async function command(): Promise<Figure[]> {
  if (!existsSync(program)) return [];
  const shots = openAlbum(console.log);
  const large = openLargeFrames(console.log);
  return [...(await fromCold(shots)), ...(await memory(large)), ...(await judged(shots))];
}

async function fromCold(shots: readonly Shot[]): Promise<Figure[]> {
  const chosen = shots.filter(({ truth: { spec } }) => /-[12]$/.test(spec.name) && spec.kind !== 'few');
  const tasks = chosen.map(({ file, truth: { spec } }) => ({
    file,
    hints: hintsFor(spec, 'blind'),
    catalogue: CATALOGUE,
  }));
  const { outcomes } = await ours<SolveTask, SolveOutcome>('ours-solve.ts', tasks);
  const over: number[] = [];
  for (const [i, { file }] of chosen.entries()) {
    const took = await nightjar(['solve', file]);
    over.push(took.wallSeconds - outcomes[i]!.wallSeconds);
  }
  const note = `blind, ${over.length} frames; the middle one and the worst; wall of the command less that of a warm process`;
  return [
    {
      measure: 'command from cold, over warm',
      unit: 's',
      nightjar: `${median(over).toFixed(2)} / ${Math.max(...over).toFixed(2)}`,
      note,
    },
  ];
}

async function memory(large: readonly Shot[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { file, truth } of large) {
    const megapixels = Math.round((truth.spec.width * truth.spec.height) / 1e6);
    for (const args of [
      ['solve', file],
      ['stars', file],
    ]) {
      const took = await nightjar(args);
      figures.push({
        measure: `nightjar ${args[0]}, ${megapixels} Mpx: resident at most`,
        unit: 'MiB',
        nightjar: Math.round(took.peakMiB),
        note: `${took.cpuSeconds.toFixed(2)} s CPU with the start of Node; exit ${took.code}`,
      });
    }
  }
  return figures;
}

/** Solved blind, its WCS written into a copy of the file, and the true stars sent through it by astropy. */
async function judged(shots: readonly Shot[]): Promise<Figure[]> {
  if (!existsSync('/usr/lib/python3/dist-packages/astropy')) return [];
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    const cases: unknown[] = [];
    let unsolved = 0;
    for (const { truth } of shots.filter(({ truth: { spec } }) => JUDGED.test(spec.name))) {
      const file = shots.find((shot) => shot.truth === truth)!.file;
      const wcs = join(directory, `${truth.spec.name}.fits`);
      const { code } = await nightjar(['solve', file, '--wcs', wcs]);
      if (code !== 0) {
        unsolved++;
        continue;
      }
      const { name, ra, dec, width, height, distortion } = truth.spec;
      const stars = truth.stars.filter(({ snr }) => snr >= 20).slice(0, 400);
      const places = stars.map((star) => [star.x, star.y, star.ra, star.dec]);
      cases.push({ name, wcs, ra, dec, width, height, distorted: distortion !== 0, stars: places });
    }
    const input = join(directory, 'cases.json');
    writeFileSync(input, JSON.stringify(cases));
    const judge = join(import.meta.dirname, 'wcs_judge.py');
    const { stdout } = await measured(PYTHON, [judge, input], { limitSeconds: 120, showErrors: true });
    const told = JSON.parse(stdout) as Judgement[];
    const line = (name: string, those: Judgement[]): Figure[] => [
      {
        measure: `astropy, ${name}: stars off by, rms, middle and worst frame`,
        unit: 'pixel',
        nightjar: middleAndMost(those.map(({ rmsPixels }) => rmsPixels)),
        note: `${those.length} frames, up to 400 true stars each, all over the frame`,
      },
      {
        measure: `astropy, ${name}: centre off by, middle and worst frame`,
        unit: '″',
        nightjar: middleAndMost(those.map(({ centreArcsec }) => centreArcsec)),
        note: unsolved > 0 ? `${unsolved} not solved` : '',
      },
    ];
    return [
      ...line(
        'without distortion',
        told.filter(({ distorted }) => !distorted),
      ),
      ...line(
        'distorted 0.5–3 %',
        told.filter(({ distorted }) => distorted),
      ),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const nightjar = (args: readonly string[]) =>
  measured(program, args, { limitSeconds: LIMIT_SECONDS, environment: { NIGHTJAR_CATALOGUE: CATALOGUE } });

const middleAndMost = (values: readonly number[]): string =>
  values.length === 0 ? '–' : `${median(values).toFixed(3)} / ${Math.max(...values).toFixed(3)}`;
