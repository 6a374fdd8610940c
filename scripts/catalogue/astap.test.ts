import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput } from '../../src/core/errors.ts';
import { astapNames, openAstap } from '../../src/solve/catalogue/astap.ts';
import { type Areas, areaAt, areaFile, divisions } from '../../src/solve/catalogue/astap-areas.ts';
import type { CatalogueStars } from '../../src/solve/catalogue/catalogue.ts';
import { openStars } from '../../src/solve/catalogue/stars.ts';
import { astapFiles } from './astap-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'astap-'));
after(() => rmSync(folder, { recursive: true }));
const ours = openStars(new URL('../../hil/sky/data/stars.bin', import.meta.url));
const sky = { near: ours.near({ ra: 0, dec: 90 }, 180, { faintest: 8 }) };

function written(areas: Areas, name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  for (const [file, bytes] of astapFiles(areas, name, sky.near)) writeFileSync(join(directory, file), bytes);
  return directory;
}

test('the sky is divided as ASTAP divides it', () => {
  const [fine, coarse] = divisions as [Areas, Areas];
  assert.equal(
    fine.counts.reduce((sum, count) => sum + count),
    1476,
  );
  assert.equal(
    coarse.counts.reduce((sum, count) => sum + count),
    290,
  );
  // Borders from the tables of the HNSKY help.
  const near = (value: number | undefined, expected: number) => assert.ok(Math.abs(value! - expected) < 1e-7);
  near(fine.edges[1], -87.42857143);
  near(fine.edges[18], 0);
  near(fine.edges[35], 87.42857143);
  near(coarse.edges[1], -85.23224404);
  near(coarse.edges[8], -12.79440589);
  near(coarse.edges[17], 85.23224404);
  const named = (ra: number, dec: number) => areaFile(fine, 'd50', areaAt(fine, ra, dec));
  assert.equal(named(0, -90), 'd50_0101.1476');
  assert.equal(named(359.999, -85), 'd50_0203.1476');
  assert.equal(named(0, 0.1), 'd50_1901.1476');
  assert.equal(named(123, 90), 'd50_3601.1476');
});

for (const areas of divisions) {
  test(`a .${areas.extension} database gives back its stars, over pole and 0 h, in order and within limits`, () => {
    const name = areas.extension === '1476' ? 'h18' : 'g18';
    const directory = written(areas, name);
    assert.deepEqual(astapNames(directory), [{ name, areas }]);
    const database = openAstap(directory, name, areas);
    for (const [ra, dec, radius] of [
      [10, 88, 4],
      [359.9, -1, 3],
      [200, -89.5, 6],
      [83, -5, 9],
    ] as const) {
      const expected = ours.near({ ra, dec }, radius, { faintest: 8 });
      const found = database.near({ ra, dec }, radius);
      assert.equal(found.length, expected.length, `${ra} ${dec}`);
      assert.equal(worstArcsec(found, expected) < 0.15, true);
      assert.ok(found.magnitudes.every((magnitude, i) => i === 0 || magnitude >= found.magnitudes[i - 1]!));
      const few = database.near({ ra, dec }, radius, { most: 5, faintest: 6.5 });
      assert.deepEqual(few.vectors, found.vectors.slice(0, 3 * few.length));
      assert.ok(few.length <= 5 && few.magnitudes.every((magnitude) => magnitude <= 6.5001));
    }
  });
}

test('records of six bytes, the last a colour, give the same stars', () => {
  const [, coarse] = divisions as [Areas, Areas];
  const directory = written(coarse, 'g05');
  for (const [file, bytes] of astapFiles(coarse, 'g05', sky.near)) {
    const wide = [...bytes.subarray(0, 109), 6];
    for (let at = 110; at < bytes.length; at += 5) wide.push(...bytes.subarray(at, at + 5), 77);
    writeFileSync(join(directory, file), Uint8Array.from(wide));
  }
  const [place, radius] = [{ ra: 300, dec: 40 }, 5];
  assert.deepEqual(
    openAstap(directory, 'g05', coarse).near(place, radius),
    openAstap(join(folder, 'g18'), 'g18', coarse).near(place, radius),
  );
});

test('a database with a hole, an odd record or a cut file says so', () => {
  const [fine] = divisions as [Areas, Areas];
  const directory = written(fine, 'd05');
  const file = (name: string) => join(directory, name);
  writeFileSync(file('d05_0101.1476'), Buffer.alloc(220, ' '));
  assert.throws(() => openAstap(directory, 'd05', fine), /records of 32 bytes/);
  writeFileSync(file('d05_0101.1476'), Buffer.concat([Buffer.alloc(109), Buffer.from([5, 1, 2, 3, 4, 5])]));
  const headless = openAstap(directory, 'd05', fine);
  assert.throws(() => headless.near({ ra: 0, dec: -90 }, 180, { most: 1 }), BadInput);
  truncateSync(file('d05_0101.1476'), 12);
  assert.throws(() => openAstap(directory, 'd05', fine), /has 12 bytes/);
  unlinkSync(file('d05_2007.1476'));
  writeFileSync(file('d05_0101.1476'), Buffer.concat([Buffer.alloc(109), Buffer.from([5])]));
  assert.throws(() => openAstap(directory, 'd05', fine), /d05_2007.1476 is missing/);
});

/** The greatest distance of a star from the nearest one of the other list. */
function worstArcsec(a: CatalogueStars, b: CatalogueStars): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    let best = 9;
    for (let j = 0; j < b.length; j++) {
      const [dx, dy, dz] = [0, 1, 2].map((axis) => a.vectors[3 * i + axis]! - b.vectors[3 * j + axis]!);
      best = Math.min(best, Math.hypot(dx!, dy!, dz!));
    }
    worst = Math.max(worst, best);
  }
  return worst * 206_265;
}
