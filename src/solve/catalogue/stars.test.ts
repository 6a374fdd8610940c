import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { utcOf } from '../../core/clock.ts';
import { BadInput } from '../../core/errors.ts';
import { separation } from '../../sky/angle.ts';
import { dot, spherical, unitVector } from '../../sky/vector.ts';
import type { CatalogueStars } from './catalogue.ts';
import { openStars } from './stars.ts';

const folder = mkdtempSync(join(tmpdir(), 'stars-'));
after(() => rmSync(folder, { recursive: true }));
const extract = new URL('../../../hil/sky/data/stars.bin', import.meta.url);
const sky = openStars(extract);
const everything = sky.near({ ra: 0, dec: 90 }, 180);
const UTC = utcOf(2026, 11, 23);

const placeOf = ({ vectors }: CatalogueStars, i: number) => {
  const { longitude, latitude } = spherical([vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!]);
  return { ra: longitude, dec: latitude };
};
const lines = (stars: CatalogueStars) =>
  Array.from(
    { length: stars.length },
    (_, i) => `${stars.vectors.slice(3 * i, 3 * i + 3)} ${stars.magnitudes[i]}`,
  );

test('the whole sky is every star, brightest first, as unit vectors', () => {
  assert.equal(everything.length, sky.count);
  assert.equal(sky.completeTo, 11);
  assert.ok(
    everything.magnitudes.every((magnitude, i) => i === 0 || magnitude >= everything.magnitudes[i - 1]!),
  );
  assert.ok(Math.abs(everything.magnitudes[0]! + 1.44) < 0.01, 'Sirius');
  for (let i = 0; i < everything.length; i += 997) {
    const [x, y, z] = everything.vectors.subarray(3 * i, 3 * i + 3);
    assert.ok(Math.abs(Math.hypot(x!, y!, z!) - 1) < 1e-12);
  }
});

test('a cone holds the same stars as a search through all, at the poles, across 0 h and where they crowd', () => {
  for (const [ra, dec, radius] of [
    [40, 89.6, 1.3],
    [0, -90, 2],
    [359.95, 2.2, 1],
    [0.05, -12, 1],
    [83.8, -5.4, 0.7],
    [120, 33, 40],
  ] as const) {
    const found = sky.near({ ra, dec }, radius);
    const axis = unitVector(ra, dec);
    let inside = 0;
    for (let i = 0; i < everything.length; i++) {
      const [x, y, z] = [0, 1, 2].map((axis) => everything.vectors[3 * i + axis]!) as [
        number,
        number,
        number,
      ];
      if (dot(axis, [x, y, z]) >= Math.cos((radius * Math.PI) / 180)) inside++;
    }
    assert.equal(found.length, inside, `${ra} ${dec} ${radius}`);
  }
});

test('limits of magnitude and number cut the same list short', () => {
  const centre = { ra: 56.9, dec: 24.1 };
  const all = lines(sky.near(centre, 3));
  const bright = sky.near(centre, 3, { faintest: 8.5 });
  assert.deepEqual(lines(bright), all.slice(0, bright.length));
  assert.ok(bright.length > 50 && bright.magnitudes.every((magnitude) => magnitude <= 8.5001));
  for (const most of [0, 1, 37, 100_000])
    assert.deepEqual(lines(sky.near(centre, 3, { most })), all.slice(0, most), `${most}`);
  assert.deepEqual(lines(sky.near(centre, 3, { most: 12, faintest: 8.5 })), all.slice(0, 12));
});

test('stars move: straight on with the motion of Hipparcos, as astropy has it', () => {
  // astropy: SkyCoord(…, distance=10 pc, radial_velocity=0, obstime=J2000).apply_space_motion(UTC) from what is stored.
  const known: [string, number, number][] = [
    ['Arcturus', 213.90665414701013, 19.167449328800192],
    ['Polaris', 37.979820664816764, 89.26400482826217],
    ['61 Cygni A', 316.7646137382522, 38.7737357434516],
    ["Barnard's star", 269.44610869411525, 4.770061374535755],
  ];
  for (const [name, ra, dec] of known) {
    const found = sky.near({ ra, dec }, 20 / 3600, { utc: UTC, most: 1 });
    assert.equal(found.length, 1, name);
    assert.ok(separation(placeOf(found, 0), { ra, dec }) < 0.001 / 3600, name);
  }
  const still = sky.near({ ra: 213.90665, dec: 19.16745 }, 20 / 3600);
  assert.equal(still.length, 0, 'at 2000.0 Arcturus is 61″ away');
});

test('a fast star is found where it goes, even out of its cell', () => {
  // Barnard's star moves 10.4″ a year; a hundred years take it 17′ north.
  const utc = UTC + 74 * 365.25 * 86_400_000;
  const found = sky.near({ ra: 269.43, dec: 4.98 }, 0.05, { utc, faintest: 9.8 });
  assert.ok(found.length >= 1);
});

test('version 1, without motions, still reads: nothing moves', () => {
  const bytes = new Uint8Array(readFileSync(extract));
  const file = join(folder, 'one.bin');
  writeFileSync(file, versionOne(bytes));
  const old = openStars(file);
  const centre = { ra: 213.9, dec: 19.2 };
  const lists = [old.near(centre, 1), old.near(centre, 1, { utc: UTC }), sky.near(centre, 1)].map(lines);
  assert.deepEqual(lists[0], lists[1]);
  assert.deepEqual(lists[0], lists[2]);
});

test('a catalogue too large for memory answers the same from disk', () => {
  const onDisk = openStars(extract, 1_000_000);
  for (const [ra, dec, radius] of [
    [0.1, 89, 2],
    [359.9, -40, 1.5],
  ] as const) {
    const query = { utc: UTC, most: 200 };
    assert.deepEqual(
      lines(onDisk.near({ ra, dec }, radius, query)),
      lines(sky.near({ ra, dec }, radius, query)),
    );
  }
});

test('what is no catalogue, or a damaged one, is refused with what to do', () => {
  const good = new Uint8Array(readFileSync(extract));
  const refused = (name: string, change: (bytes: Uint8Array) => Uint8Array, words: RegExp) => {
    const file = join(folder, name);
    writeFileSync(file, change(good.slice(0, 2_000_000)));
    assert.throws(
      () => openStars(file),
      (error) => error instanceof BadInput && words.test(error.message) && error.message.includes(file),
    );
  };
  refused('empty', () => new Uint8Array(), /no star catalogue/);
  refused(
    'text',
    () => new TextEncoder().encode('SIMPLE  =  T and so on, more than 32 bytes'),
    /no star catalogue/,
  );
  refused('cut', (bytes) => bytes, /do not hold/);
  refused('future', (bytes) => bytes.fill(9, 8, 9), /version 9/);
  refused('bands', (bytes) => bytes.fill(255, 16, 20), /index/);
  assert.throws(() => openStars(join(folder, 'none')), /no such/);
  const file = join(folder, 'jumbled');
  writeFileSync(file, good.fill(255, 400, 404));
  assert.throws(() => openStars(file), /index does not fit/);
});

/** The same stars as version 1 had them. */
function versionOne(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  const index = 4 * (view.getUint32(20, true) + 1);
  const motions = 4 * view.getUint32(28, true);
  const old = new Uint8Array(bytes.length - index - motions);
  old.set(bytes.subarray(0, 32 + index));
  old.set(bytes.subarray(32 + 2 * index + motions), 32 + index);
  const fresh = new DataView(old.buffer);
  fresh.setUint32(8, 1, true);
  fresh.setUint32(28, 0, true);
  for (let at = 32 + index + 5; at < old.length; at += 6) old[at] = old[at]! & 0x7f;
  return old;
}
