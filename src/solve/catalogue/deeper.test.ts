import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { indexBytes } from './astrometry.fixture.ts';
import { openDeeper } from './deeper.ts';

const folder = mkdtempSync(join(tmpdir(), 'deeper-'));
after(() => rmSync(folder, { recursive: true }));

test('a folder that is not there, or an empty one, holds no catalogue', () => {
  const none = { catalogues: [], problems: [] };
  assert.deepEqual(openDeeper(join(folder, 'none')), none);
  assert.deepEqual(openDeeper(folder), none);
});

test('what lies in a folder is recognised, the richest first; what cannot be used is said, the rest passed over', () => {
  const own = fileURLToPath(new URL('../../../hil/sky/data/stars.bin', import.meta.url));
  copyFileSync(own, join(folder, 'gaia.bin'));
  const vectors = [1, 2, 3, 4].map((i) => [Math.cos(i), Math.sin(i), 0] as const);
  const index = { vectors, ranks: [0, 1, 2, 3], scale: 0.01, leaves: 2 };
  writeFileSync(join(folder, 'index-5200-00.fits'), indexBytes(index));
  writeFileSync(join(folder, 'index-5200-01.fits'), 'half a download');
  writeFileSync(join(folder, 'd50_0101.1476'), Buffer.alloc(110, 5));
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const { catalogues, problems } = openDeeper(folder);
  assert.deepEqual(
    catalogues.map(({ name, count }) => [name.includes(folder), count > 4]),
    [
      [true, true],
      [true, false],
    ],
  );
  assert.equal(problems.length, 2);
  assert.match(problems[0]!, /d50_0201.1476 is missing: copy the whole star database/);
  assert.match(problems[1]!, /index-5200-01.fits: no FITS file/);
  assert.equal(catalogues[1]!.near({ ra: 57.3, dec: 0 }, 1).length, 1);
});
