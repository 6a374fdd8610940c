import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import { BadInput } from '../../src/core/errors.ts';
import { openPhotographs } from './photographs.ts';
import { createWorld } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'photographs-'));
after(() => rmSync(folder, { recursive: true }));

/** Pads to blocks of 2880. */
function header(...cards: string[]): Buffer {
  const text = [...cards, 'END'].map((card) => card.padEnd(80)).join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880), 'latin1');
}
const card = (keyword: string, value: string | number) =>
  `${keyword.padEnd(8)}= ${String(value).padStart(20)} / set`;
const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc((2880 - (data.length % 2880)) % 2880)]);
const image = (bitpix: number, width: number, height: number, ...more: string[]) =>
  header(
    card('SIMPLE', 'T'),
    card('BITPIX', bitpix),
    card('NAXIS', 2),
    card('NAXIS1', width),
    card('NAXIS2', height),
    ...more,
  );

function file(name: string, ...parts: Buffer[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, Buffer.concat(parts));
  return path;
}
const words = (values: number[]) => {
  const data = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) data.writeInt16BE(value, 2 * i);
  return padded(data);
};
const unsigned = [card('BZERO', 32768), card('BSCALE', 1)];

test('every kind of sample passes unchanged, the first row first', () => {
  const u16 = openPhotographs(
    file('u16.fits', image(16, 3, 2, ...unsigned), words([-32768, -1, 0, 1, 2, 32767])),
  );
  assert.deepEqual([...u16.next().samples], [0, 32767, 32768, 32769, 32770, 65535]);
  assert.deepEqual([u16.width, u16.height, u16.format], [3, 2, 'u16']);

  const signed = openPhotographs(file('i16.fits', image(16, 2, 1), words([-7, 32767]))).next();
  assert.deepEqual([signed.format, [...signed.samples]], ['i32', [-7, 32767]]);

  const longs = Buffer.alloc(8);
  longs.writeInt32BE(-2_000_000_000, 0);
  longs.writeInt32BE(70_000, 4);
  const i32 = openPhotographs(file('i32.fits', image(32, 1, 2), padded(longs))).next();
  assert.deepEqual([i32.format, [...i32.samples]], ['i32', [-2_000_000_000, 70_000]]);

  const floats = Buffer.alloc(8);
  floats.writeFloatBE(0.1, 0);
  floats.writeFloatBE(-1e30, 4);
  const f32 = openPhotographs(file('f32.fits', image(-32, 2, 1), padded(floats))).next();
  assert.deepEqual([f32.format, [...f32.samples]], ['f32', [Math.fround(0.1), Math.fround(-1e30)]]);

  const bytes = openPhotographs(file('u8.fits', image(8, 2, 1), padded(Buffer.from([0, 255])))).next();
  assert.deepEqual([bytes.format, [...bytes.samples]], ['u16', [0, 255]]);
});

test('an image in an extension is found behind an empty primary and a table', () => {
  const empty = header(card('SIMPLE', 'T'), card('BITPIX', 8), card('NAXIS', 0));
  const table = header(
    "XTENSION= 'BINTABLE'",
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', 4),
    card('NAXIS2', 900),
  );
  const extension = header(
    "XTENSION= 'IMAGE   '",
    ...[card('BITPIX', 16), card('NAXIS', 2), card('NAXIS1', 2), card('NAXIS2', 1), ...unsigned],
  );
  const path = file('extension.fits', empty, table, padded(Buffer.alloc(3600)), extension, words([5, 6]));
  assert.deepEqual([...openPhotographs(path).next().samples], [32773, 32774]);
});

test('a folder is handed out in order of name, over and over', () => {
  for (const [name, value] of [
    ['b', 2],
    ['a', 1],
    ['c', 3],
  ] as const) {
    file(`turn/${name}.fit`, image(16, 1, 1, ...unsigned), words([value - 32768]));
  }
  file('turn/notes.txt', Buffer.from('no FITS'));
  const photographs = openPhotographs(join(folder, 'turn'));
  assert.deepEqual(
    [1, 2, 3, 4].map(() => photographs.next().samples[0]),
    [1, 2, 3, 1],
  );
});

test('what is no photograph is refused, and the file named', () => {
  const refused = (path: string, why: RegExp) =>
    assert.throws(
      () => openPhotographs(path),
      (error) => error instanceof BadInput && why.test(error.message),
    );
  refused(file('text.fits', Buffer.from('hello')), /text\.fits: ends within/);
  refused(file('zeros.fits', Buffer.alloc(5760)), /not a FITS file/);
  refused(file('cut.fits', image(16, 100, 100), Buffer.alloc(2880)), /ends before/);
  refused(
    file('cube.fits', image(16, 2, 2, card('NAXIS3', 3)).fill('3', 189, 190), Buffer.alloc(2880)),
    /two axes/,
  );
  refused(file('scaled.fits', image(16, 2, 2, card('BSCALE', 0.5)), Buffer.alloc(2880)), /BSCALE/);
  refused(file('double.fits', image(-64, 2, 2), Buffer.alloc(2880)), /BITPIX -64/);
  refused(file('huge.fits', image(16, 1e9, 1e9), Buffer.alloc(2880)), /more than/);
  file('mixed/a.fits', image(16, 1, 1), words([1]));
  refused(file('mixed/b.fits', image(16, 2, 1), words([1, 1])) && join(folder, 'mixed'), /unlike/);
  mkdirSync(join(folder, 'empty'));
  refused(join(folder, 'empty'), /no FITS files/);
});

test('a camera with photographs has their size, hands out lights from them and cuts regions', () => {
  const path = file(
    'sensor.fits',
    image(16, 4, 3, ...unsigned),
    words([...Array(12).keys()].map((i) => i - 32768)),
  );
  const clock = new SimClock(parseUtc('2026-12-08T22:00:00Z'));
  const { main } = createWorld({ clock, main: { photographs: path } });
  assert.deepEqual([main.sensor.width, main.sensor.height], [4, 3]);
  const request = { startUtc: clock.now(), seconds: 1 };
  assert.deepEqual([...main.expose(request).samples], [...Array(12).keys()]);
  const region = { x: 1, y: 1, width: 2, height: 2 };
  assert.deepEqual([...main.expose({ ...request, region }).samples], [5, 6, 9, 10]);
  assert.equal(main.expose({ ...request, type: 'bias' }).format, 'u16');
  assert.throws(() => main.expose({ ...request, binning: 2 }), BadInput);
});

const real = '/usr/lib/python3/dist-packages/ccdproc/tests/data/a8280271.fits';

test('a real observatory photograph passes as astropy reads it', { skip: !existsSync(real) }, () => {
  const path = join(folder, 'real.fits');
  copyFileSync(real, path);
  const picture = openPhotographs(path).next();
  const script =
    'import sys; from astropy.io import fits; d = fits.open(sys.argv[1])[0].data.astype("int64"); ' +
    'print(d.shape[1], d.shape[0], int(d.sum()), int(d[0, 5]), int(d[-1, 0]))';
  const said = execFileSync('/usr/bin/python3', ['-c', script, path], { encoding: 'utf8' })
    .trim()
    .split(' ')
    .map(Number);
  const { width, height, samples } = picture;
  const sum = Array.from(samples).reduce((a, b) => a + b, 0);
  assert.deepEqual([width, height, sum, samples[5], samples[(height - 1) * width]], said);
});
