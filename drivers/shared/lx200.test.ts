import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { autostar, classic, onstep } from './lx200-dialect.ts';
import { parseOnstepStatus, parsePierSide } from './lx200-status.ts';
import {
  declinationText,
  isLowPrecision,
  latitudeText,
  longitudeText,
  parseDeclination,
  parseRightAscension,
  rightAscensionText,
} from './lx200-text.ts';

test('right ascensions of every form are read, and nothing else', () => {
  assert.equal(parseRightAscension('03:30:00#'), 52.5);
  assert.equal(parseRightAscension('03:30.5#'), 52.625);
  assert.ok(Math.abs((parseRightAscension('23:59:59.5#') ?? 0) - (360 - 7.5 / 3600)) < 1e-9);
  for (const nonsense of ['24:00:00#', '03:60:00#', '03:30:60#', '3:30:00#', '+03:30:00#', '1#', '#']) {
    assert.equal(parseRightAscension(nonsense), undefined, nonsense);
  }
  assert.deepEqual(['03:30.5#', '03:30:00#'].map(isLowPrecision), [true, false]);
});

test('declinations are read with each of the three degree marks, the sign held by −0° too', () => {
  for (const mark of ['*', ':', '\xdf']) assert.equal(parseDeclination(`-00${mark}30:00#`), -0.5);
  assert.equal(parseDeclination('+45*30#'), 45.5);
  assert.equal(parseDeclination("-05*30'36#"), -5.51);
  for (const nonsense of ['+90*00:01#', '+45*60#', '45#', '+45?30:00#', '03:30:00.5.5#', '1+45*30:00#']) {
    assert.equal(parseDeclination(nonsense), undefined, nonsense);
  }
});

test('what is written is read back within its rounding, and never 24 hours or 60 seconds', () => {
  const ra = fc.double({ min: -720, max: 720, noNaN: true });
  const dec = fc.double({ min: -90, max: 90, noNaN: true });
  fc.assert(
    fc.property(ra, dec, (degrees, declination) => {
      const back = parseRightAscension(`${rightAscensionText(degrees)}#`);
      assert.ok(back !== undefined);
      const off = Math.abs(((((back - degrees) % 360) + 540) % 360) - 180);
      assert.ok(off < 7.6 / 3600, `${degrees} became ${back}`);
      const south = parseDeclination(`${declinationText(declination)}#`);
      assert.ok(south !== undefined && Math.abs(south - declination) < 0.51 / 3600);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('longitudes count to the west from 0 to 359', () => {
  assert.equal(longitudeText(10.25, false), '349*45');
  assert.equal(longitudeText(-17.8816, true), '017*52:54');
  assert.equal(longitudeText(0.001, false), '000*00');
  assert.equal(longitudeText(0.0001, true), '000*00:00');
  assert.equal(latitudeText(-33.999, false), '-34*00');
  assert.equal(latitudeText(49.398, true), '+49*23:53');
});

test('OnStep says in letters what it does, and in a digit what went wrong', () => {
  for (const [answer, motion, error] of [
    ['NpEW250#', 'tracking', undefined],
    ['nNpHEo250#', 'stopped', undefined],
    ['nNPHEo250#', 'parked', undefined],
    ['nIET120#', 'parking', undefined],
    ['pET122#', 'slewing', 'below the lowest altitude'],
    ['nNpEW251#', 'fault', 'motor fault'],
    ['npEW25:#', 'slewing', 'goto and sync refused'],
    ['nNFEW259#', 'stopped', 'park failed: is a park position set?'],
  ] as const) {
    assert.deepEqual(parseOnstepStatus(answer), { motion, error }, answer);
  }
  for (const nonsense of ['NEW250#', '250#', 'Np#', 'NpEW2=0#', 'NpEW25=#', '#']) {
    assert.equal(parseOnstepStatus(nonsense), undefined, nonsense);
  }
  assert.deepEqual(['E#', 'W#', 'N#', '?#', '1#'].map(parsePierSide), [
    'east',
    'west',
    'unknown',
    'unknown',
    undefined,
  ]);
});

test('each reply ends where its dialect says', () => {
  const end = (framing: (bytes: Uint8Array) => number | undefined, text: string) =>
    framing(Buffer.from(text, 'latin1'));
  const planets = `1Updating Planetary Data#${' '.repeat(30)}#`;
  assert.equal(end(classic.dateReply, planets), planets.length);
  assert.equal(end(classic.dateReply, planets.slice(0, -1)), undefined);
  assert.equal(end(autostar.dateReply, '0'), 1);
  assert.equal(end(onstep.dateReply, '1'), 1);
  assert.equal(end(classic.gotoReply, '0'), 1);
  assert.equal(end(classic.gotoReply, '1Below'), undefined);
  assert.equal(end(classic.gotoReply, '1Below#'), 7);
  assert.equal(end(onstep.gotoReply, '6'), 1);
});
