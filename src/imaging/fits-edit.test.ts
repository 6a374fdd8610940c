import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BadInput } from '../core/errors.ts';
import { sumOf } from './checksum.ts';
import { allFacts } from './facts.fixture.ts';
import { emptyPrimary, extension, headerOf, imageFile } from './fits.fixture.ts';
import { integer, real, text } from './fits-card.ts';
import { copyWithCards, reheaded, WCS_KEYWORDS, withCards } from './fits-edit.ts';
import { readHeader } from './fits-header.ts';
import { packFrame } from './fits-pack.ts';
import { readFits } from './fits-read.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, bufferBytes, HEADER_ROOM, pixelsOf } from './frame.ts';
import { headerCards } from './header.ts';

const folder = mkdtempSync(join(tmpdir(), 'fits-edit-'));
after(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** 40 × 30 with its data sum. */
function signed() {
  const frame = allocateFrame({ width: 40, height: 30, format: 'u16' });
  pixelsOf(frame).forEach((_, index, pixels) => {
    pixels[index] = (7 * index) & 0xff;
  });
  return { ...frame, dataSum: sumOf(frame.buffer, HEADER_ROOM, bufferBytes(frame) - HEADER_ROOM) };
}

const SOLUTION = [
  text('CTYPE1', 'RA---TAN-SIP'),
  real('CRVAL1', 83.8),
  integer('A_ORDER', 2),
  real('A_2_0', 1e-7),
];
const words = (header: Uint8Array) => Buffer.from(header).toString('latin1');

test('cards are replaced where they stand, and an older solution goes: the new one is added behind, in its order', () => {
  const long = 'a text of more than one record, '.repeat(5);
  const header = headerOf([
    text('OBJECT', 'M 42'),
    real('CRVAL1', 1),
    text('CTYPE1', long),
    real('CROTA2', 3),
    real('CD1_1', 3),
    real('B_1_1', 3),
    text('OBSERVER', long),
    real('CRVAL1', 2),
    text('OTHER', long),
  ]);
  const edited = withCards(header, [...SOLUTION, text('OBSERVER', 'Zoe')], WCS_KEYWORDS);
  const { header: values, dataStart } = readHeader(edited);
  assert.equal(dataStart, edited.length);
  assert.deepEqual(
    [...values.keys()],
    ['OBJECT', 'OBSERVER', 'OTHER', 'CTYPE1', 'CRVAL1', 'A_ORDER', 'A_2_0'],
  );
  assert.equal(values.get('CRVAL1'), 83.8);
  assert.equal(values.get('CTYPE1'), 'RA---TAN-SIP');
  assert.equal(values.get('OBSERVER'), 'Zoe');
  assert.equal(values.get('OTHER'), long.trimEnd());
  assert.equal(words(edited).split('CRVAL1').length, 2, 'once');
});

test('comments and unknown records stay, blank ones at the end make room', () => {
  const records = ['COMMENT one', 'HISTORY two', 'HIERARCH ESO X = 1', '', 'K       = 1', '', ''];
  const header = Buffer.from(
    [...records, 'END']
      .map((record) => record.padEnd(80))
      .join('')
      .padEnd(2880),
    'latin1',
  );
  const lines = words(withCards(header, [integer('NEW', 5)]))
    .match(/.{80}/g)!
    .map((line) => line.trim());
  assert.deepEqual(lines.slice(0, 7), [...records.slice(0, 5), 'NEW     =                    5', 'END']);
});

test('what says how the data are stored is not to be changed', () => {
  const header = headerOf([integer('NAXIS', 0)]);
  for (const keyword of ['NAXIS1', 'BITPIX', 'BZERO', 'ZIMAGE', 'CHECKSUM', 'END']) {
    assert.throws(() => withCards(header, [integer(keyword, 1)]), BadInput, keyword);
  }
  assert.throws(() => withCards(new Uint8Array(2880), []), BadInput);
});

test('the checksum fits again; without a data sum there is none', () => {
  const frame = signed();
  const file = sealFrame(frame, headerCards(frame, allFacts));
  const { dataStart } = readHeader(file);
  const edited = withCards(file.subarray(0, dataStart), SOLUTION);
  const whole = new Uint8Array([...edited, ...file.subarray(dataStart)]);
  assert.equal(sumOf(whole.buffer, 0, whole.length), 0xffffffff, 'the sum of a sound unit is minus zero');
  assert.equal(readHeader(edited).header.get('DATASUM'), String(frame.dataSum));
  const unsigned = withCards(headerOf([text('CHECKSUM', 'abcdefghijklmnop'), text('A', 'b')]), []);
  assert.deepEqual([...readHeader(unsigned).header.keys()], ['A']);
});

test('a copy has the cards in the header of its image, and everything else as it was', async () => {
  const frame = signed();
  const cards = headerCards(frame, allFacts);
  const packed = packFrame(frame, cards);
  const plain = sealFrame(frame, cards);
  const primary = emptyPrimary();
  const table = extension('BINTABLE', 8, [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
  const many = Buffer.concat([primary, table, extension('IMAGE', 16, [2, 1], [5, 6]), table]);
  const target = join(folder, 'out.fits');
  for (const [name, bytes] of [
    ['plain.fits', plain],
    ['packed.fits.fz', packed],
    ['many.fits', many],
  ] as const) {
    const source = put(name, bytes);
    const many = Array.from({ length: 60 }, (_, index) => integer(`K${index}`, index));
    await copyWithCards(source, target, [...SOLUTION, ...many], WCS_KEYWORDS);
    const copy = readFileSync(target);
    const [before, now] = [readFits(bytes), readFits(copy)];
    assert.ok(Buffer.from(now.data).equals(before.data));
    assert.equal(now.header.get('CRVAL1'), 83.8);
    assert.equal(now.header.get('OBJECT'), before.header.get('OBJECT'));
    const { at, header, from, size } = await reheaded(source, [...SOLUTION, ...many], WCS_KEYWORDS);
    assert.equal(size, copy.length);
    assert.deepEqual(Buffer.concat([bytes.subarray(0, at), header, bytes.subarray(from)]), copy);
  }
  const zipped = put('plain.fits.gz', gzipSync(plain));
  await copyWithCards(zipped, target, SOLUTION);
  assert.equal(readFits(readFileSync(target)).header.get('CRVAL1'), 83.8);
  await assert.rejects(reheaded(zipped, SOLUTION), /plain\.fits\.gz: gzipped/);
});

test('a copy may replace its source, and nothing half-written is left behind', async () => {
  const source = put('same.fits', imageFile(16, [2, 2], [1, 2, 3, 4]));
  await copyWithCards(source, source, SOLUTION);
  assert.equal(readFits(readFileSync(source)).header.get('A_ORDER'), 2);
  const stop = () => assert.fail('stop');
  await assert.rejects(copyWithCards(source, join(folder, 'never.fits'), SOLUTION, undefined, stop), /stop/);
  await assert.rejects(
    copyWithCards(source, join(folder, 'no', 'x.fits'), SOLUTION),
    /^BadInput: \S*x\.fits: no such file/,
  );
  // Renaming would put a file in a device's place.
  await assert.rejects(copyWithCards(source, '/dev/null', SOLUTION), /^BadInput: \/dev\/null: is no file/);
  await assert.rejects(copyWithCards(source, folder, SOLUTION), /is a directory/);
  await assert.rejects(
    copyWithCards(join(folder, 'none'), join(folder, 'y'), SOLUTION),
    /none: no such file/,
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => /never|\.part$|^y$/.test(name)),
    [],
  );
});
