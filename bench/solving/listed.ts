import { cpus } from 'node:os';
import type { Figure } from '../figure.ts';
import { CATALOGUE } from './album.ts';
import { median } from './detection-judge.ts';
import { ours } from './ours.ts';
import type { ListOutcome, ListsTask } from './ours-lists.ts';
import { LIST_KINDS } from './star-lists.ts';

const MANY = 10_000;
const FEW = 1000;

/** Star lists, half of them no field at all, solved blind: none may come out wrong. */
export async function lists(full: boolean): Promise<Figure[]> {
  const count = full ? MANY : FEW;
  const processes = Math.min(4, cpus().length);
  const share = Math.ceil(count / processes);
  const parts = await Promise.all(
    Array.from({ length: processes }, (_, part) =>
      ours<ListsTask, ListOutcome>('ours-lists.ts', [
        { first: part * share, count: Math.min(share, count - part * share), catalogue: CATALOGUE },
      ]),
    ),
  );
  const outcomes = parts.flatMap((part) => part.outcomes);
  const wrong = outcomes.filter(({ verdict }) => verdict === 'wrong');
  return [
    {
      measure: `${count.toLocaleString('en')} star lists, blind: wrong`,
      unit: 'lists',
      nightjar: wrong.length,
      note: wrong.map(({ index, kind }) => `${kind} ${index}`).join(', '),
    },
    ...LIST_KINDS.map((kind): Figure => {
      const those = outcomes.filter((outcome) => outcome.kind === kind);
      const times = those.map(({ cpuMs }) => cpuMs);
      return {
        measure: `  ${those.length} ${kind}: CPU, middle and most`,
        unit: 'ms',
        nightjar: `${median(times).toFixed(1)} / ${Math.max(...times).toFixed(0)}`,
      };
    }),
    ...strangers.flatMap(([least, most]) =>
      widths.map(([from, to]) => solved(outcomes, { least, most, from, to })),
    ),
  ];
}

/** Shares of strangers, and degrees across. */
const strangers = [
  [0, 0.35],
  [0.35, 0.7],
] as const;
const widths = [
  [0.8, 5],
  [5, 20],
  [20, 60],
] as const;

function solved(
  outcomes: readonly ListOutcome[],
  { least, most, from, to }: { least: number; most: number; from: number; to: number },
): Figure {
  const those = outcomes.filter(({ strangers, real, across = 0 }) => {
    const share = strangers / (strangers + real);
    return real >= 12 && share >= least && share < most + 0.01 && across >= from && across < to;
  });
  const right = those.filter(({ verdict }) => verdict === 'right').length;
  return {
    measure: `  fields of ${from}° to ${to}°, ${100 * least} to ${100 * most} % strangers: solved`,
    unit: '',
    nightjar: `${right}/${those.length}`,
    note: 'twelve real stars or more; up to 30 % of the others missing',
  };
}
