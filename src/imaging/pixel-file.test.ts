import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { emptyPrimary, extension, headerOf, imageFile } from './fits.fixture.ts';
import { integer, logical, text } from './fits-card.ts';
import { viewOf } from './fits-read.ts';
import { openPixels, withPixels } from './pixel-file.ts';
import { frameOf } from './pixels.fixture.ts';
import { previewPixels } from './preview.ts';
import { statisticsOf } from './statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixels-'));
after(() => rmSync(folder, { recursive: true }));

function written(bytes: Uint8Array): string {
  const file = join(folder, `${readdirSync(folder).length}.fits`);
  writeFileSync(file, bytes);
  return file;
}

const sevens = (length: number) => new Array<number>(length).fill(7);

const openFiles = () => readdirSync('/proc/self/fd').length;

test('what is computed from the file is what is computed from memory', async () => {
  const before = openFiles();
  for (const shape of [
    { width: 201, height: 99 },
    { width: 201, height: 99, bayer: 'GBRG' as const },
    { width: 201, height: 99, planes: 3 as const },
  ]) {
    const frame = frameOf(shape, (x, y, plane) => 1000 + 50 * plane + ((x * 7919 + y * 104_729) % 101));
    const view = viewOf(frame);
    const header = headerOf([
      logical('SIMPLE', true),
      ...[integer('BITPIX', 16), integer('NAXIS', 3), integer('BZERO', 32_768)],
      ...[shape.width, shape.height, frame.planes].map((length, axis) => integer(`NAXIS${axis + 1}`, length)),
      ...(frame.bayer ? [text('BAYERPAT', frame.bayer)] : []),
    ]);
    await withPixels(written(Buffer.concat([header, view.data])), (pixels) => {
      assert.ok('read' in pixels);
      for (const width of [50, 201])
        assert.deepEqual(previewPixels(pixels, width), previewPixels(view, width));
      assert.deepEqual(statisticsOf(pixels), statisticsOf(view));
    });
  }
  assert.equal(openFiles(), before);
});

test('an image in an extension is found', async () => {
  const file = written(Buffer.concat([emptyPrimary(), extension('IMAGE', 8, [30, 20], sevens(600))]));
  await withPixels(file, (pixels) => {
    assert.deepEqual([pixels.width, pixels.height, pixels.bitpix], [30, 20, 8]);
    assert.deepEqual(statisticsOf(pixels), { min: 7, max: 7, mean: 7, median: 7, saturated: 0 });
  });
});

test('images that must be unpacked or rearranged are left to the whole reader', async () => {
  const before = openFiles();
  const unusual = [
    gzipSync(imageFile(8, [30, 20], sevens(600))),
    imageFile(8, [30, 20], sevens(600), [integer('BLANK', 7)]),
    imageFile(64, [30, 20], sevens(600)),
    imageFile(8, [3, 30, 20], sevens(1800)),
  ].map(written);
  for (const file of unusual) {
    assert.equal(await openPixels(file), undefined);
    const { width, height } = await withPixels(file, (pixels) => pixels);
    assert.deepEqual([width, height], [30, 20]);
  }
  for (const none of [Buffer.from('BM'), Buffer.from('not a FITS file')]) {
    assert.equal(await openPixels(written(none)), undefined);
    await assert.rejects(
      withPixels(written(none), () => 0),
      /fits: no FITS file/,
    );
  }
  assert.equal(openFiles(), before);
});

test('bad files are refused by name, and what becomes shorter while it is read', async () => {
  const before = openFiles();
  await assert.rejects(openPixels(join(folder, 'none.fits')), /none\.fits: no such file/);
  await assert.rejects(openPixels(written(imageFile(8, [30, 20], []))), /fits: truncated/);
  await assert.rejects(openPixels(written(imageFile(8, [0, 20], []))), /fits: image size 0 x 20/);
  const shrinking = written(imageFile(8, [100, 30], sevens(3000)));
  await withPixels(shrinking, (pixels) => {
    truncateSync(shrinking, 2880 + 100);
    assert.throws(() => statisticsOf(pixels), /fits: it has become shorter/);
  });
  assert.equal(openFiles(), before);
  await assert.rejects(openPixels(folder), /directory/);
});
