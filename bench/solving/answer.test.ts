import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromPlace, separation } from '../../hil/sky/vector.ts';
import { answerFrom, verdictOf } from './answer.ts';
import { cameraOf, type Framing } from './camera.ts';

const framing: Framing = {
  width: 1936,
  height: 1216,
  scale: 2.5,
  ra: 10,
  dec: 40,
  rotation: 30,
  mirrored: false,
  distortion: 0,
};

function answered(cards: Record<string, number>) {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    const text = Object.entries(cards).map(([key, value]) => `${key.padEnd(8)}= ${value}`.padEnd(80));
    const file = join(directory, 'x.wcs');
    writeFileSync(file, [...text, 'END'.padEnd(80)].join(''));
    return answerFrom(file, framing);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const northUp = {
  CRVAL1: 10,
  CRVAL2: 40,
  CRPIX1: 968.5,
  CRPIX2: 608.5,
  CD1_1: -2.5 / 3600,
  CD1_2: 0,
  CD2_1: 0,
  // Rows run down, declination up.
  CD2_2: -2.5 / 3600,
};

test('north up and east left is rotation 0, parity 1; mirrored it is −1', () => {
  const { ra, dec, scale, rotation, parity } = answered(northUp);
  assert.ok(Math.abs(ra - 10) < 1e-9 && Math.abs(dec - 40) < 1e-9);
  assert.ok(Math.abs(scale - 2.5) < 1e-6);
  assert.ok(Math.min(rotation, 360 - rotation) < 1e-6, `${rotation}`);
  assert.equal(parity, 1);
  assert.equal(answered({ ...northUp, CD1_1: 2.5 / 3600 }).parity, -1);
});

test('a reference point off the centre, and distortion there, are taken into account', () => {
  const off = answered({ ...northUp, CRPIX1: 868.5, A_ORDER: 2, A_2_0: 1e-5 });
  const expected = (100 + 1e-5 * 100 * 100) * 2.5;
  const moved = 3600 * separation(fromPlace(off), fromPlace({ ra: 10, dec: 40 }));
  assert.ok(Math.abs(moved - expected) < 0.01, `${moved} and ${expected}`);
});

test('wrong is what is off, turned, scaled or mirrored', () => {
  const right = { ra: 10, dec: 40, scale: 2.5, rotation: 30, parity: 1 } as const;
  assert.equal(verdictOf(right, framing), 'right');
  assert.equal(verdictOf({ ...right, rotation: 29 }, framing), 'right');
  assert.equal(verdictOf({ ...right, rotation: 27 }, framing), 'wrong');
  assert.equal(verdictOf({ ...right, dec: 40.05 }, framing), 'wrong');
  assert.equal(verdictOf({ ...right, scale: 2.6 }, framing), 'wrong');
  assert.equal(verdictOf({ ...right, parity: -1 }, framing), 'wrong');
  assert.equal(verdictOf(undefined, framing), 'unsolved');
  assert.equal(verdictOf({ ...right, rotation: 359.5 }, { ...framing, rotation: 0.5 }), 'right');
});

test('a camera finds back what it projects', () => {
  for (const mirrored of [false, true]) {
    const camera = cameraOf({ ...framing, dec: 89.9, mirrored });
    const place = camera.placeOf({ x: 100, y: 1100 });
    const spot = camera.spotOf(place)!;
    assert.ok(Math.hypot(spot.x - 100, spot.y - 1100) < 1e-6);
  }
  const bent = cameraOf({ ...framing, distortion: 0.02 }).distorted({ x: 1936, y: 1216 });
  assert.ok(Math.abs(bent.x - 968 - 968 * 1.02) < 1e-9);
});
