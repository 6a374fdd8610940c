import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput } from '../core/errors.ts';
import { arrange } from './arrange.ts';
import { allFacts } from './facts.fixture.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, type Frame } from './frame.ts';
import { headerCards } from './header.ts';
import { sendable, withImage } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'source-'));
after(() => rmSync(folder, { recursive: true }));

function large(): Frame {
  const frame = allocateFrame({ width: 1000, height: 800, format: 'u16' });
  return arrange(new Uint8Array(1_600_000).fill(3), { element: 'u16', order: 'row-major' }, frame);
}
const file = join(folder, 'a.fits');
writeFileSync(file, sealFrame(large(), headerCards(large(), allFacts)));

test('a file comes with its header, a frame without', async () => {
  assert.equal(
    await withImage({ file }, (image) => 'header' in image && image.header.get('NJ-ID')),
    allFacts.id,
  );
  assert.equal(await withImage(large(), (image) => 'header' in image), false);
});

test('files take turns, and a bad one keeps no other waiting', async () => {
  const order: string[] = [];
  const one = (name: string, path: string) =>
    withImage({ file: path }, () => void order.push(name)).catch((error) => {
      order.push(`${name} failed`);
      return error;
    });
  const results = await Promise.all([
    one('first', file),
    one('none', join(folder, 'none.fits')),
    one('second', file),
  ]);
  assert.deepEqual(order, ['first', 'none failed', 'second']);
  assert.ok(results[1] instanceof BadInput);
  await assert.rejects(
    withImage({ file }, () => {
      throw new Error('stopped');
    }),
    /stopped/,
  );
  assert.equal(await withImage({ file }, ({ width }) => width), 1000);
});

test('the pixels of a file are let go of when they have been used, those of a frame are not', async () => {
  let pixels: Uint8Array | undefined;
  await withImage({ file }, (image) => {
    pixels = image.data;
    assert.equal(pixels.length, 1_600_000);
  });
  assert.equal(pixels?.length, 0);
  const frame = large();
  await withImage(frame, (image) => {
    pixels = image.data;
  });
  assert.equal(pixels?.length, 1_600_000);
});

test("the camera's own file stays where it is", () => {
  const frame = { ...large(), native: { extension: '.cr2', bytes: new Uint8Array(9) } };
  assert.ok(!('native' in sendable(frame)));
  assert.deepEqual(sendable({ file }), { file });
});
