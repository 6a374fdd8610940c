import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type FitsImage, readFits } from '../../src/imaging/fits-read.ts';
import { inScratch } from './appliance.ts';
import type { Taken } from './clients-http.ts';
import { exposes } from './clients-indi.ts';
import { startDemo } from './newcomer.ts';
import { hasAstropy, packaged, present, python } from './tools.ts';

/** Raw frames of real observatories, as Debian packages carry them. */
const PHOTOGRAPHS = [
  { name: 'a8280271.fits', package: 'python3-ccdproc' },
  { name: 'j8bt06nyq_flt.fits', package: 'python-drizzle-testdata' },
] as const;

/** Every image's pixel values against the first one's, BZERO applied, by another reader than ours. */
const COMPARE = `
import json, sys, numpy
from astropy.io import fits
def pixels(path):
    with fits.open(path) as file:
        image = next(unit for unit in file if unit.header['NAXIS'] >= 2 and unit.data is not None)
        return numpy.squeeze(numpy.array(image.data, dtype='float64'))
first, *others = [pixels(path) for path in sys.argv[1:]]
print(json.dumps([bool(first.shape == other.shape and numpy.array_equal(first, other, equal_nan=True)) for other in others]))
`;

export const pixelCases = PHOTOGRAPHS.map(({ name, package: source }) => ({
  name: `the pixels of ${name} come through unchanged: to the ledger, to an INDI client, to the page`,
  run: () => comesThrough(name, source),
}));

async function comesThrough(name: string, source: string): Promise<string | undefined> {
  if (!present('indi_getprop')) return 'indi_getprop is not installed (indi-bin)';
  if (!(await hasAstropy())) return 'astropy is not installed (python3-astropy)';
  const [original] = await packaged(source, new RegExp(`/${name.replace('.', '\\.')}$`));
  if (!original || !existsSync(original)) return `${source} is not installed`;
  await inScratch('pixels', async (directory) => {
    const demo = await startDemo(directory, { main: { photographs: original } });
    try {
      await demo.set('Demo Camera.UPLOAD_MODE.UPLOAD_BOTH=On');
      const blob = await exposes(demo, join(directory, 'client'), 0.1);
      const { exposures } = (await demo.http('GET', '/api/v1/exposures')).json() as { exposures: Taken[] };
      assert.equal(exposures.length, 1);
      const { id, file } = exposures[0] as Taken;
      const stored = join(demo.data, file);
      assert.deepEqual(await python(COMPARE, [original, stored, blob]), [true, true], 'by astropy: changed');
      const wanted = readFits(readFileSync(original));
      for (const path of [stored, blob]) samePixels(readFits(readFileSync(path)), wanted);
      const preview = await demo.http('GET', `/api/v1/exposures/${id}/preview?width=400`);
      assert.equal(preview.status, 200);
      const { data, info } = await sharp(preview.bytes).raw().toBuffer({ resolveWithObject: true });
      assert.equal(info.width, Math.min(400, wanted.width));
      assert.ok(new Set(data).size > 32, 'the preview is a flat grey');
    } finally {
      demo.kill('SIGTERM');
      await demo.ended;
    }
  });
  return undefined;
}

function samePixels(image: FitsImage, wanted: FitsImage): void {
  assert.deepEqual([image.width, image.height], [wanted.width, wanted.height]);
  const [got, expected] = [valuesOf(image), valuesOf(wanted)];
  const first = got.findIndex((value, at) => !Object.is(value, expected[at]));
  assert.equal(first, -1, `pixel ${first} is ${got[first]} instead of ${expected[first]}`);
}

function valuesOf({ data, bitpix, zero, scale }: FitsImage): Float64Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bytes = Math.abs(bitpix) / 8;
  const stored = (at: number): number => {
    if (bitpix === 8) return view.getUint8(at);
    if (bitpix === 16) return view.getInt16(at);
    if (bitpix === 32) return view.getInt32(at);
    return bitpix === -32 ? view.getFloat32(at) : view.getFloat64(at);
  };
  return Float64Array.from(
    { length: data.length / bytes },
    (_, index) => zero + scale * stored(index * bytes),
  );
}
