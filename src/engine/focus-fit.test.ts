import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FocusFound, type FocusSample, fitFocus } from './focus-fit.ts';

/** Reproducible normal deviates (Lehmer's generator, Box and Muller). */
function chance(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

const STEP = 100;
/** HFR of a focuser `distance` steps from its best position. */
const hyperbola = (distance: number, least = 2, perStep = 0.02) => Math.hypot(least, perStep * distance);

const around = (best: number, count = 9, centre = 20_000): FocusSample[] =>
  Array.from({ length: count }, (_, index) => {
    const position = centre + STEP * (index - (count - 1) / 2);
    return { position, hfr: hyperbola(position - best) };
  });

function found(samples: readonly FocusSample[]): FocusFound {
  const fit = fitFocus(samples);
  assert.ok(fit.found, JSON.stringify(fit));
  return fit;
}

const percentile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(share * values.length)]!;

test('a curve without noise is met to a hundredth of a step', () => {
  const fit = found(around(20_037));
  assert.ok(Math.abs(fit.best - 20_037) < 0.01, `${fit.best}`);
  assert.ok(Math.abs(fit.hfr - 2) < 1e-6);
  assert.ok(Math.abs(fit.asymmetry) < 1e-3);
  assert.deepEqual([fit.outliers, fit.extend], [[], undefined]);
});

test('the order of the samples does not matter, nor do positions that were visited twice', () => {
  const samples = around(20_037);
  const twice = [...samples.toReversed(), samples[2]!, samples[5]!];
  assert.ok(Math.abs(found(twice).best - 20_037) < 0.01);
});

test('a satellite, a cloud and a frame without stars are named and have no say', () => {
  const samples = around(20_037, 11).map((sample, index) => ({
    ...sample,
    hfr:
      index === 2 ? Number.NaN : index === 5 ? 1.7 * sample.hfr : index === 8 ? 0.6 * sample.hfr : sample.hfr,
  }));
  const fit = found(samples);
  assert.deepEqual(fit.outliers, [19_700, 20_000, 20_300]);
  assert.ok(Math.abs(fit.best - 20_037) < 0.1, `${fit.best}`);
});

test('with 4 % noise and 12 % outliers 95 of 100 runs of nine are within 0.2 of a step between samples', () => {
  const { uniform, normal } = chance(11);
  const errors: number[] = [];
  const pulls: number[] = [];
  for (let run = 0; run < 1000; run++) {
    const best = 20_000 + STEP * (2 * uniform() - 1);
    const perStep = 0.012 + 0.018 * uniform();
    const samples = around(best).map(({ position }) => {
      const spoiled =
        uniform() < 0.12 ? (uniform() < 0.7 ? 1.3 + 0.9 * uniform() : 0.5 + 0.3 * uniform()) : 1;
      return { position, hfr: hyperbola(position - best, 2, perStep) * (1 + 0.04 * normal()) * spoiled };
    });
    const fit = fitFocus(samples);
    errors.push(fit.found ? Math.abs(fit.best - best) / STEP : 9);
    if (fit.found) pulls.push(Math.abs(fit.best - best) / fit.uncertainty);
  }
  assert.ok(percentile(errors, 0.95) < 0.2, `${percentile(errors, 0.95)}`);
  const pull = percentile(pulls, 0.68);
  assert.ok(pull > 0.7 && pull < 1.6, `68 % of the errors are within ${pull} uncertainties`);
});

test('a minimum near the end asks for more samples on that side, and still says what it saw', () => {
  const low = found(around(19_730));
  assert.equal(low.extend, 'in');
  assert.ok(Math.abs(low.best - 19_730) < 1);
  assert.equal(found(around(20_320)).extend, 'out');
});

test('a minimum outside of what was sampled is not guessed at, only on which side it lies', () => {
  for (const [best, extend] of [
    [18_000, 'in'],
    [22_500, 'out'],
  ] as const) {
    const fit = fitFocus(around(best));
    assert.ok(!fit.found && fit.reason === 'outside' && fit.extend === extend, JSON.stringify(fit));
    assert.match(fit.message, new RegExp(`further ${extend}`));
  }
});

test('a focuser that hardly changes the stars gets larger steps, clouds a repetition', () => {
  const { uniform, normal } = chance(5);
  const still = around(20_000).map(({ position }) => ({ position, hfr: 2.2 * (1 + 0.03 * normal()) }));
  const flat = fitFocus(still);
  assert.ok(!flat.found && flat.reason === 'flat', JSON.stringify(flat));
  const clouds = around(20_000).map(({ position }) => ({ position, hfr: 2 + 6 * uniform() }));
  const scattered = fitFocus(clouds);
  assert.ok(!scattered.found && scattered.reason === 'scattered', JSON.stringify(scattered));
});

test('too few positions are said so, and a hill instead of a valley is no focus', () => {
  const few = fitFocus(around(20_000).slice(0, 4));
  assert.ok(!few.found && few.reason === 'few');
  const same = fitFocus(Array.from({ length: 9 }, () => ({ position: 5, hfr: 2 })));
  assert.ok(!same.found && same.reason === 'few');
  const hill = fitFocus(around(20_000).map(({ position, hfr }) => ({ position, hfr: 8 - hfr })));
  assert.equal(hill.found, false);
});

test('a curve steeper on the outer side shows in the asymmetry', () => {
  const samples = around(20_000, 13).map(({ position }) => ({
    position,
    hfr: hyperbola(position - 20_000, 2, position > 20_000 ? 0.025 : 0.018),
  }));
  const fit = found(samples);
  assert.ok(fit.asymmetry > 0.1, `${fit.asymmetry}`);
  assert.ok(Math.abs(fit.best - 20_000) < STEP, `${fit.best}`);
});

test('a hundred samples are fitted in bounded time', () => {
  const fit = found(around(20_010, 100));
  assert.ok(Math.abs(fit.best - 20_010) < 3 * STEP, `${fit.best}`);
});
