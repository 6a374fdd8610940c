import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sumOf } from './checksum.ts';
import { allFacts } from './facts.fixture.ts';
import { real, text } from './fits-card.ts';
import { copyWithCards, WCS_KEYWORDS } from './fits-edit.ts';
import { readHeader } from './fits-header.ts';
import { packFrame } from './fits-pack.ts';
import { readFits } from './fits-read.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, bufferBytes, type Frame, HEADER_ROOM, type PixelFormat, pixelsOf } from './frame.ts';
import { headerCards } from './header.ts';

type Four = [string, string, string, string];

/** Noise of four bits, every thousandth value anything. */
function frameOf(format: PixelFormat, planes: 1 | 3 = 1): Frame {
  const frame = allocateFrame({ width: 97, height: 41, planes, format });
  const pixels = new DataView(frame.buffer, HEADER_ROOM, pixelsOf(frame).length);
  const size = format === 'u16' ? 2 : 4;
  let seed = 1;
  for (let at = 0; at < pixels.byteLength; at += size) {
    seed = (16_807 * seed) % 2_147_483_647;
    const value = seed % 1000 === 0 ? seed - 2 ** 30 : seed & 15;
    if (format === 'f32') pixels.setFloat32(at, value / 7);
    else if (format === 'i32') pixels.setInt32(at, value);
    else pixels.setInt16(at, value);
  }
  return { ...frame, dataSum: sumOf(frame.buffer, HEADER_ROOM, bufferBytes(frame) - HEADER_ROOM) };
}

test('a packed frame is smaller, signed, and left as it was', () => {
  const frame = frameOf('u16');
  const before = Buffer.from(pixelsOf(frame));
  const packed = packFrame(frame, headerCards(frame, allFacts));
  assert.ok(before.equals(pixelsOf(frame)));
  assert.equal(packed.length % 2880, 0);
  const { dataStart } = readHeader(packed);
  const tiles = packed.length - readHeader(packed, dataStart).dataStart;
  assert.ok(tiles < 0.5 * pixelsOf(frame).length + 2880, `${tiles} bytes`);
  assert.equal(sumOf(packed.buffer, packed.byteOffset + dataStart, packed.length - dataStart), 0xffffffff);
});

test('an image of one pixel, and one of a single value', () => {
  const one = allocateFrame({ width: 1, height: 1, format: 'i32' });
  new DataView(one.buffer, HEADER_ROOM).setInt32(0, -5);
  assert.deepEqual([...readFits(packFrame(one, headerCards(one, allFacts))).data], [255, 255, 255, 251]);
  const flat = allocateFrame({ width: 500, height: 3, format: 'u16' });
  pixelsOf(flat).fill(3);
  assert.deepEqual(new Set(readFits(packFrame(flat, headerCards(flat, allFacts))).data), new Set([3]));
});

const READ = `
import sys, warnings
warnings.simplefilter('error')
from astropy.io import fits
for file in sys.argv[1:]:
    with fits.open(file, checksum=True) as hdus, fits.open(file[:file.rindex('-')] + '-p.fits') as plain:
        hdus.verify('exception')
        image = hdus[1] if len(hdus) > 1 else hdus[0]
        assert (image.data == plain[0].data).all(), file
        assert image.header['LONGTEXT'] == plain[0].header['LONGTEXT'], file
        assert image.header.get('CRVAL1') == (83.25 if file.endswith('s.fits') else None), file
print(len(sys.argv) - 1, 'read')
`;
const PYTHON = '/usr/bin/python3';

const SOLUTION = [
  ...[text('CTYPE1', 'RA---TAN'), text('CTYPE2', 'DEC--TAN'), real('CRPIX1', 49), real('CRPIX2', 21)],
  ...[real('CRVAL1', 83.25), real('CRVAL2', -5.5)],
  ...[real('CD1_1', -1e-3), real('CD1_2', 0), real('CD2_1', 0), real('CD2_2', 1e-3)],
];

test("the field's readers unpack the same pixels, with a solution too", async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'fits-pack-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const run = (name: string, args: string[], expected: RegExp): boolean => {
    const { error, status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: 60_000 });
    if (error) t.diagnostic(`${name} is not installed: not asked`);
    else assert.ok(status === 0 && expected.test(stdout), `${name}: ${stdout}${stderr}`);
    return !error;
  };
  const files: string[] = [];
  for (const [format, planes] of [
    ['u16', 1],
    ['i32', 1],
    ['f32', 1],
    ['u16', 3],
  ] as const) {
    const frame = frameOf(format, planes);
    const cards = [...headerCards(frame, allFacts), text('LONGTEXT', 'more than a record '.repeat(6))];
    // Plain and packed, and both solved.
    const [p, z, ps, zs] = ['-p.fits', '-z.fits', '-p.s.fits', '-s.fits'].map((end) =>
      join(folder, format + planes + end),
    ) as Four;
    writeFileSync(p, sealFrame(frame, cards));
    writeFileSync(z, packFrame(frame, cards));
    await copyWithCards(p, ps, SOLUTION, WCS_KEYWORDS);
    await copyWithCards(z, zs, SOLUTION, WCS_KEYWORDS);
    files.push(p, z, ps, zs);
    const unpacked = join(folder, `${format}${planes}-unpacked.fits`);
    if (!run('funpack', ['-O', unpacked, zs], /^/)) continue;
    const image = readFits(readFileSync(unpacked));
    assert.ok(Buffer.from(image.data).equals(pixelsOf(frame)), `${format}, ${planes} planes`);
    assert.equal(image.header.get('CRVAL2'), -5.5);
    assert.equal(image.header.get('LONGTEXT'), 'more than a record '.repeat(6).trimEnd());
  }
  for (const file of files) run('fitsverify', ['-q', file], /^verification OK/);
  if (spawnSync(PYTHON, ['-c', 'import astropy'], { timeout: 30_000 }).status !== 0) {
    return t.diagnostic('astropy is not installed: not asked');
  }
  run(PYTHON, ['-c', READ, ...files], /16 read/);
});
