import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sumOf } from '../checksum.ts';
import { allFacts } from '../facts.fixture.ts';
import { readFacts } from '../facts-read.ts';
import { numberIn, textIn } from '../fits-header.ts';
import { readFits } from '../fits-read.ts';
import { sealFrame } from '../fits-write.ts';
import { allocateFrame, pixelsOf } from '../frame.ts';
import { headerCards } from '../header.ts';
import { stackJobs } from './jobs.ts';
import { lightsOver, pictureOf, turn } from './sky.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'nightjar-stack-'));
after(() => rmSync(directory, { recursive: true }));

const [width, height] = [300, 200];
const lights = lightsOver(width, height, 60, 7);
const go = () => {};
const stack = 'a';

/** An exposure's file, its field shifted by that many pixels. */
function frame(shift: number, { bayer, of = lights }: { bayer?: 'RGGB'; of?: typeof lights } = {}) {
  const transform = turn(width, height, 0.2 * shift, shift, -shift);
  const view = pictureOf({ width, height, lights: of, transform, seed: 5 + shift, ...(bayer && { bayer }) });
  const made = allocateFrame({ width, height, format: 'u16', ...(bayer && { bayer }) });
  pixelsOf(made).set(view.data);
  const file = join(directory, `${shift}-${bayer ?? 'grey'}-${of.length}.fits`);
  writeFileSync(file, sealFrame(made, headerCards(made, allFacts)));
  return { file };
}

async function three(bayer?: 'RGGB') {
  const jobs = stackJobs();
  jobs.stackBegin({ stack });
  for (const shift of [0, 2, 5]) {
    const source = frame(shift, bayer && { bayer });
    const { figures, ...told } = await jobs.stackAdd({ stack, source }, go);
    assert.ok(told.added, JSON.stringify(told));
    assert.deepEqual([figures.width, figures.height, figures.factor], [width, height, 1]);
  }
  return jobs;
}

test('frames from files are stacked, and what does not belong is refused with its reason', async () => {
  const jobs = await three();
  const elsewhere = frame(1, { of: lightsOver(width, height, 61, 99) });
  const refused = await jobs.stackAdd({ stack, source: elsewhere }, go);
  assert.deepEqual([refused.added, refused.figures.frames], [false, 3]);
  assert.match(refused.added ? '' : refused.message, /not those of the stack/);
});

test('a picture of it is made at any time after the first frame', async () => {
  const jobs = await three('RGGB');
  const jpeg = await jobs.stackPreview({ stack, options: { width: 150, format: 'jpeg' } }, go);
  assert.deepEqual([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
  jobs.stackBegin({ stack: 'b' });
  assert.throws(() => jobs.stackPreview({ stack: 'b', options: { width: 150, format: 'jpeg' } }, go), {
    kind: 'refused',
  });
});

test('the file of a stack holds its means, what it is made of, and right sums', async () => {
  for (const bayer of ['RGGB', undefined] as const) {
    const jobs = await three(bayer);
    const file = join(directory, 'made', `${bayer}.fits`);
    const endUtc = allFacts.startUtc + 1e6;
    jobs.stackWrite({ stack, file, seconds: 901.5, endUtc }, go);
    const bytes = readFileSync(file);
    const { header, data, planes, bitpix } = readFits(bytes);
    assert.deepEqual([planes, bitpix, bytes.length % 2880], [bayer ? 3 : 1, -32, 0]);
    assert.deepEqual(
      ['STACKCNT', 'LIVETIME', 'EXPTIME', 'XPIXSZ'].map((keyword) => numberIn(header, keyword)),
      [3, 901.5, allFacts.seconds, 2 * 3.76],
    );
    assert.equal(textIn(header, 'OBJECT'), allFacts.object);
    assert.equal(textIn(header, 'BAYERPAT'), undefined);
    const middle = new DataView(data.buffer, data.byteOffset).getFloat32(4 * (100 * width + 150));
    assert.ok(middle > 900, `${middle}`);
    const whole = Uint8Array.from(bytes);
    assert.equal(sumOf(whole.buffer, 0, whole.length), 0xffffffff, 'FITS 4.0, appendix J');
  }
});

test('a stack is no exposure: nobody adopts its file as one', async () => {
  const jobs = await three();
  const file = join(directory, 'foundling.fits');
  jobs.stackWrite({ stack, file, seconds: 1, endUtc: 1e12 }, go);
  assert.equal(readFacts(readFits(readFileSync(file)).header), undefined);
});

test('writing never touches a file that is there, and leaves none behind when it is stopped', async () => {
  const jobs = await three();
  const there = join(directory, 'there.fits');
  writeFileSync(there, 'dear');
  const order = { stack, seconds: 1, endUtc: 1e12 };
  assert.throws(() => jobs.stackWrite({ ...order, file: there }, go), { kind: 'refused' });
  assert.equal(readFileSync(there, 'utf8'), 'dear');
  const stopped = join(directory, 'stopped.fits');
  const stop = () => {
    throw new Error('stopped');
  };
  assert.throws(() => jobs.stackWrite({ ...order, file: stopped }, stop), /stopped/);
  assert.ok(!existsSync(stopped));
});

test('what is meant for a stack that is gone says so; a file that is none is refused by name', async () => {
  const jobs = await three();
  assert.throws(() => jobs.stackAdd({ stack: 'other', source: frame(0) }, go), { kind: 'gone' });
  jobs.stackEnd({ stack: 'other' });
  const nonsense = join(directory, 'nonsense.fits');
  writeFileSync(nonsense, 'x'.repeat(5000));
  await assert.rejects(jobs.stackAdd({ stack, source: { file: nonsense } }, go), /nonsense\.fits/);
  jobs.stackEnd({ stack });
  assert.throws(() => jobs.stackAdd({ stack, source: frame(0) }, go), { kind: 'gone' });
});

test('adding is stopped in the middle of a frame, and the stack goes on', async () => {
  const jobs = await three();
  let looks = 0;
  const stop = () => {
    if (++looks > 6) throw new Error('stopped');
  };
  await assert.rejects(jobs.stackAdd({ stack, source: frame(9) }, stop), /stopped/);
  const { added, figures } = await jobs.stackAdd({ stack, source: frame(9) }, go);
  assert.deepEqual([added, figures.frames], [true, 4]);
});
