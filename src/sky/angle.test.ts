import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signedDegrees } from '../core/units.ts';
import { offset, positionAngle, separation } from './angle.ts';
import { toApparent } from './apparent.ts';
import type { Direction } from './direction.ts';

const seeded = { seed: 2026, numRuns: 300 };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const direction = fc.record({ ra: number(0, 359.999), dec: number(-89.9, 89.9) });
const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test('separation keeps its digits where a cosine would lose them', () => {
  const milliarcsecond = 1 / 3_600_000;
  near(separation({ ra: 10, dec: 45 }, { ra: 10, dec: 45 + milliarcsecond }), milliarcsecond, 1e-13);
  near(separation({ ra: 30, dec: 20 }, { ra: 210, dec: -20 + milliarcsecond }), 180 - milliarcsecond, 1e-12);
  assert.equal(separation({ ra: 1, dec: 2 }, { ra: 1, dec: 2 }), 0);
});

test('separation is the short way across 0 h and over the pole', () => {
  near(separation({ ra: 359.5, dec: 0 }, { ra: 0.5, dec: 0 }), 1, 1e-12);
  near(separation({ ra: 0, dec: 89 }, { ra: 180, dec: 89 }), 2, 1e-12);
});

test('position angle runs from north through east', () => {
  const from = { ra: 0, dec: 0 };
  const angles = [
    { ra: 0, dec: 1 },
    { ra: 1, dec: 0 },
    { ra: 0, dec: -1 },
    { ra: 359, dec: 0 },
  ].map((to) => Math.round(positionAngle(from, to)));
  assert.deepEqual(angles, [0, 90, 180, 270]);
});

test('an offset arrives at its distance, in its direction', () => {
  fc.assert(
    fc.property(direction, number(0, 359.99), number(0.001, 179), (from, angle, distance) => {
      const to = offset(from, angle, distance);
      near(separation(from, to), distance, 1e-9);
      near(signedDegrees(positionAngle(from, to) - angle), 0, 1e-7);
      assert.ok(to.ra >= 0 && to.ra < 360 && Math.abs(to.dec) <= 90);
    }),
    seeded,
  );
});

test('an offset over the pole comes down the other side, and one from the pole leaves it', () => {
  const over = offset({ ra: 40, dec: 89 }, 0, 3);
  near(over.ra, 220, 1e-9);
  near(over.dec, 88, 1e-9);
  near(offset({ ra: 40, dec: 90 }, 180, 5).ra, 40, 1e-9);
});

test('the turn to the apparent place bends no angle by more than aberration can', () => {
  fc.assert(
    fc.property(direction, direction, number(1.58e12, 2.2e12), (a, b, utc) => {
      const apparent = separation(toApparent(a, utc), toApparent(b, utc));
      near(apparent, separation(a, b), 42 / 3600);
    }),
    seeded,
  );
});

test('an apparent place does not pass for a direction', () => {
  const apparent = toApparent({ ra: 1, dec: 2 }, 1.7e12);
  // @ts-expect-error of date, not ICRS
  const mistaken: Direction = apparent;
  // @ts-expect-error two kinds
  separation({ ra: 1, dec: 2 } as Direction, apparent);
  near(separation<Direction>({ ra: 1, dec: 2 }, mistaken), 0.33, 0.02);
});
