import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { shiftBayer } from '../core/bayer.ts';
import { BadInput, Fault } from '../core/errors.ts';
import { arrange } from './arrange.ts';
import { allFacts } from './facts.fixture.ts';
import type { ExposureFacts } from './facts.ts';
import { readFacts } from './facts-read.ts';
import { clientCard, formatCard, integer, real, text } from './fits-card.ts';
import { readHeader } from './fits-header.ts';
import { readFits } from './fits-read.ts';
import { sealFrame } from './fits-write.ts';
import { allocateFrame, type Frame, HEADER_ROOM } from './frame.ts';
import { headerCards } from './header.ts';
import { planeOf } from './pixels.ts';

const records = (lines: string[]) =>
  readHeader(Buffer.from([...lines, 'END'.padEnd(80)].join('').padEnd(2880)));

/** 5 × 3, values 0, 4681, … 65 534. */
function ramp(): Frame {
  const values = Uint16Array.from({ length: 15 }, (_, index) => index * 4681);
  const frame = allocateFrame({ width: 5, height: 3, format: 'u16', bayer: 'GBRG' });
  return arrange(new Uint8Array(values.buffer), { element: 'u16', order: 'row-major' }, frame);
}

const file = (facts: ExposureFacts = allFacts) => {
  const frame = ramp();
  return sealFrame(frame, headerCards(frame, facts));
};

const patched = (from: string, to: string) => {
  const bytes = Buffer.from(file());
  bytes.write(to.padEnd(from.length), bytes.indexOf(from), 'latin1');
  return bytes;
};

test('numbers are right-justified to column 30, reals always with a point', () => {
  assert.equal(formatCard(integer('GAIN', 100, 'x'))[0]!.slice(0, 34), 'GAIN    =                  100 / x');
  assert.equal(formatCard(real('EXPTIME', 300))[0]!.slice(0, 30), 'EXPTIME =                300.0');
  assert.equal(formatCard(real('X', 1e-7))[0]!.slice(10).trim(), '1.0E-7');
  assert.equal(formatCard(real('X', 1.5e300))[0]!.slice(10).trim(), '1.5E300');
  assert.throws(() => formatCard(real('X', Number.NaN)), BadInput);
  assert.throws(() => formatCard(integer('lower', 1)), BadInput);
});

test('any number and any text reads back as it was', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const lines = formatCard(real('X', value, 'a comment'));
      assert.ok(lines.every((line) => line.length === 80));
      assert.equal(records(lines).header.get('X'), value + 0);
    }),
    { seed: 1 },
  );
  const characters = fc.string({
    unit: fc.constantFrom("'", '&', '/', 'a', ' ', '"', 'é', '='),
    maxLength: 300,
  });
  fc.assert(
    fc.property(characters, (value) => {
      const lines = formatCard(text('X', value, 'a comment'));
      assert.ok(lines.every((line) => /^[ -~]{80}$/.test(line)));
      const want = value.replaceAll('é', 'e').trimEnd();
      // A short string that ends in & and is followed by no CONTINUE is that string.
      assert.equal(records([...lines, ...formatCard(integer('Y', 1))]).header.get('X'), want);
    }),
    { seed: 2, numRuns: 500 },
  );
});

const TABLE = `SIMPLE BITPIX NAXIS NAXIS1 NAXIS2 BZERO BSCALE ROWORDER INSTRUME TELESCOP EXPTIME DARKTIME CCD-TEMP PIXSIZE1
  PIXSIZE2 XBINNING YBINNING XPIXSZ YPIXSZ FRAME IMAGETYP FILTER XBAYROFF YBAYROFF BAYERPAT FOCALLEN APTDIA MPSAS ROTATANG
  FOCUSPOS FOCUSTEM SCALE SITELAT SITELONG AIRMASS OBJCTAZ OBJCTALT OBJCTRA OBJCTDEC RA DEC PIERSIDE EQUINOX DATE-OBS
  EXPOSURE GAIN OFFSET EGAIN SET-TEMP READOUTM OBJECT DATE-LOC DATE-AVG SWCREATE FOCRATIO BUNIT OBSERVER SITEELEV
  FOCPOS FOCTEMP ROTATOR RADESYS PLTSOLVD CHECKSUM DATASUM NJ-ID NJ-PLAN NJ-SET NJ-CAM NJ-TRUST NJ-ZONE NJ-SNAP`;

test('every keyword of the table is there when all is known', () => {
  const { header } = readFits(file());
  assert.deepEqual(
    TABLE.split(/\s+/).filter((keyword) => !header.has(keyword)),
    [],
  );
  assert.equal(header.get('XPIXSZ'), 7.52, 'binned');
  assert.equal(header.get('PIXSIZE1'), 3.76, 'unbinned');
  assert.equal(header.get('DATE-OBS'), '2026-11-22T20:15:03.250');
  assert.equal(header.get('DATE-AVG'), '2026-11-22T20:17:33.500');
  assert.equal(header.get('DATE-LOC'), '2026-11-22T21:15:03.250');
  assert.equal(header.get('OBJCTRA'), '05 35 17.28');
  assert.equal(header.get('OBJCTDEC'), '-05 23 27.60');
  assert.equal(header.get('SITELONG'), -8.54);
  assert.ok(Math.abs(Number(header.get('SCALE')) - 6.2044) < 1e-3);
});

test('what is not known is not written', () => {
  const { filter, mount, telescope, site, observer, plan, timeSource, ...few } = allFacts;
  const { header } = readFits(file(few));
  for (const keyword of [
    'FILTER',
    'RA',
    'EQUINOX',
    'TELESCOP',
    'SCALE',
    'SITELAT',
    'OBSERVER',
    'NJ-PLAN',
    'NJ-TRUST',
  ]) {
    assert.equal(header.has(keyword), false, keyword);
  }
  assert.deepEqual(readFacts(header), { ...few });
});

test('facts come back from the header, but for letters FITS does not have', () => {
  const { header } = readFits(file());
  assert.deepEqual(readFacts(header), { ...allFacts, filter: 'H? 3 nm', observer: 'Zoe' });
  for (const type of ['dark', 'bias', 'flat', 'darkflat'] as const) {
    assert.equal(readFacts(readFits(file({ ...allFacts, type })).header)?.type, type);
  }
  assert.equal(readFacts(readFits(patched("NJ-ID   = '1b4e28ba", "NJ-ID   = '../b4e28")).header), undefined);
});

test('the pattern is that of the first stored pixel, and odd corners shift it', () => {
  assert.equal(readFits(file()).bayer, 'GBRG');
  assert.equal(shiftBayer('RGGB', 1, 0), 'GRBG');
  assert.equal(shiftBayer('RGGB', 0, 1), 'GBRG');
  assert.equal(shiftBayer('GRBG', 101, 7), 'GBRG');
  assert.equal(shiftBayer('BGGR', 2, 4), 'BGGR');
});

test('the sealed file is a view of the frame, its header against the data', () => {
  const frame = ramp();
  const bytes = sealFrame(frame, headerCards(frame, allFacts));
  assert.equal(bytes.buffer, frame.buffer);
  assert.equal(bytes.length % 2880, 0);
  assert.equal(readHeader(bytes).dataStart + bytes.byteOffset, HEADER_ROOM);
  assert.deepEqual(
    [...planeOf(readFits(bytes))],
    Array.from({ length: 15 }, (_, index) => index * 4681),
  );
  const tooMany = Array.from({ length: 400 }, (_, index) => integer(`K${index}`, index));
  assert.throws(() => sealFrame(frame, tooMany), Fault);
});

test('a client may add and replace cards, but not structure or identity', () => {
  const frame = ramp();
  const keywords = [clientCard('object', 'M 42'), clientCard('MYKEY', '12', 'mine'), clientCard('R', '1.50')];
  const { header } = readFits(sealFrame(frame, headerCards(frame, { ...allFacts, keywords })));
  assert.equal(header.get('OBJECT'), 'M 42');
  assert.equal(header.get('MYKEY'), 12);
  assert.equal(header.get('R'), 1.5);
  for (const keyword of ['NAXIS1', 'DATE-OBS', 'END', 'BZERO', 'NJ-ID', 'TOO-LONG-X', 'É']) {
    assert.throws(() => clientCard(keyword, '1'), BadInput, keyword);
  }
});

test('what is no image is refused with the reason', () => {
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /no FITS file/],
    [Buffer.from('hello world '.repeat(300)), /no FITS file/],
    [file().subarray(0, 1000), /no END/],
    [file().subarray(0, -2880), /truncated/],
    [Buffer.from('SIMPLE  ='.padEnd(4_000_000)), /longer than 2 MB/],
    [patched('NAXIS1  =                    5', 'NAXIS1  =          99999999999'), /truncated/],
    [patched('NAXIS1  =                    5', 'NAXIS1  =  9007199254740991000'), /NAXIS1/],
    [patched('NAXIS1  =                    5', 'NAXIS1  =                   -5'), /NAXIS1/],
    [patched('NAXIS1  =                    5', 'NAXIS1  =                    0'), /image size 0 x 3/],
    [patched('NAXIS   =                    2', 'NAXIS   =           2000000000'), /NAXIS = /],
    [patched('BITPIX  =                   16', 'BITPIX  =                   17'), /BITPIX = 17/],
  ];
  for (const [bytes, reason] of cases) {
    assert.throws(
      () => readFits(bytes),
      (error: Error) => error instanceof BadInput && reason.test(error.message),
      String(reason),
    );
  }
});

test('arbitrary damage never does worse than BadInput', () => {
  const whole = Buffer.from(file());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        const image = readFits(bytes);
        readFacts(image.header);
        assert.ok(planeOf(image).length <= whole.length);
      } catch (error) {
        assert.ok(error instanceof BadInput, String(error));
      }
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test('every BITPIX, cubes and images behind an empty primary are read', () => {
  const card = (keyword: string, value: number) => formatCard(integer(keyword, value))[0]!;
  const values = [7, 2, 1, 0, 3, 9];
  for (const bitpix of [8, 16, 32, -32, -64]) {
    const data = Buffer.alloc(2880);
    const size = Math.abs(bitpix) / 8;
    values.forEach((value, index) => {
      if (bitpix === -32) data.writeFloatBE(value, index * size);
      else if (bitpix === -64) data.writeDoubleBE(value, index * size);
      else data.writeIntBE(value, index * size, size);
    });
    const empty = ['SIMPLE  =                    T', card('BITPIX', 8), card('NAXIS', 0), 'END'];
    const cube = [
      ...[
        "XTENSION= 'IMAGE   '",
        card('BITPIX', bitpix),
        card('NAXIS', 3),
        card('NAXIS1', 2),
        card('NAXIS2', 1),
      ],
      ...[
        card('NAXIS3', 3),
        card('PCOUNT', 0),
        card('GCOUNT', 1),
        card('BSCALE', 2),
        card('BZERO', 1),
        'END',
      ],
    ];
    const header = (lines: string[]) =>
      Buffer.from(
        lines
          .map((line) => line.padEnd(80))
          .join('')
          .padEnd(2880),
      );
    const image = readFits(Buffer.concat([header(empty), header(cube), data]));
    assert.equal(image.planes, 3);
    assert.deepEqual([...planeOf(image, 2)], [7, 19], `BITPIX ${bitpix}`);
  }
});

const PYTHON = '/usr/bin/python3';
const READ = `
import sys, warnings
warnings.simplefilter('error')
from astropy.io import fits
with fits.open(sys.argv[1], checksum=True) as hdus:
    hdus.verify('exception')
    print(int(hdus[0].data.sum()), hdus[0].header['OBJECT'], hdus[0].header['LONGTEXT'])
`;

test("the field's readers accept the file", (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'fits-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.fits');
  const frame = ramp();
  const long = text('LONGTEXT', "it's ".repeat(40).trim());
  writeFileSync(path, sealFrame(frame, [...headerCards(frame, allFacts), long]));
  const run = (name: string, args: string[], use: (output: string) => void) => {
    const { error, status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: 30_000 });
    if (error) return t.diagnostic(`${name} is not installed: not asked`);
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
    use(stdout);
  };
  run('fitsverify', [path], (output) => assert.match(output, /0 warning\(s\) and 0 error\(s\)/));
  run('fpack', [path], () => assert.ok(existsSync(`${path}.fz`)));
  if (existsSync(`${path}.fz`)) {
    const [plain, packed] = [readFits(readFileSync(path)), readFits(readFileSync(`${path}.fz`))];
    assert.deepEqual(planeOf(packed), planeOf(plain));
    assert.deepEqual(readFacts(packed.header), readFacts(plain.header));
    run('funpack', ['-O', join(folder, 'b.fits'), `${path}.fz`], () => {
      assert.ok(existsSync(join(folder, 'b.fits')));
    });
  }
  const astropy = spawnSync(PYTHON, ['-c', 'import astropy'], { timeout: 30_000 });
  if (astropy.status !== 0) return t.diagnostic('astropy is not installed: not asked');
  run(PYTHON, ['-c', READ, path], (output) =>
    assert.equal(output.trim(), `${4681 * 105} ${allFacts.object} ${long.value}`),
  );
});
