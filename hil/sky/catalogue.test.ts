import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { decode, encode } from '../../scripts/catalogue/format.ts';
import { utcOf } from '../../src/core/clock.ts';
import { BadInput } from '../../src/core/errors.ts';
import { openCatalogue, type Star } from './catalogue.ts';
import { fromPlace, separation } from './vector.ts';

const folder = mkdtempSync(join(tmpdir(), 'stars-'));
after(() => rmSync(folder, { recursive: true }));

const file = new URL('data/stars.bin', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('data/stars.json', import.meta.url), 'utf8')) as {
  stars: number;
  sha256: string;
  completeTo: number;
};
const sky = openCatalogue();

const apart = (a: { ra: number; dec: number }, b: { ra: number; dec: number }) =>
  separation(fromPlace(a), fromPlace(b));

test('the committed extract is the one of its manifest', () => {
  assert.equal(createHash('sha256').update(readFileSync(file)).digest('hex'), manifest.sha256);
  assert.equal(sky.count, manifest.stars);
  assert.equal(sky.completeTo, 11);
});

test('well-known stars stand where they belong, those that Tycho-2 lacks included', () => {
  const known: [string, number, number, number][] = [
    ['Sirius', 101.2872, -16.7161, -1.44],
    ['Canopus', 95.988, -52.6957, -0.62],
    ['Vega', 279.2347, 38.7837, 0.03],
    ['Polaris', 37.9545, 89.2641, 1.97],
    ['Deneb', 310.358, 45.2803, 1.25],
    ['Sigma Octantis', 317.195, -88.9565, 5.45],
    ['Alcyone', 56.8712, 24.1051, 2.85],
  ];
  for (const [name, ra, dec, magnitude] of known) {
    const star = brightest(sky.near({ ra, dec }, 0.01));
    assert.ok(star && Math.abs(star.magnitude - magnitude) < 0.2, `${name}: ${JSON.stringify(star)}`);
    assert.ok(apart(star, { ra, dec }) < 3 / 3600, name);
  }
});

test('a cone holds exactly the stars within it, over the pole, over 0 h and at the limit of magnitude', () => {
  for (const centre of [
    { ra: 12, dec: 89.5 },
    { ra: 359.9, dec: -30 },
    { ra: 0.1, dec: 1.75 },
    { ra: 200, dec: -90 },
  ]) {
    const wide = sky.near(centre, 4);
    const narrow = sky.near(centre, 1.5, 9);
    const expected = wide.filter((star) => apart(star, centre) <= 1.5 && star.magnitude <= 9);
    assert.ok(expected.length > 5);
    assert.deepEqual(narrow.map(name).sort(), expected.map(name).sort());
  }
});

test('demo fields reach the limit of Tycho-2, the rest is complete to magnitude 11', () => {
  assert.ok(sky.near({ ra: 10.685, dec: 41.269 }, 1).some((star) => star.magnitude > 12));
  const all = sky.near({ ra: 0, dec: 90 }, 180, 8).length;
  assert.ok(Math.abs(all - 41_700) < 200, `${all} stars brighter than 8`);
  assert.ok(sky.near({ ra: 40, dec: 10 }, 1).every((star) => star.magnitude < 11));
});

test('what is encoded is read back within 0.07″ and 0.001 magnitudes, in any order the same bytes', () => {
  const star = fc
    .record({
      ra: fc.double({ min: 0, max: 359.999999, noNaN: true }),
      dec: fc.double({ min: -90, max: 90, noNaN: true }),
      magnitude: fc.double({ min: -1.9, max: 15, noNaN: true }),
      motion: fc.option(
        fc.tuple(fc.integer({ min: -9000, max: 11_000 }), fc.integer({ min: 1, max: 11_000 })),
        {
          nil: undefined,
        },
      ),
    })
    .map(({ motion, ...star }) => (motion ? { ...star, motion } : star));
  const path = join(folder, 'some.bin');
  fc.assert(
    fc.property(fc.array(star, { minLength: 1, maxLength: 30 }), (stars) => {
      const bytes = encode(stars, 99);
      assert.deepEqual(encode(stars.toReversed(), 99), bytes);
      writeFileSync(path, bytes);
      const read = openCatalogue(path).near({ ra: 0, dec: 0 }, 180);
      assert.equal(read.length, stars.length);
      const decoded = decode(bytes);
      assert.deepEqual(encode(decoded, 99), bytes);
      const rounded = ({ ra, dec }: { ra: number; dec: number }) => `${ra.toFixed(9)} ${dec.toFixed(9)}`;
      assert.deepEqual(decoded.map(rounded).sort(), read.map(rounded).sort());
      for (const original of stars) {
        const twin = read.find(
          (other) =>
            apart(other, original) < 0.07 / 3600 && Math.abs(other.magnitude - original.magnitude) < 0.001,
        );
        assert.ok(twin, JSON.stringify(original));
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('with an instant the stars of Hipparcos stand where they have moved to, as astropy has it', () => {
  const utc = utcOf(2026, 11, 23);
  const known: [string, number, number][] = [
    ['Arcturus', 213.90665414701013, 19.167449328800192],
    ['Polaris', 37.979820664816764, 89.26400482826217],
    ['61 Cygni A', 316.7646137382522, 38.7737357434516],
    ["Barnard's star", 269.44610869411525, 4.770061374535696],
  ];
  for (const [name, ra, dec] of known) {
    const star = brightest(sky.near({ ra, dec }, 10 / 3600, 10, utc));
    assert.ok(star && apart(star, { ra, dec }) < 0.001 / 3600, `${name}: ${JSON.stringify(star)}`);
  }
  assert.equal(sky.near({ ra: 213.90665, dec: 19.16745 }, 10 / 3600, 10).length, 0, 'Arcturus in 2000');
});

test('a file that is no catalogue, or a cut one, is refused in words', () => {
  const path = join(folder, 'bad.bin');
  writeFileSync(path, 'SIMPLE  =                    T');
  assert.throws(() => openCatalogue(path), BadInput);
  writeFileSync(path, readFileSync(file).subarray(0, 100_000));
  assert.throws(() => openCatalogue(path), /do not hold/);
});

const name = (star: Star) => `${star.ra} ${star.dec}`;
const brightest = (stars: Star[]) => stars.toSorted((a, b) => a.magnitude - b.magnitude)[0];
