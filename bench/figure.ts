/** One line of the table. */
export interface Figure {
  measure: string;
  unit: string;
  /** Which of two numbers is the better one; absent: no comparison. */
  better?: 'more' | 'less';
  nightjar?: number | string;
  indiserver?: number | string;
  /** What limits it, or how it was measured. */
  note?: string;
}

export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.measure,
    shown(figure.nightjar),
    shown(figure.indiserver),
    figure.unit,
    ratio(figure),
    figure.note ?? '',
  ]);
  const head = ['', 'Nightjar', 'indiserver', '', 'ratio', ''];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  console.log(`\n${title}`);
  for (const row of [head, ...rows]) {
    const cells = row.map((text, column) =>
      column === 1 || column === 2 ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
    );
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** How many times better ours is. */
function ratio({ nightjar, indiserver, better }: Figure): string {
  if (typeof nightjar !== 'number' || typeof indiserver !== 'number' || !better) return '';
  const times = better === 'more' ? nightjar / indiserver : indiserver / nightjar;
  return Number.isFinite(times) ? `${times.toPrecision(2)} ×` : '';
}

function shown(value: number | string | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
