import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StarField, StarStatistics } from '../imaging/stars/star.ts';
import type { Unsolved } from './solution.ts';
import { solveStars } from './solve-image.ts';
import type { Solver } from './solver.ts';

const unsolved: Unsolved = { solved: false, reason: 'no-match', message: 'none', stars: 40 };
const solver = { solve: () => unsolved } as unknown as Solver;

function fieldOf(eccentricity: number): StarField {
  const whole: StarStatistics = { stars: 40, hfr: 3, fwhm: 5, eccentricity, elongationDegrees: 31.7 };
  const empty = { stars: [], found: 0, background: 0, noise: 1, saturated: 0, ninths: [], tilt: Number.NaN };
  return { width: 100, height: 100, whole, ...empty };
}

test('lines that fit no place are told as trailed, with their direction', () => {
  const solution = solveStars(solver, fieldOf(0.995), {});
  assert.ok(!solution.solved);
  assert.deepEqual([solution.reason, solution.stars], ['trailed', 40]);
  assert.match(solution.message, /32°.*guide/);
});

test('round stars, or none measured, keep the solver’s reason', () => {
  assert.equal(solveStars(solver, fieldOf(0.4), {}), unsolved);
  assert.equal(solveStars(solver, fieldOf(Number.NaN), {}), unsolved);
});
