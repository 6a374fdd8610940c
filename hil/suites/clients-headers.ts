import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseUtc } from '../../src/core/clock.ts';
import { perform, take } from './clients-http.ts';
import type { Newcomer } from './newcomer.ts';
import { hasAstropy, python } from './tools.ts';

type Headers = Readonly<Record<string, string | number | boolean>>;

const HEADERS = `
import json, sys, warnings
warnings.simplefilter('error')
from astropy.io import fits
with fits.open(sys.argv[1], checksum=True) as file:
    file.verify('exception')
    print(json.dumps({card.keyword: card.value for card in file[0].header.cards}))
`;

/** What libindi writes, and what PixInsight, Siril and ASTAP group and solve by (INDI protocol 1.7, FITS headers). */
const EXPECTED = [
  ...['SIMPLE', 'BITPIX', 'NAXIS', 'NAXIS1', 'NAXIS2', 'BZERO', 'BSCALE', 'ROWORDER', 'INSTRUME', 'TELESCOP'],
  ...['EXPTIME', 'DARKTIME', 'CCD-TEMP', 'PIXSIZE1', 'PIXSIZE2', 'XBINNING', 'YBINNING', 'XPIXSZ', 'YPIXSZ'],
  ...['FRAME', 'IMAGETYP', 'FILTER', 'FOCALLEN', 'APTDIA', 'FOCUSPOS', 'FOCUSTEM', 'SCALE', 'SITELAT'],
  ...[
    'SITELONG',
    'AIRMASS',
    'OBJCTAZ',
    'OBJCTALT',
    'OBJCTRA',
    'OBJCTDEC',
    'RA',
    'DEC',
    'PIERSIDE',
    'EQUINOX',
  ],
  ...['DATE-OBS', 'EXPOSURE', 'GAIN', 'OFFSET', 'EGAIN', 'SET-TEMP', 'READOUTM', 'OBJECT', 'DATE-LOC'],
  ...['DATE-AVG', 'SWCREATE', 'FOCRATIO', 'BUNIT', 'OBSERVER', 'SITEELEV', 'FOCPOS', 'FOCTEMP', 'RADESYS'],
  'PLTSOLVD',
];

/** A cooled, binned light of a named target, as astropy reads it. */
export async function writesHeaders(demo: Newcomer): Promise<string | undefined> {
  if (!(await hasAstropy())) return 'astropy is not installed (python3-astropy)';
  await perform(demo, 'camera/camera/cool', { celsius: -10 });
  await perform(demo, 'camera/camera/gain', { value: 100 });
  await perform(demo, 'wheel/wheel/select', { slot: 5 });
  const { taken } = await take(demo, { seconds: 2, object: 'M 31', binning: 2 });
  const header = (await python(HEADERS, [join(demo.data, taken.file)])) as Headers;
  const missing = EXPECTED.filter((keyword) => !(keyword in header));
  assert.deepEqual(missing, [], 'not in the header');
  const number = (keyword: string) => Number(header[keyword]);
  const says = {
    OBJECT: 'M 31',
    FILTER: 'Ha',
    OBSERVER: 'A. Newcomer',
    ROWORDER: 'TOP-DOWN',
    FRAME: 'Light',
    IMAGETYP: 'Light Frame',
    GAIN: 100,
    'SET-TEMP': -10,
    XBINNING: 2,
    YBINNING: 2,
    EXPTIME: 2,
    EXPOSURE: 2,
    EQUINOX: 2000,
    RADESYS: 'ICRS',
    PIXSIZE1: 5.86,
    XPIXSZ: 11.72,
    FOCALLEN: 530,
    FOCRATIO: 5,
  };
  for (const [keyword, value] of Object.entries(says)) assert.equal(header[keyword], value, keyword);
  // The emulated camera's 0.8 e⁻/ADU at gain 0; 200 steps are a factor of ten.
  assert.ok(
    Math.abs(number('EGAIN') - 0.8 / 10 ** 0.5) < 1e-6,
    `EGAIN ${number('EGAIN')} is of another gain`,
  );
  assert.equal(number('NAXIS1') * 2, 1936);
  assert.ok(Math.abs(number('SITELONG')) <= 180);
  const middle = parseUtc(String(header['DATE-AVG'])) - parseUtc(String(header['DATE-OBS']));
  assert.equal(middle, 1000, 'DATE-AVG is not the middle');
  const [hours = 0, minutes = 0, seconds = 0] = String(header.OBJCTRA).split(' ').map(Number);
  assert.ok(
    Math.abs(15 * (hours + minutes / 60 + seconds / 3600) - number('RA')) < 1e-3,
    'OBJCTRA is not RA',
  );
  assert.ok(number('OBJCTALT') > 0 && number('AIRMASS') >= 1);
  const scale = (206.264806 * number('XPIXSZ')) / number('FOCALLEN');
  assert.ok(Math.abs(number('SCALE') - scale) < 1e-3, 'SCALE is not that of the binned pixels');
  await perform(demo, 'camera/camera/cool', {});
  return undefined;
}
