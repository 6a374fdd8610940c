import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marksOf } from './detection-judge.ts';
import type { FrameSpec, FrameTruth, TrueStar } from './frame-spec.ts';

const spec: FrameSpec = {
  name: 'x',
  kind: 'clean',
  seed: 1,
  width: 2000,
  height: 2000,
  scale: 2,
  ra: 0,
  dec: 0,
  rotation: 0,
  mirrored: false,
  utc: 0,
  seconds: 1,
  fwhm: 3,
  defocus: 0,
  trail: 0,
  distortion: 0,
};

/** Stars on a grid wide enough that each is alone. */
function truthOf(count: number, of: Partial<TrueStar>): FrameTruth {
  const stars = Array.from({ length: count }, (_, i) => ({
    x: 100 + 60 * (i % 30),
    y: 100 + 60 * Math.floor(i / 30),
    ra: 0,
    dec: 0,
    magnitude: 12,
    flux: 1000,
    snr: 10,
    catalogued: false,
    saturated: false,
    ...of,
  }));
  return { spec, visible: 0, hfr: 2, background: 100, noise: 10, stars };
}

test('counts the stars asked for, and what is none', () => {
  const truth = truthOf(200, {});
  const found = truth.stars.slice(0, 150).map(({ x, y }) => ({ x: x + 0.3, y, flux: 1, hfr: 2 }));
  const invented = Array.from({ length: 50 }, (_, i) => ({ x: 130 + 60 * (i % 20), y: 70, flux: 1, hfr: 1 }));
  const marks = marksOf([...found, ...invented], truth);
  assert.equal(marks.completeness, 0.75);
  assert.equal(marks.spurious, 0.25);
});

test('radii and places are judged by bright stars that stand alone', () => {
  const truth = truthOf(100, { snr: 100 });
  const found = truth.stars.map(({ x, y }) => ({ x: x + 0.1, y, flux: 1, hfr: 2.2 }));
  const marks = marksOf(found, truth);
  assert.ok(Math.abs(marks.hfr - 1.1) < 1e-9);
  assert.ok(Math.abs(marks.placePixels - 0.1 / Math.SQRT2) < 1e-9);
  assert.ok(Number.isNaN(marks.completeness));
});

test('a star beside another, at the edge, or saturated is not judged', () => {
  const crowded = truthOf(100, { snr: 100 });
  const companions = crowded.stars.map((star) => ({ ...star, x: star.x + 5 }));
  const both = { ...crowded, stars: [...crowded.stars, ...companions] };
  const found = crowded.stars.map(({ x, y }) => ({ x, y, flux: 1, hfr: 9 }));
  assert.ok(Number.isNaN(marksOf(found, both).hfr));
  assert.ok(Number.isNaN(marksOf(found, truthOf(100, { snr: 100, saturated: true })).hfr));
  assert.ok(Number.isNaN(marksOf(found, truthOf(100, { snr: 100, x: 3 })).hfr));
});
