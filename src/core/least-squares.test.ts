import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastSquares, type Three } from './least-squares.ts';

const parabola = (x: number): Three => [1, x, x * x];

test('three rows are met exactly, whatever their weights', () => {
  const fit = leastSquares([-1, 0, 2].map(parabola), [6, 1, 3], [1, 50, 0.1]);
  const [a, b, c] = fit!.values;
  for (const [x, y] of [
    [-1, 6],
    [0, 1],
    [2, 3],
  ] as const) {
    assert.ok(Math.abs(a + b * x + c * x * x - y) < 1e-12);
  }
});

test('a heavier row pulls the fit to itself; the covariance is that of a mean where only the level is free', () => {
  const xs = [-1, -0.5, 0, 0.5, 1];
  const fit = leastSquares(xs.map(parabola), [1, 1, 2, 1, 1], [1, 1, 1e9, 1, 1]);
  assert.ok(Math.abs(fit!.values[0] - 2) < 1e-6);
  const level = leastSquares(
    [
      [1, 1, 0],
      [1, -1, 0],
      [1, 0, 1],
      [1, 0, -1],
    ],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
  );
  assert.equal(level!.values[0], 2.5);
  assert.equal(level!.covariance[0][0], 1 / 16);
});

test('what is not determined is not answered', () => {
  assert.equal(leastSquares([1, 1, 1, 2].map(parabola), [1, 2, 3, 4], [1, 1, 1, 1]), undefined);
  assert.equal(leastSquares([], [], []), undefined);
  assert.equal(leastSquares([0, 1, 2].map(parabola), [1, Number.NaN, 1], [Number.NaN, 1, 1]), undefined);
});
