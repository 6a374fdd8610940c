import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utcOf } from '../core/clock.ts';
import type { Header, HeaderValue } from '../imaging/fits-header.ts';
import { attemptsFor, hintsIn } from './header-hints.ts';

const header = (values: Record<string, HeaderValue>): Header => new Map(Object.entries(values));
const hints = (values: Record<string, HeaderValue>) => hintsIn(header(values), 3000, 2000);
const close = (actual: number | undefined, wanted: number, within = 1e-6) =>
  assert.ok(actual !== undefined && Math.abs(actual - wanted) < within, `${actual} is not ${wanted}`);

test('the place is read from degrees, hours and sexagesimal words', () => {
  const m31 = [
    { RA: 10.6847, DEC: 41.269 },
    { OBJCTRA: '00 42 44.328', OBJCTDEC: '+41 16 08.40' },
    { RA: '0:42:44.328', DEC: '41:16:08.4' },
  ];
  for (const values of m31) {
    const { near } = hints(values);
    close(near?.centre.ra, 10.6847, 1e-4);
    close(near?.centre.dec, 41.269, 1e-4);
    assert.equal(near?.radiusDegrees, 5);
  }
  close(hints({ RA: -1, DEC: -0.5 }).near?.centre.ra, 359);
  close(hints({ OBJCTRA: '1 0 0', OBJCTDEC: '-00 30 00' }).near?.centre.dec, -0.5);
});

test('half a place, or none on the sky, is no hint', () => {
  for (const values of [{ RA: 10 }, { RA: 10, DEC: 95 }, { OBJCTRA: 'unknown', OBJCTDEC: '' }, {}]) {
    assert.equal(hints(values).near, undefined);
  }
});

test('the scale comes from the optics, else as some program has said it', () => {
  const { scale } = hints({ FOCALLEN: 530, XPIXSZ: 3.76 });
  close(((scale?.low ?? 0) + (scale?.high ?? 0)) / 2, 1.4633, 1e-3);
  assert.ok(scale!.low < 1.3 && scale!.high > 1.6, 'a forgotten reducer is nearly allowed for');
  close(hints({ FOCALLEN: 530, PIXSIZE1: 3.76, XBINNING: 2 }).scale?.low, 2 * scale!.low, 1e-6);
  close(hints({ PIXSCALE: 2 }).scale?.low, 1.7, 1e-9);
  for (const wrong of [{ FOCALLEN: 0, XPIXSZ: 3.76 }, { SCALE: -1 }, { SCALE: 1e9 }, { FOCALLEN: 530 }]) {
    assert.equal(hints(wrong).scale, undefined, JSON.stringify(wrong));
  }
});

test('the time is the middle of the exposure where the header has it', () => {
  assert.equal(hints({ 'DATE-OBS': '2026-11-22T20:15:03.25' }).utc, utcOf(2026, 11, 22, 20, 15, 3.25));
  const both = { 'DATE-OBS': '2026-11-22T20:15:00', 'DATE-AVG': '2026-11-22T20:20:00' };
  assert.equal(hints(both).utc, utcOf(2026, 11, 22, 20, 20));
  assert.equal(hints({ 'DATE-OBS': 'yesterday' }).utc, undefined);
});

test('an image that was solved before is looked for there, at its scale', () => {
  const solved = hints({
    ...{ CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CRVAL1: 10, CRVAL2: 20, CRPIX1: 1500.5, CRPIX2: 1000.5 },
    ...{ CD1_1: -4e-4, CD1_2: 0, CD2_1: 0, CD2_2: 4e-4, RA: 200, DEC: -50, FOCALLEN: 100, XPIXSZ: 9 },
  });
  close(solved.near?.centre.ra, 10, 1e-6);
  close(((solved.scale?.low ?? 0) + (solved.scale?.high ?? 0)) / 2, 1.44, 1e-6);
});

const near = { centre: { ra: 10, dec: 20 }, radiusDegrees: 5 };
const elsewhere = { centre: { ra: 90, dec: 0 }, radiusDegrees: 1 };
const scale = { low: 1, high: 2 };

test('what is told is tried first and given up step by step; a mount may be lost, its optics not', () => {
  assert.deepEqual(attemptsFor({}, { near, scale, utc: 5 }), [
    { near, scale, utc: 5 },
    { scale, utc: 5 },
    { utc: 5 },
  ]);
  assert.deepEqual(attemptsFor({}, { near }), [{ near }, {}]);
  assert.deepEqual(attemptsFor({}, {}), [{}]);
});

test('what is stated is kept to in every try', () => {
  const attempts = attemptsFor({ near: elsewhere }, { near, scale });
  assert.deepEqual(attempts, [{ near: elsewhere, scale }, { near: elsewhere }]);
  assert.deepEqual(attemptsFor({ near: elsewhere, scale }, { near }), [{ near: elsewhere, scale }]);
});
