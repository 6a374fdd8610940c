import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { utcOf } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { signedDegrees } from '../core/units.ts';
import { separation } from '../sky/angle.ts';
import type { Direction } from '../sky/direction.ts';
import {
  bakedFolder,
  emptyFolder,
  noiseOf,
  placeFrom,
  randomFrom,
  type Shot,
  shotOf,
} from './sky.fixture.ts';
import type { Solution, Solved, SolveHints, StarList } from './solution.ts';
import { openSolver } from './solver.ts';
import { pixelToSky, skyToPixel, sumOf } from './wcs.ts';

const directory = bakedFolder(10);
const solver = openSolver({ directory });

/** Solved, at the right place, the right way round and at the right scale. */
function assertSolved(solution: Solution, shot: Shot, pixels = 0.3): asserts solution is Solved {
  if (!solution.solved) assert.fail(`${JSON.stringify(shot)}: ${solution.message}`);
  const off = (separation<Direction>(solution, shot) * 3600) / shot.scale;
  assert.ok(off < pixels, `${JSON.stringify(shot)}: centre off by ${off} pixels`);
  assert.ok(
    Math.abs(signedDegrees(solution.rotation - shot.rotation)) < 0.1 / Math.cos((shot.dec * Math.PI) / 180),
  );
  assert.equal(solution.parity, shot.parity ?? 1);
  assert.ok(Math.abs(solution.scale / shot.scale - 1) < 2e-3);
  assert.ok(solution.logChance < -9);
}

const around = (shot: Shot, radiusDegrees = 5): SolveHints => ({
  near: { centre: { ra: shot.ra, dec: Math.min(90, shot.dec + 0.4) }, radiusDegrees },
  scale: { low: shot.scale * 0.9, high: shot.scale * 1.1 },
});

test('places fields of 3 to 60 degrees on the whole sky, knowing nothing', () => {
  const random = randomFrom(11);
  for (const scale of [3.5, 6, 12, 30, 60, 79]) {
    for (let n = 0; n < 4; n++) {
      const parity = random() < 0.3 ? -1 : 1;
      const shot: Shot = { ...placeFrom(random), scale, rotation: 360 * random(), parity, seed: n };
      assertSolved(solver.solve(shotOf(shot), {}), shot);
    }
  }
});

test('places smaller fields where it is told about where', () => {
  const random = randomFrom(12);
  for (const scale of [1.5, 2]) {
    for (let n = 0; n < 6; n++) {
      const shot: Shot = { ...placeFrom(random), scale, rotation: 360 * random(), seed: n };
      if (shotOf(shot).stars.length >= 15) assertSolved(solver.solve(shotOf(shot), around(shot)), shot, 0.5);
    }
  }
});

const corners: Shot[] = [
  { ra: 12, dec: 89.9, scale: 4, rotation: 77 },
  { ra: 300, dec: -89.5, scale: 6, rotation: 200, parity: -1 },
  { ra: 0.01, dec: 20, scale: 4, rotation: 10 },
  { ra: 359.99, dec: -45, scale: 4, rotation: 359.9, parity: -1 },
];
for (const shot of corners) {
  test(`poles and 0 h: ${shot.ra}°, ${shot.dec}°`, () => {
    assertSolved(solver.solve(shotOf(shot), {}), shot);
    assertSolved(solver.solve(shotOf(shot), around(shot)), shot);
  });
}

test('half of the list may be no stars', () => {
  const shot: Shot = { ra: 83, dec: 10, scale: 4, rotation: 45, spurious: 0.5, missing: 0.2 };
  assertSolved(solver.solve(shotOf(shot), {}), shot);
});

test('a perfect camera gets no distortion; a lens of 3 % gets one, right to the corners', () => {
  const straight: Shot = { ra: 250, dec: 36, scale: 4, rotation: 20 };
  const plain = solver.solve(shotOf(straight), {});
  assertSolved(plain, straight);
  assert.equal(plain.wcs.sip, undefined);
  for (const distortion of [0.03, -0.02, 0.005]) {
    const shot = { ...straight, distortion };
    const solution = solver.solve(shotOf(shot), {});
    assertSolved(solution, shot);
    assert.ok(solution.wcs.sip, `${distortion}`);
    // The same star in both pictures: 0.9 of the way to a corner, undistorted and distorted.
    const [u, v] = [0.9 * 1499.5, 0.9 * 999.5];
    const bend = 1 + distortion * (Math.hypot(u, v) / Math.hypot(1500, 1000)) ** 2;
    const there = pixelToSky(solution.wcs, 1499.5 + u * bend, 999.5 + v * bend);
    const off = (separation(there, pixelToSky(plain.wcs, 1499.5 + u, 999.5 + v)) * 3600) / shot.scale;
    assert.ok(off < 0.6, `corner off by ${off} pixels with ${distortion}`);
    const { ap, bp, a, b } = solution.wcs.sip;
    const [f, g] = [u + sumOf(a, u, v), v + sumOf(b, u, v)];
    const inverse = Math.hypot(f + sumOf(ap, f, g) - u, g + sumOf(bp, f, g) - v);
    assert.ok(inverse < 0.05, `the inverse is off by ${inverse} pixels`);
    const back = skyToPixel(solution.wcs, there)!;
    assert.ok(Math.hypot(back.x - 1499.5 - u * bend, back.y - 999.5 - v * bend) < 1e-6);
  }
});

test('stars stand where they are on the day', () => {
  // Groombridge 1830 moves by 7″ a year; the field is set by many that do not.
  const shot: Shot = { ra: 178.2, dec: 37.7, scale: 4, rotation: 0, noise: 0.05, utc: utcOf(2026, 4, 1) };
  const dated = solver.solve(shotOf(shot), { utc: shot.utc! });
  assertSolved(dated, shot, 0.05);
  const undated = solver.solve(shotOf(shot), {});
  assert.ok(undated.solved && dated.rmsArcsec < 0.8 * undated.rmsArcsec);
});

test('no stars at random are a place', () => {
  for (let seed = 0; seed < 12; seed++) {
    assert.equal(solver.solve(noiseOf(seed, 20 + 15 * seed), {}).solved, false);
  }
  const shot: Shot = { ra: 120, dec: 0, scale: 3, rotation: 0 };
  assert.equal(solver.solve(noiseOf(5, 150), around(shot, 20)).solved, false);
});

const reasonOf = (list: StarList, hints: SolveHints) => {
  const solution = solver.solve(list, hints);
  assert.ok(!solution.solved);
  return solution;
};

test('says why not, and what to do', () => {
  const shot: Shot = { ra: 83, dec: 10, scale: 4, rotation: 45 };
  const few = reasonOf({ width: 100, height: 100, stars: shotOf(shot).stars.slice(0, 3) }, {});
  assert.deepEqual([few.reason, few.stars], ['few-stars', 3]);
  assert.match(few.message, /3 stars.*expose longer/);
  const off = reasonOf(shotOf(shot), { scale: { low: 1, high: 1.2 } });
  assert.equal(off.reason, 'scale-off');
  assert.match(off.message, /4\.00\d″.*focal length/);
  const elsewhere = reasonOf(shotOf(shot), { ...around({ ...shot, ra: 203 }), utc: 0 });
  assert.equal(elsewhere.reason, 'no-match');
  assert.match(elsewhere.message, /11\d\.\d° from/);
  const small = reasonOf(noiseOf(3, 40), around({ ...shot, scale: 0.5 }));
  assert.equal(small.reason, 'field-too-small');
  assert.match(small.message, /deeper catalogue/);
  assert.equal(reasonOf(noiseOf(4, 60), {}).reason, 'no-match');
});

test('lists that no detection makes are no harm', () => {
  const star = { x: 10, y: 10, flux: 1 };
  const broken = [Number.NaN, Number.POSITIVE_INFINITY].map((x) => ({ x, y: 5, flux: 1 }));
  assert.equal(
    reasonOf({ width: 100, height: 100, stars: [...Array(50).fill(star), ...broken] }, {}).stars,
    1,
  );
  const line = Array.from({ length: 100 }, (_, i) => ({ x: 30 * i, y: 15 * i, flux: 1 }));
  assert.equal(reasonOf({ width: 3000, height: 2000, stars: line }, {}).solved, false);
  assert.equal(reasonOf({ width: 0, height: 0, stars: [] }, {}).reason, 'few-stars');
});

test('stops when it is told to', () => {
  const stop = new Error('stop');
  let calls = 0;
  assert.throws(
    () =>
      solver.solve(noiseOf(1, 150), {}, () => {
        if (++calls === 20) throw stop;
      }),
    stop,
  );
});

test('without an index it solves what it knows the place and scale of, and says how to get one', () => {
  const folder = emptyFolder();
  copyFileSync(join(directory, 'stars.bin'), join(folder, 'stars.bin'));
  const bare = openSolver({ directory: folder });
  const shot: Shot = { ra: 83, dec: 10, scale: 4, rotation: 45 };
  assertSolved(bare.solve(shotOf(shot), around(shot)), shot);
  assert.throws(
    () => bare.solve(shotOf(shot), {}),
    (error) => error instanceof BadInput && /make dist/.test(error.message),
  );
});

test('a deeper catalogue serves where the built-in one has no stars', () => {
  const folder = emptyFolder();
  const extract = fileURLToPath(new URL('../../hil/sky/data/stars.bin', import.meta.url));
  copyFileSync(extract, join(folder, 'stars.bin'));
  // A field of M 45, where the extract is deep, solved by a solver that knows the brighter stars only.
  const deeper = openSolver({ directory, deeper: folder });
  const shot: Shot = { ra: 56.871, dec: 24.105, scale: 1.2, rotation: 30 };
  assertSolved(deeper.solve(shotOf(shot), around(shot)), shot, 0.5);
});
