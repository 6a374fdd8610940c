import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeastSquares } from '../core/normal-equations.ts';
import { logChanceOf } from './chance.ts';
import { ImageStars } from './image-stars.ts';
import { fitted, linear, MODELS, mapped, polynomial, similar } from './model.ts';
import { randomFrom } from './sky.fixture.ts';

test('chance: the tail of Poisson’s law', () => {
  // Summed term by term.
  assert.ok(Math.abs(10 ** logChanceOf(5, 1.5) - 0.01857593622214) < 1e-9);
  assert.ok(Math.abs(logChanceOf(8, 0.01) - -20.6094) < 1e-3);
  assert.ok(Math.abs(logChanceOf(200, 3) - -280.769) < 1e-3);
  assert.equal(logChanceOf(2, 3), 0);
  assert.equal(logChanceOf(-1, 0), 0);
  assert.equal(logChanceOf(3, 0), Number.NEGATIVE_INFINITY);
});

test('least squares: what was put in comes out; what is not fixed is not invented', () => {
  const squares = new LeastSquares(2, 2);
  for (const x of [0, 1, 2, 3]) squares.add([1, x], 5 + 2 * x, -x);
  const [a, b] = squares.solve()!;
  assert.ok(Math.abs(a![0]! - 5) + Math.abs(a![1]! - 2) + Math.abs(b![0]!) + Math.abs(b![1]! + 1) < 1e-12);
  const flat = new LeastSquares(2, 1);
  for (let n = 0; n < 5; n++) flat.add([1, 3], n);
  assert.equal(flat.solve(), undefined);
});

/** Points of −1…1 and where a lens puts them: turned, mirrored or not, bent. */
function seen(mirror: 1 | -1, bend: number): { from: number[]; to: number[] } {
  const random = randomFrom(5);
  const [from, to]: [number[], number[]] = [[], []];
  for (let n = 0; n < 40; n++) {
    const [x, y] = [2 * random() - 1, 2 * random() - 1];
    const grown = 1 + bend * (x * x + y * y);
    from.push(x, y);
    to.push(0.1 + grown * (0.8 * x - 0.6 * y), mirror * (-0.2 + grown * (0.6 * x + 0.8 * y)));
  }
  return { from, to };
}

test('every model fits a plain camera, upright and mirrored; the radial ones a lens', () => {
  const point = new Float64Array(2);
  for (const mirror of [1, -1] as const) {
    for (const bend of [0, 0.05]) {
      const { from, to } = seen(mirror, bend);
      for (const model of MODELS) {
        const map = fitted(model, from, to)!;
        let worst = 0;
        for (let i = 0; i < from.length; i += 2) {
          mapped(map, from[i]!, from[i + 1]!, point);
          worst = Math.max(worst, Math.hypot(point[0]! - to[i]!, point[1]! - to[i + 1]!));
        }
        const able = bend === 0 || model.powers.some((powers) => powers.some(([p, q]) => p + q === 3));
        assert.equal(worst < 1e-12, able, `${model.parameters} parameters, bend ${bend}: ${worst}`);
      }
    }
  }
});

test('a polynomial has its terms in the order of its powers', () => {
  const [x, y] = [0.7, -1.3];
  for (const order of [1, 2, 3, 4, 5]) {
    const model = polynomial(order);
    const row = new Float64Array(model.terms);
    model.fill(x, y, row);
    model.powers.forEach((powers, n) => {
      const [p, q] = powers[0]!;
      assert.ok(Math.abs(row[n]! - x ** p * y ** q) < 1e-12);
    });
  }
});

test('too few points, or all in one, fix no map', () => {
  assert.equal(fitted(linear, [0, 0, 1, 0], [0, 0, 1, 0]), undefined);
  assert.equal(fitted(similar, [1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]), undefined);
});

test('the nearest image star, as a look at all finds it', () => {
  const random = randomFrom(8);
  const stars = Array.from({ length: 300 }, (_, i) => ({ x: 899 * random(), y: 599 * random(), flux: -i }));
  const image = new ImageStars({ width: 900, height: 600, stars });
  for (let n = 0; n < 500; n++) {
    const [u, v] = [1000 * random() - 500, 700 * random() - 350];
    const [radius, most] = [1 + 80 * random(), 1 + Math.floor(image.count * random())];
    const apart = (i: number) => Math.hypot(image.us[i]! - u, image.vs[i]! - v);
    const near = Array.from({ length: most }, (_, i) => i).filter((i) => apart(i) <= radius);
    const expected = near.sort((i, j) => apart(i) - apart(j))[0] ?? -1;
    assert.equal(image.nearest(u, v, radius, most), expected);
  }
});

test('of stars too near each other the brightest stays', () => {
  const stars = [0, 0.3, 500, 500.2, 3].map((x, i) => ({ x, y: 10, flux: 9 - i }));
  const image = new ImageStars({ width: 1001, height: 1001, stars });
  assert.deepEqual([...image.us], [-500, 0, -497]);
});
