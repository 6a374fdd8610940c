import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { utcOf } from '../../src/core/clock.ts';
import { openStars } from '../../src/solve/catalogue/stars.ts';
import { readCsv } from './csv.ts';
import { encode } from './format.ts';

const folder = mkdtempSync(join(tmpdir(), 'csv-'));
after(() => rmSync(folder, { recursive: true }));
const written = (text: string, name = 'stars.csv', pack = (bytes: string): string | Uint8Array => bytes) => {
  const file = join(folder, name);
  writeFileSync(file, pack(text));
  return file;
};

test("a table of Gaia's archive, gzipped, becomes a catalogue at 2000.0", async () => {
  const lines = [
    'source_id,"ra",dec,pmra,pmdec,ref_epoch,phot_g_mean_mag',
    '1,120.5,60,-1000.0,2000.0,2016.0,12.5',
    '2,0.000001,-5,null,,2016.0,17.25',
    '3,10,10,1,1,2016.0,',
  ];
  const { stars, skipped } = await readCsv(written(lines.join('\r\n'), 'gaia.csv.gz', gzipSync));
  assert.equal(skipped, 1);
  assert.equal(stars.length, 2);
  assert.ok(Math.abs(stars[0]!.dec - (60 - 32 / 3600)) < 1e-9);
  assert.ok(
    Math.abs(stars[0]!.ra - (120.5 + 32 / 3600)) < 1e-9,
    'sixteen arc-seconds on the sky, at 60° twice the angle',
  );
  assert.deepEqual(stars[1], { ra: 0.000001, dec: -5, magnitude: 17.25 });

  const file = join(folder, 'own.bin');
  writeFileSync(file, encode(stars, -2));
  const sky = openStars(file);
  const then = sky.near({ ra: 120.5, dec: 60 }, 1 / 3600, { utc: utcOf(2016, 1, 1) });
  assert.equal(then.length, 1, 'in 2016 it stands where Gaia saw it');
  assert.equal(then.magnitudes[0], 12.5);
});

test('missing columns, words for numbers and an empty table are told with file and line', async () => {
  await assert.rejects(readCsv(written('ra,dec\n1,2')), /no column phot_g_mean_mag or gmag/);
  await assert.rejects(readCsv(written('ra,dec,mag\n1,2,3\n1,two,3')), /line 3: dec is two/);
  await assert.rejects(readCsv(written('ra,dec,mag\n1,95,3')), /declination 95/);
  await assert.rejects(readCsv(written('# nothing\n\n')), /no stars/);
});
