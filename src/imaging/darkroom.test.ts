import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { startThread } from '../core/thread.ts';
import { FrameBudget } from './budget.ts';
import { createDarkroom } from './darkroom.ts';
import { allFacts } from './facts.fixture.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, bufferBytes, type FrameShape, pixelsOf } from './frame.ts';
import { headerCards } from './header.ts';
import type { ImagingJobs } from './jobs.ts';
import { ImagingWorker } from './worker-client.ts';

const shape: FrameShape = { width: 64, height: 48, format: 'u16' };
const entry = new URL('../worker.ts', import.meta.url);
const thread = startThread<ImagingJobs>(entry, systemClock);
const worker = new ImagingWorker(thread);
const folder = mkdtempSync(join(tmpdir(), 'darkroom-'));
after(async () => {
  await thread.close();
  rmSync(folder, { recursive: true });
});

const raw = () =>
  new Uint8Array(Uint16Array.from({ length: 64 * 48 }, (_, index) => 1000 + (index % 97)).buffer);
const layout = { element: 'u16', order: 'row-major' } as const;
const isFault = (kind: string) => (error: unknown) => error instanceof Fault && error.kind === kind;

test('bytes become a frame, and their room is free again when they do not', async () => {
  const budget = new FrameBudget(bufferBytes(shape));
  const darkroom = createDarkroom({ worker, budget });
  await assert.rejects(darkroom.develop(shape, new Uint8Array(5), layout), isFault('garbled'));
  const given = raw();
  const frame = await darkroom.develop(shape, given, layout);
  assert.equal(given.length, 0, 'given away');
  assert.deepEqual([...pixelsOf(frame).subarray(0, 2)], [0x83, 0xe8]);
  assert.equal(typeof frame.dataSum, 'number');
  assert.equal(budget.spent, bufferBytes(shape));
  darkroom.release(frame);
  assert.equal(budget.spent, 0);
});

test("a foreign camera's FITS becomes the same frame", async () => {
  const darkroom = createDarkroom({ worker, budget: new FrameBudget(1e7) });
  const frame = await darkroom.develop({ ...shape, bayer: 'GRBG' }, raw(), layout);
  const { frame: copy, header } = await darkroom.developFits(sealFrame(frame, headerCards(frame, allFacts)));
  assert.notEqual(copy.buffer, frame.buffer);
  assert.deepEqual(pixelsOf(copy), pixelsOf(frame));
  assert.equal(copy.bayer, 'GRBG');
  assert.equal(copy.dataSum, frame.dataSum);
  assert.equal(header.get('INSTRUME'), allFacts.camera.name);
  await assert.rejects(darkroom.developFits(new Uint8Array(5)), BadInput);
});

test("pictures of photo cameras become frames, grey or colour, and stay the caller's", async () => {
  const budget = new FrameBudget(1e6);
  const darkroom = createDarkroom({ worker, budget });
  const background = { r: 250, g: 120, b: 7 };
  const colour = sharp({ create: { width: 20, height: 10, channels: 3, background } });
  const file = new Uint8Array(await colour.png().toBuffer());
  const frame = await darkroom.developPicture(file);
  assert.deepEqual([frame.width, frame.height, frame.planes, frame.format], [20, 10, 3, 'u16']);
  const pixels = pixelsOf(frame);
  const planeBytes = 20 * 10 * 2;
  assert.deepEqual(
    [0, 1, 2].map((plane) => pixels[plane * planeBytes + 1]),
    [250, 120, 7],
  );
  assert.ok(file.length > 0);
  const grey = new Uint8Array(await colour.toColourspace('b-w').jpeg().toBuffer());
  assert.equal((await darkroom.developPicture(grey)).planes, 1);
  const spent = budget.spent;
  await assert.rejects(darkroom.developPicture(new Uint8Array(50)), BadInput);
  await assert.rejects(darkroom.developPicture(file.subarray(0, file.length - 60)), BadInput);
  assert.equal(budget.spent, spent, 'its room is free again');
});

test('previews are pictures of the width asked for, of frames and of files', async () => {
  const frame = await worker.arrange(raw(), layout, allocateFrame(shape));
  const path = join(folder, 'a.fits');
  writeFileSync(path, sealFrame(frame, headerCards(frame, allFacts)));
  for (const source of [frame, { file: path }]) {
    for (const format of ['jpeg', 'webp'] as const) {
      const metadata = await sharp(await worker.preview(source, { width: 40, format })).metadata();
      assert.deepEqual([metadata.format, metadata.width, metadata.height], [format, 40, 30]);
    }
  }
  assert.equal((await worker.statistics(frame)).min, 1000);
  writeFileSync(path, 'no image');
  await assert.rejects(
    worker.preview({ file: path }, { width: 40, format: 'jpeg' }),
    /a\.fits: no FITS file/,
  );
  await assert.rejects(worker.preview(frame, { width: 1e9, format: 'jpeg' }), BadInput);
});

test('the budget makes the next frame wait, in order, until users let go', async () => {
  const budget = new FrameBudget(2 * bufferBytes(shape));
  const first = await budget.allocate(shape);
  const second = await budget.allocate(shape);
  budget.retain(first);
  const order: string[] = [];
  const third = budget.allocate(shape).then((frame) => order.push('third') && frame);
  const stop = new AbortController();
  const stopped = budget.allocate(shape, stop.signal);
  const fourth = budget.allocate(shape).then(() => order.push('fourth'));
  stop.abort(new Error('stopped'));
  await assert.rejects(stopped, /stopped/);
  budget.release(first);
  await systemClock.turn();
  assert.deepEqual(order, [], 'the first has another user');
  budget.release({ ...first });
  await third;
  budget.release(first);
  assert.equal(budget.spent, budget.bytes, 'releasing twice frees once');
  budget.release(second);
  await fourth;
  assert.deepEqual(order, ['third', 'fourth']);
  await assert.rejects(budget.allocate({ ...shape, width: 6400 }), isFault('refused'));
});
