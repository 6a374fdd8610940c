import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput } from '../../core/errors.ts';
import { separation } from '../../sky/angle.ts';
import { spherical, type Vector } from '../../sky/vector.ts';
import { fitsTable, indexBytes, type WrittenIndex } from './astrometry.fixture.ts';
import { openIndexes, readStarIndex, type StarIndex } from './astrometry.ts';
import { openStars } from './stars.ts';

const folder = mkdtempSync(join(tmpdir(), 'index-'));
after(() => rmSync(folder, { recursive: true }));

const sky = openStars(new URL('../../../hil/sky/data/stars.bin', import.meta.url));
const bright = sky.near({ ra: 0, dec: 90 }, 180, { faintest: 6.5 });
const vectors = Array.from(
  { length: bright.length },
  (_, i) => [...bright.vectors.subarray(3 * i, 3 * i + 3)] as unknown as Vector,
);
const whole: WrittenIndex = {
  vectors,
  magnitudes: [...bright.magnitudes],
  ranks: vectors.map((_, i) => Math.min(200, i >> 7)),
  scale: 0.001,
  leaves: 128,
};

let written = 0;
function index(what: WrittenIndex, change = (bytes: Uint8Array) => bytes): StarIndex | undefined {
  const file = join(folder, `${written++}.fits`);
  writeFileSync(file, change(indexBytes(what)));
  return readStarIndex(file);
}

test('a walk down the tree finds what a search through all stars finds', () => {
  const catalogue = openIndexes('test', [index(whole)!]);
  assert.equal(catalogue.count, vectors.length);
  for (const [ra, dec, radius] of [
    [40, 89, 5],
    [359.9, -2, 4],
    [180, -90, 8],
    [83, -5, 25],
    [0, 0, 180],
  ] as const) {
    const expected = sky.near({ ra, dec }, radius, { faintest: 6.5 });
    const found = catalogue.near({ ra, dec }, radius);
    assert.equal(found.length, expected.length, `${ra} ${dec} ${radius}`);
    assert.deepEqual(found.magnitudes, expected.magnitudes);
    const few = catalogue.near({ ra, dec }, radius, { most: 7, faintest: 6 });
    assert.deepEqual(few.magnitudes, expected.magnitudes.slice(0, few.length));
    assert.ok(few.length <= 7);
  }
});

test('without magnitudes the ranks tell the order; of several scales the finest counts', () => {
  const { magnitudes: _, ...ranked } = whole;
  const coarse = index({ ...whole, scale: 0.02, vectors: vectors.slice(0, 300), leaves: 4 })!;
  const catalogue = openIndexes('test', [coarse, index(ranked)!]);
  const found = catalogue.near({ ra: 83, dec: -5 }, 20);
  assert.equal(found.length, sky.near({ ra: 83, dec: -5 }, 20, { faintest: 6.5 }).length);
  assert.ok(found.magnitudes.every((rank, i) => i === 0 || rank >= found.magnitudes[i - 1]!));
});

test('files of neighbouring parts of the sky overlap, and a star is there once', () => {
  const part = (keep: (v: Vector) => boolean): WrittenIndex => {
    const rows = vectors.flatMap((v, i) => (keep(v) ? [i] : []));
    return {
      ...whole,
      vectors: rows.map((i) => vectors[i]!),
      magnitudes: rows.map((i) => whole.magnitudes![i]!),
      ranks: rows.map((i) => whole.ranks[i]!),
      leaves: 64,
    };
  };
  const parts = [index(part(([x]) => x > -0.02))!, index(part(([x]) => x < 0.02))!];
  const found = openIndexes('test', parts).near({ ra: 90, dec: 10 }, 15);
  assert.equal(found.length, sky.near({ ra: 90, dec: 10 }, 15, { faintest: 6.5 }).length);
});

test('other FITS files are passed over; an index that cannot be used says why', () => {
  const image = join(folder, 'image.fits');
  writeFileSync(image, Buffer.from('SIMPLE  =                    T'.padEnd(80).concat('END').padEnd(2880)));
  assert.equal(readStarIndex(image), undefined);
  writeFileSync(image, 'no FITS at all'.padEnd(5000));
  assert.throws(() => readStarIndex(image), /no FITS file/);
  const replaced = (from: string, to: string) => (bytes: Uint8Array) => {
    const buffer = Buffer.from(bytes);
    const at = buffer.indexOf(from);
    buffer.write(to, at, 'latin1');
    return buffer;
  };
  assert.throws(() => index(whole, replaced('04:03:02:01', '01:02:03:04')), /big-endian/);
  assert.throws(
    () => index(whole, replaced("'kdtree_split_stars", "'kdtree_nosplit_st")),
    /form that is not known/,
  );
  const cut = index(whole, (bytes) => bytes.slice(0, bytes.length - 2880 * 20))!;
  assert.throws(() => openIndexes('test', [cut]).near({ ra: 0, dec: 0 }, 180), BadInput);
});

test('damage anywhere is a clear error or a changed star, never a crash', () => {
  const small = indexBytes({ ...whole, vectors: vectors.slice(0, 200), leaves: 8 });
  const file = join(folder, 'damaged.fits');
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const bytes = small.slice();
    // Headers are where it hurts: every second flip strikes one of their first cards.
    const at = (i * 7919) % (i % 2 === 0 ? small.length : 2880);
    bytes[i % 2 === 0 ? at : at + 2880 * (i % 8)] = (i * 131) % 256;
    writeFileSync(file, i % 10 === 0 ? bytes.subarray(0, at) : bytes);
    try {
      const index = readStarIndex(file);
      if (index) assert.ok(openIndexes('test', [index]).near({ ra: 0, dec: 0 }, 180).length <= 200);
    } catch (error) {
      assert.ok(error instanceof BadInput, `${i}: ${error}`);
      refused++;
    }
  }
  assert.ok(refused > 40, `${refused}`);
});

const tool = '/usr/bin/build-astrometry-index';
test('an index by astrometry.net itself reads', { skip: !existsSync(tool) && `no ${tool}` }, () => {
  const directory = join(folder, 'real');
  mkdirSync(directory);
  const centre = { ra: 45, dec: 1 };
  const stars = sky.near(centre, 3);
  const rows = Array.from({ length: stars.length }, (_, i) => {
    const { longitude, latitude } = spherical([
      ...stars.vectors.subarray(3 * i, 3 * i + 3),
    ] as unknown as Vector);
    return [longitude, latitude, stars.magnitudes[i]!] as const;
  });
  writeFileSync(join(directory, 'stars.fits'), fitsTable(rows));
  const made = join(directory, 'index.fits');
  const options = ['-P', '8', '-S', 'MAG', '-E', '-I', '1', '-M', '-p', '1', '-n', '100', '-t', directory];
  execFileSync(tool, ['-i', join(directory, 'stars.fits'), '-o', made, ...options], { stdio: 'ignore' });
  const catalogue = openIndexes('real', [readStarIndex(made)!]);
  const found = catalogue.near(centre, 1.5);
  const expected = sky.near(centre, 1.5);
  // Stars of no quad's neighbourhood at the border may be missing, none in the middle.
  assert.ok(found.length > 40 && found.length <= expected.length, `${found.length} of ${expected.length}`);
  for (let i = 0; i < found.length; i++) {
    const vector = [...found.vectors.subarray(3 * i, 3 * i + 3)] as unknown as Vector;
    const at = spherical(vector);
    const nearest = rows.reduce((best, [ra, dec]) => {
      return Math.min(best, separation({ ra, dec }, { ra: at.longitude, dec: at.latitude }));
    }, 9);
    assert.ok(nearest * 3600 < 0.01, `${nearest}`);
  }
});
