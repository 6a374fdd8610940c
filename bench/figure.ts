/** One line of the table. */
export interface Figure {
  measure: string;
  unit: string;
  /** Which of two numbers is the better one; absent: no comparison. */
  better?: 'more' | 'less';
  nightjar?: number | string;
  /** The same of others, by name. */
  peers?: Readonly<Record<string, number | string>>;
  /** What limits it, or how it was measured. */
  note?: string;
}

/** A column for Nightjar and one for each peer that any of the figures names. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  const peers = [...new Set(figures.flatMap((figure) => Object.keys(figure.peers ?? {})))];
  const rows = figures.map((figure) => [
    figure.measure,
    shown(figure.nightjar),
    ...peers.map((peer) => shown(figure.peers?.[peer])),
    figure.unit,
    ratio(figure),
    figure.note ?? '',
  ]);
  const head = ['', 'Nightjar', ...peers, '', peers.length > 0 ? 'ratio' : '', ''];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  console.log(`\n${title}`);
  for (const row of [head, ...rows]) {
    const cells = row.map((text, column) =>
      column >= 1 && column <= 1 + peers.length
        ? text.padStart(widths[column]!)
        : text.padEnd(widths[column]!),
    );
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** How many times better ours is than the best of the others. */
function ratio({ nightjar, peers = {}, better }: Figure): string {
  const theirs = Object.values(peers).filter((value) => typeof value === 'number');
  if (typeof nightjar !== 'number' || theirs.length === 0 || !better) return '';
  const times = better === 'more' ? nightjar / Math.max(...theirs) : Math.min(...theirs) / nightjar;
  return Number.isFinite(times) ? `${times.toPrecision(2)} ×` : '';
}

function shown(value: number | string | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** A value of each one's result: `nightjar`'s in its own place, the others' by name. */
export function columns<Result>(
  results: ReadonlyMap<string, Result>,
  value: (result: Result) => number | string,
): Pick<Figure, 'nightjar' | 'peers'> {
  const told = [...results].map(([name, result]) => [name, value(result)] as const);
  const peers = told.filter(([name]) => name !== 'nightjar');
  const ours = told.find(([name]) => name === 'nightjar');
  return {
    ...(ours ? { nightjar: ours[1] } : {}),
    ...(peers.length > 0 ? { peers: Object.fromEntries(peers) } : {}),
  };
}
