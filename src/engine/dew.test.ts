import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DewMemory,
  type DewReading,
  decideDew,
  dewMemory,
  feedForward,
  MOST_PERCENT,
  SAFE_PERCENT,
} from './dew.ts';

const air = { ambientCelsius: 5, dewPointCelsius: 2 };
const usual: DewReading = { seconds: 10, air, sensor: 'Ambient', marginCelsius: 2 };
const onGlass = (celsius: number | undefined) => ({ name: 'Lens', celsius });

/** The same reading over and over. */
function settle(reading: DewReading, memory: DewMemory = dewMemory(), times = 30) {
  let decided = decideDew(reading, memory);
  for (let i = 1; i < times; i++) decided = decideDew(reading, decided.memory);
  return decided;
}

test('without a probe the duty follows from the spread, as documented', () => {
  assert.deepEqual(
    [8, 7, 3, 0].map((spread) => feedForward(spread, 2)),
    [0, 0, 40, 70],
  );
  assert.equal(feedForward(-1, 10), MOST_PERCENT);
  const { duty, regime, alarm, state } = settle(usual);
  assert.deepEqual([duty, regime, alarm], [40, 'air', false]);
  assert.equal(state, 'air 3.0 °C above its dew point: heating at 40 %');
  assert.match(settle({ ...usual, air: { ...air, dewPointCelsius: -5 } }).state, /10\.0 °C .*: no heat$/);
});

test('with a probe cold glass gets more and more, glass well above nothing, and words say where it is', () => {
  const cold = settle({ ...usual, probe: onGlass(2.5) }, dewMemory(), 10);
  const later = settle({ ...usual, probe: onGlass(2.5) }, cold.memory, 60);
  assert.ok(cold.duty > 30 && later.duty > cold.duty, `${cold.duty} ${later.duty}`);
  assert.match(later.state, /^glass 0\.5 °C above the dew point: heating at \d+ %$/);
  const warm = decideDew({ ...usual, probe: onGlass(8) }, later.memory);
  assert.deepEqual([warm.duty, warm.memory.steady], [0, 0]);
  assert.equal(warm.state, 'glass 6.0 °C above the dew point: no heat');
});

test('hours of too little heat wind nothing up: warm again, it falls within the minute', () => {
  const starved = settle({ ...usual, probe: onGlass(-3) }, dewMemory(), 1000);
  assert.equal(starved.duty, MOST_PERCENT);
  const eased = settle({ ...usual, probe: onGlass(6) }, starved.memory, 12);
  assert.ok(eased.duty < 60, `${eased.duty} %`);
});

test('it changes by no more than 1 % a second', () => {
  const { duty } = decideDew({ ...usual, probe: onGlass(-3) }, dewMemory());
  assert.equal(duty, 10);
});

test('a minute without a reading changes nothing; then it heats with care and says why', () => {
  const before = settle({ ...usual, probe: onGlass(4) }, dewMemory(40));
  const silent = { ...usual, air: undefined, probe: onGlass(4) };
  const soon = settle(silent, before.memory, 6);
  assert.equal(soon.regime, 'glass');
  const late = settle(silent, soon.memory, 9);
  assert.deepEqual([late.regime, late.alarm], ['safe', true]);
  assert.ok(late.duty >= SAFE_PERCENT && late.duty >= before.duty - 1, `${before.duty} then ${late.duty}`);
  assert.match(late.state, /^no reading from Ambient for 2 min: heating at \d+ %$/);
  const back = settle({ ...usual, probe: onGlass(4) }, late.memory, 1);
  assert.deepEqual([back.regime, back.alarm], ['glass', false]);
});

test('where the air was never known: a safe duty', () => {
  const never = settle({ seconds: 10, marginCelsius: 2 });
  assert.deepEqual([never.duty, never.regime, never.alarm], [SAFE_PERCENT, 'safe', true]);
  assert.equal(never.state, 'no sensor of temperature and humidity: heating at 30 %');
});

test('a probe that is lost or tells nonsense is no probe: the air decides, and it is said', () => {
  for (const celsius of [undefined, 85, -40]) {
    const lost = settle({ ...usual, probe: onGlass(celsius) }, dewMemory(), 18);
    assert.deepEqual([lost.duty, lost.regime, lost.alarm], [40, 'air', true]);
    assert.match(
      lost.state,
      /^no reading from Lens for \d+ min, air 3\.0 °C above its dew point: heating at 40 %$/,
    );
  }
});

test('whatever is told, the duty is whole, within its bounds, and changes slowly', () => {
  const value = fc.option(fc.double({ min: -100, max: 120, noNaN: true }), { nil: undefined });
  const reading = fc.record({ ambient: value, dew: value, glass: value, probe: fc.boolean() });
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
      let memory = dewMemory(20);
      for (const { ambient, dew, glass, probe } of readings) {
        const before = memory.duty;
        const told =
          ambient !== undefined && dew !== undefined
            ? { ambientCelsius: ambient, dewPointCelsius: dew }
            : undefined;
        const decided = decideDew({ ...usual, air: told, ...(probe && { probe: onGlass(glass) }) }, memory);
        memory = decided.memory;
        assert.ok(Number.isInteger(decided.duty) && decided.duty >= 0 && decided.duty <= MOST_PERCENT);
        assert.ok(decided.duty === 0 || Math.abs(memory.duty - before) <= 10 + 1e-9);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});
