import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { modulo, parseSexagesimal, sexagesimal, signedDegrees } from './units.ts';

test('sexagesimal text rounds before it splits', () => {
  assert.equal(sexagesimal(-0.5), '-00:30:00');
  assert.equal(sexagesimal(12.9999999), '13:00:00');
  assert.equal(sexagesimal(-0.0000001, 1, '+'), '+00:00:00.0');
  assert.equal(sexagesimal(5.5756, 1), '05:34:32.2');
  assert.equal(sexagesimal(-7.25, 0, '+', ['*', "'", '']), "-07*15'00");
});

test('sexagesimal corpus of the INDI rules', () => {
  const corpus: [string, number][] = [
    ['1.5', 1.5],
    [' -0:30', -0.5],
    ['-00:00:36', -0.01],
    ['+12:30:00', 12.5],
    ['12 30 00', 12.5],
    ['12;30', 12.5],
    ['1e2', 100],
    ['-.5', -0.5],
    ['83:37:58.8', 83.633],
  ];
  for (const [text, value] of corpus) assert.ok(Math.abs(parseSexagesimal(text) - value) < 1e-9, text);
  for (const text of ['', 'north', '1:2:3:4', '--1', '1:-2'])
    assert.ok(Number.isNaN(parseSexagesimal(text)), text);
});

test('text and value agree to the digits printed', () => {
  fc.assert(
    fc.property(fc.double({ min: -359, max: 359, noNaN: true }), (value) => {
      assert.ok(Math.abs(parseSexagesimal(sexagesimal(value, 3)) - value) <= 0.0005 / 3600 + 1e-9);
    }),
  );
});

test('angles stay in their ranges, tiny negatives included', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (angle) => {
      assert.ok(modulo(angle, 360) >= 0 && modulo(angle, 360) < 360);
      assert.ok(signedDegrees(angle) > -180 && signedDegrees(angle) <= 180);
    }),
  );
  assert.equal(modulo(-1e-15, 360), 0);
});
