import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../src/core/clock.ts';
import { BadInput } from '../../src/core/errors.ts';
import { integer } from '../../src/imaging/fits-card.ts';
import { reheaded } from '../../src/imaging/fits-edit.ts';
import { openFits } from '../../src/imaging/fits-open.ts';
import { type FitsImage, readFits } from '../../src/imaging/fits-read.ts';
import { chance as chanceOf } from '../sky/random.ts';
import { pick } from './fuzz-bytes.ts';
import { soundFiles, spoiled } from './fuzz-fits.ts';
import { grown, state, survive } from './fuzz-watch.ts';

/** However damaged, a file of some kilobytes is answered within this. */
const ANSWERED_MS = 2000;
/** MB. Of the process, while it reads: beyond what it had. The largest image that kilobytes can announce is a part of it. */
const READING_MB = 400;
const ALLOWED = { alive: 16, rss: 250 };
const MEGABYTE = 1 << 20;

/** Files that are bent, cut and full of lies: each is refused with a reason, or is an image of the announced size. */
export async function fuzzFiles(count: number, seed: number): Promise<undefined> {
  const chance = chanceOf(seed);
  const samples = soundFiles();
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-files-'));
  const outcomes = { images: 0, refused: 0 };
  let slowest = 0;
  let most = 0;
  try {
    const growth = await survive(ALLOWED, async (mark) => {
      const start = process.memoryUsage.rss();
      for (let done = 0; done < count; done++) {
        const sample = pick(chance, samples);
        const { how, file, same } = spoiled(chance, sample, samples);
        const begun = systemClock.monotonic();
        const image = await readAs(pick(chance, WAYS), file, folder).catch((error: unknown) => {
          assert.ok(error instanceof BadInput, `${sample.name}, ${how}: ${String((error as Error).stack)}`);
          assert.ok(error.message.length > 10, `${sample.name}, ${how}: '${error.message}' says nothing`);
          return undefined;
        });
        const took = systemClock.monotonic() - begun;
        assert.ok(took < ANSWERED_MS, `${sample.name}, ${how}: ${took} ms`);
        slowest = Math.max(slowest, took);
        most = Math.max(most, (process.memoryUsage.rss() - start) / MEGABYTE);
        assert.ok(most < READING_MB, `${sample.name}, ${how}: ${most} MB`);
        if (image) judge(image, same ? sample.image : undefined, `${sample.name}, ${how}`);
        outcomes[image ? 'images' : 'refused']++;
        if (done === Math.floor(count / 10)) await mark();
      }
    });
    state({
      files: count,
      ...outcomes,
      'slowest ms': slowest,
      'most MB while reading': most,
      ...grown(growth),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function judge(image: FitsImage, wanted: FitsImage | undefined, name: string): void {
  const { width, height, planes, bitpix, zero, scale, data } = image;
  assert.equal(data.length, (width * height * planes * Math.abs(bitpix)) / 8, `${name}: size of the data`);
  assert.ok(width > 0 && height > 0 && planes > 0 && Number.isFinite(zero) && Number.isFinite(scale), name);
  if (wanted) assert.ok(Buffer.from(data).equals(wanted.data), `${name}: other pixels`);
}

const WAYS = ['memory', 'memory', 'disk', 'gzip'] as const;

async function readAs(way: (typeof WAYS)[number], file: Uint8Array, folder: string): Promise<FitsImage> {
  if (way === 'memory') return readFits(file);
  const path = join(folder, 'file');
  await writeFile(path, way === 'gzip' ? gzipSync(file, { level: 1 }) : file);
  try {
    const image = await openFits(path);
    if (way === 'disk') await reheaded(path, [integer('K', 1)]);
    return image;
  } catch (thrown) {
    assert.ok(!(thrown instanceof BadInput) || thrown.message.startsWith(path), String(thrown));
    throw thrown;
  }
}
