import type { AnyDriver } from '../device/driver.ts';
import type { Link } from '../wire/link.ts';
import { readOptions } from './options.ts';

export interface Judged {
  family: string;
  emulator: boolean;
  /** Who beside our own emulator has judged it: real INDI executables, recorded transcripts. */
  judges: readonly string[];
}

const links: Record<Link['kind'], string> = {
  stream: 'serial, TCP',
  http: 'HTTP',
  registers: 'I2C',
  lines: 'GPIO',
  'one-wire': '1-wire',
  program: 'INDI driver',
  inside: 'none',
};

/** `nightjar devices [--markdown]`: the census of families. */
export function devicesCommand(
  args: string[],
  drivers: readonly AnyDriver[],
  judged: readonly Judged[],
): number {
  const { values } = readOptions(args, { markdown: { type: 'boolean', default: false } });
  const rows = drivers.map(({ id, label, transport }) => {
    const known = judged.find(({ family }) => family === id);
    const by = known?.judges.join(', ') || '–';
    return [id, label, links[transport.kind], known?.emulator ? 'yes' : 'no', by];
  });
  const table = [['family', 'device', 'link', 'emulator', 'judged by'], ...rows];
  if (values.markdown) {
    const [head, ...body] = table.map((row) => `| ${row.join(' | ')} |`);
    console.log([head, `|${'---|'.repeat(5)}`, ...body].join('\n'));
    return 0;
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  return 0;
}
