import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DewHistory } from './dew-history.ts';

const MINUTE = 60_000;
const air = { ambientCelsius: 5, dewPointCelsius: 2 };
const times = ({ samples }: DewHistory) => samples.map(({ utc }) => utc / MINUTE);

test('one sample in two minutes, for twelve hours', () => {
  const history = new DewHistory();
  for (let minute = 0; minute < 24 * 60; minute += 0.5) history.add(minute * MINUTE, air, []);
  assert.equal(history.samples.length, 360);
  assert.deepEqual(times(history).slice(-2), [24 * 60 - 4, 24 * 60 - 2]);
});

test('a clock that is set, ahead by years or back by an hour, leaves no time that never was', () => {
  const history = new DewHistory();
  for (const minute of [0, 2, 4]) history.add(minute * MINUTE, undefined, []);
  history.add(1e6 * MINUTE, air, []);
  assert.deepEqual(times(history), [1e6]);
  history.add((1e6 + 2) * MINUTE, air, []);
  history.add((1e6 + 1) * MINUTE, air, []);
  assert.deepEqual(times(history), [1e6, 1e6 + 1]);
});
