import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { columns, type Figure } from '../figure.ts';
import { CATALOGUE, openAlbum } from './album.ts';
import { type Answer, centreError, type Verdict, verdictOf } from './answer.ts';
import type { Framing } from './camera.ts';
import { median } from './detection-judge.ts';
import { KINDS } from './frame-spec.ts';
import { type Hint, hintsFor } from './hints.ts';
import { ours } from './ours.ts';
import type { SolveOutcome, SolveTask } from './ours-solve.ts';
import { openRealPhotographs } from './real-photographs.ts';
import { openPeers, type Solver } from './solvers.ts';

/** A frame to be solved. */
interface Sitting {
  file: string;
  name: string;
  kind: string;
  framing: Framing;
  /** Whether a solver must: it shows ten catalogue stars or more. */
  demanded: boolean;
}

interface Result {
  verdict: Verdict;
  cpuSeconds: number;
  answer: Answer | undefined;
}

interface Run {
  results: Result[];
  peakMiB: number;
}

/** Of frames that any solver must place. */
const VISIBLE = 10;
/** The stars that the bundle carries. */
const EXTRACT = join(import.meta.dirname, '../../dist/share');
const NOTE_ON_EXTRACT = 'with the stars that the bundle carries, to magnitude 11, and no others';
const MEGAPIXELS_24 = 23e6;
/** Searching the whole sky takes solve-field up to a minute: one frame of each kind. */
const BLIND_PEER_FRAME = '-2';

export async function solving(full: boolean): Promise<Figure[]> {
  const sittings = openAlbum(console.log).map(({ file, truth }) => ({
    file,
    name: truth.spec.name,
    kind: truth.spec.kind,
    framing: truth.spec,
    demanded: truth.visible >= VISIBLE,
  }));
  const photographs = openRealPhotographs(console.log).map((photograph) => ({
    ...photograph,
    kind: 'photograph',
    demanded: true,
  }));
  const { solvers, missing } = openPeers();
  for (const line of missing) console.log(`  ${line}`);
  const near = await everyone(sittings, 'near', solvers);
  const scale = await everyone(sittings, 'scale', []);
  const blind = await everyone(sittings, 'blind', []);
  const extract = existsSync(join(EXTRACT, 'quads.bin')) && (await nightjar(sittings, 'blind', EXTRACT));
  const some = full ? sittings : sittings.filter(({ name }) => name.endsWith(BLIND_PEER_FRAME));
  const blindPeers = await everyone(
    some,
    'blind',
    solvers.filter(({ name }) => name === 'solve-field'),
  );
  const real = await everyone(photographs, 'near', solvers);
  const realBlind = await everyone(photographs, 'blind', []);
  return [
    ...summary('near', 'told place ±2° and scale ±10 %', sittings, near),
    ...KINDS.map((kind) => success(`  of them ${kind}`, sittings, near, (sitting) => sitting.kind === kind)),
    ...onFramesAllSolve(sittings, near),
    ...summary('scale', 'told the scale ±10 %', sittings, scale),
    ...summary('blind', 'told nothing', sittings, blind),
    ...(extract
      ? summary('blind, extract', NOTE_ON_EXTRACT, sittings, new Map([['nightjar', extract]]))
      : []),
    ...summary(
      'blind beside solve-field',
      full ? 'told nothing' : 'told nothing; one frame a kind',
      some,
      blindPeers,
    ),
    ...summary('real photographs', 'told place and scale; Debian: stellarium-data', photographs, real),
    ...summary('real photographs, blind', 'told nothing', photographs, realBlind),
    ...large(sittings, near, blind),
  ];
}

async function everyone(
  sittings: readonly Sitting[],
  hint: Hint,
  solvers: readonly Solver[],
): Promise<Map<string, Run>> {
  const runs = new Map<string, Run>([['nightjar', await nightjar(sittings, hint)]]);
  for (const { name } of solvers) runs.set(name, { results: [], peakMiB: 0 });
  const errands = solvers.flatMap((solver) => sittings.map((sitting, i) => ({ solver, sitting, i })));
  // Two at a time: each uses one core, and their CPU is counted, not their time.
  const runner = async () => {
    for (let errand = errands.shift(); errand; errand = errands.shift()) {
      const { solver, sitting, i } = errand;
      const { answer, cpuSeconds, peakMiB } = await solver.solve(sitting.file, sitting.framing, hint);
      const run = runs.get(solver.name)!;
      run.results[i] = { answer, cpuSeconds, verdict: verdictOf(answer, sitting.framing) };
      run.peakMiB = Math.max(run.peakMiB, peakMiB);
    }
  };
  await Promise.all([runner(), runner()]);
  return runs;
}

async function nightjar(sittings: readonly Sitting[], hint: Hint, catalogue = CATALOGUE): Promise<Run> {
  const tasks = sittings.map(({ file, framing }) => ({
    file,
    hints: hintsFor(framing, hint),
    catalogue,
  }));
  const { outcomes, peakMiB } = await ours<SolveTask, SolveOutcome>('ours-solve.ts', tasks);
  const results = outcomes.map(({ answer, cpuSeconds }, i) => ({
    answer,
    cpuSeconds,
    verdict: verdictOf(answer, sittings[i]!.framing),
  }));
  return { results, peakMiB };
}

function summary(
  name: string,
  note: string,
  sittings: readonly Sitting[],
  runs: ReadonlyMap<string, Run>,
): Figure[] {
  const each = (value: (run: Run) => number | string) => columns(runs, value);
  const cpu = ({ results }: Run) =>
    results.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / results.length;
  return [
    { ...success(`${name}: solved`, sittings, runs, () => true), note },
    {
      measure: `${name}: wrong`,
      unit: 'frames',
      ...each(({ results }) => results.filter(({ verdict }) => verdict === 'wrong').length),
    },
    { measure: `${name}: CPU, mean of all`, unit: 's', better: 'less', ...each(cpu) },
    {
      measure: `${name}: resident at most`,
      unit: 'MiB',
      ...each(({ peakMiB }) => Math.round(peakMiB)),
      note: 'largest process; ours one for all frames',
    },
  ];
}

/** Share solved of those that show ten catalogue stars. */
function success(
  measure: string,
  sittings: readonly Sitting[],
  runs: ReadonlyMap<string, Run>,
  counts: (sitting: Sitting) => boolean,
): Figure {
  const asked = sittings.flatMap((sitting, i) => (sitting.demanded && counts(sitting) ? [i] : []));
  return {
    measure,
    unit: 'frames',
    ...columns(runs, ({ results }) => {
      const right = asked.filter((i) => results[i]!.verdict === 'right').length;
      return `${right}/${asked.length}`;
    }),
  };
}

function onFramesAllSolve(sittings: readonly Sitting[], runs: ReadonlyMap<string, Run>): Figure[] {
  if (runs.size < 2) return [];
  const both = sittings.flatMap((_, i) =>
    [...runs.values()].every(({ results }) => results[i]!.verdict === 'right') ? [i] : [],
  );
  const total = ({ results }: Run) => both.reduce((sum, i) => sum + results[i]!.cpuSeconds, 0) / both.length;
  return [
    {
      measure: 'near: CPU, mean of frames that all solve',
      unit: 's',
      better: 'less',
      ...columns(runs, total),
      note: `${both.length} frames`,
    },
    {
      measure: 'near: centre off, middle one and worst',
      unit: '″',
      ...columns(runs, ({ results }) => {
        const errors = both
          .filter((i) => sittings[i]!.framing.distortion === 0)
          .map((i) => centreError(results[i]!.answer!, sittings[i]!.framing));
        return `${median(errors).toFixed(3)} / ${Math.max(...errors).toFixed(2)}`;
      }),
      note: 'those of them without distortion',
    },
  ];
}

function large(
  sittings: readonly Sitting[],
  near: ReadonlyMap<string, Run>,
  blind: ReadonlyMap<string, Run>,
): Figure[] {
  const those = sittings.flatMap(({ framing: { width, height } }, i) =>
    width * height > MEGAPIXELS_24 ? [i] : [],
  );
  const cpu = ({ results }: Run) => median(those.map((i) => results[i]!.cpuSeconds));
  const note = `from the file to its WCS, warm, the middle one of ${those.length}`;
  return [
    { measure: '24 Mpx, near: CPU', unit: 's', better: 'less', ...columns(near, cpu), note },
    { measure: '24 Mpx, blind: CPU', unit: 's', better: 'less', ...columns(blind, cpu), note },
  ];
}
