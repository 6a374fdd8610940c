import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { arrange } from './arrange.ts';
import { debayeredRows } from './debayer.ts';
import { headerOf } from './fits.fixture.ts';
import { integer, logical, text } from './fits-card.ts';
import { openFits } from './fits-open.ts';
import { type PixelView, viewOf } from './fits-read.ts';
import { allocateFrame } from './frame.ts';
import { type Kernels, loadKernels, referenceKernels } from './kernels/kernels.ts';
import { withPixels } from './pixel-file.ts';
import type { Pixels } from './pixels.ts';
import { previewPixels } from './preview.ts';
import { statisticsOf } from './statistics.ts';

/** CPU milliseconds of what is done to each frame: `node src/imaging/preview.bench.ts`. */
const ROUNDS = 5;
const COLUMNS = 1500;

sharp.cache(false);
sharp.concurrency(1);

async function cpu(name: string, work: () => unknown): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(
    `  ${name.padEnd(34)} median ${times[ROUNDS >> 1]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms`,
  );
}

/** What the page is sent. */
function jpeg(view: Pixels, kernels?: Kernels): Promise<Buffer> {
  const { width, height, channels, bytes } = previewPixels(view, COLUMNS, 'auto', undefined, kernels);
  const picture = sharp(bytes, { raw: { width, height, channels } });
  if (width > COLUMNS) picture.resize({ width: COLUMNS, kernel: 'lanczos2' });
  return picture.jpeg({ quality: 80 }).toBuffer();
}

function debayer(view: PixelView, kernels: Kernels): void {
  kernels.within((room) => {
    const { height, row } = debayeredRows(view, kernels, room);
    for (let y = 0; y < height; y++) row(y);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'preview-'));
const file = join(folder, 'bayer.fits');
const [binary, references] = [loadKernels(), referenceKernels()];
for (const [width, height] of [
  [1280, 960],
  [6000, 4000],
  [9576, 6388],
] as const) {
  console.log(`${width} x ${height}`);
  const rows = Uint16Array.from({ length: width * height }, (_, index) => 1200 + ((index * 7919) % 211));
  const frame = allocateFrame({ width, height, format: 'u16' });
  await cpu('arrange u16 row-major', () =>
    arrange(new Uint8Array(rows.buffer), { element: 'u16', order: 'row-major' }, frame),
  );
  const mono = viewOf(frame);
  const bayer: PixelView = { ...mono, bayer: 'RGGB' };
  await cpu('preview mono, JPEG', () => jpeg(mono));
  await cpu('preview Bayer, JPEG', () => jpeg(bayer));
  await cpu('preview Bayer, TypeScript kernels', () => jpeg(bayer, references));
  await cpu('preview as BITPIX 16 with BZERO 0', () => jpeg({ ...mono, zero: 0 }));
  await cpu('bilinear debayer', () => debayer(bayer, binary));
  await cpu('statistics', () => statisticsOf(mono));
  const header = headerOf([
    logical('SIMPLE', true),
    ...[integer('BITPIX', 16), integer('BZERO', 32_768), text('BAYERPAT', 'RGGB')],
    ...[integer('NAXIS', 2), integer('NAXIS1', width), integer('NAXIS2', height)],
  ]);
  writeFileSync(file, Buffer.concat([header, mono.data]));
  await cpu('preview of a file, in bands', () => withPixels(file, (pixels) => jpeg(pixels)));
  await cpu('preview of a file, read whole', async () => jpeg(await openFits(file)));
}
rmSync(folder, { recursive: true });
