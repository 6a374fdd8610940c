import { arrange } from './arrange.ts';
import { viewOf } from './fits-read.ts';
import { allocateFrame } from './frame.ts';
import { previewPixels } from './preview.ts';
import { statisticsOf } from './statistics.ts';

/** CPU milliseconds of what is done to each frame: `node src/imaging/preview.bench.ts`. */
const ROUNDS = 5;

function cpu(name: string, work: () => void): void {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(
    `  ${name.padEnd(34)} median ${times[ROUNDS >> 1]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms`,
  );
}

for (const [width, height] of [
  [1280, 960],
  [6000, 4000],
] as const) {
  console.log(`${width} x ${height}`);
  const sky = Int32Array.from({ length: width * height }, (_, index) => 1200 + ((index * 7919) % 211));
  const columns = new Uint8Array(sky.buffer);
  const rows = new Uint8Array(Uint16Array.from(sky).buffer);
  const mono = allocateFrame({ width, height, format: 'u16' });
  cpu('arrange u16 row-major', () => arrange(rows, { element: 'u16', order: 'row-major' }, mono));
  cpu('arrange i32 column-major (Alpaca)', () =>
    arrange(columns, { element: 'i32', order: 'column-major' }, mono),
  );
  cpu('preview mono, 1200 wide', () => previewPixels(mono, 1200));
  cpu('preview Bayer, 1200 wide', () => previewPixels({ ...mono, bayer: 'RGGB' }, 1200));
  cpu('statistics', () => statisticsOf(viewOf(mono)));
}
