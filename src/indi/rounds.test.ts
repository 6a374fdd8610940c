import assert from 'node:assert/strict';
import test from 'node:test';
import { systemClock } from '../core/clock.ts';
import { Rounds } from './rounds.ts';

test('a few are served at once, the others in the next turns, nobody twice and all in order', async () => {
  const rounds = new Rounds(systemClock);
  const served: number[] = [];
  for (let index = 0; index < 20; index++) rounds.await(() => served.push(index));
  assert.equal(served.length, 0, 'what is said in this turn goes out together');
  await undefined;
  const atOnce = served.length;
  assert.ok(atOnce > 0 && atOnce < 20, `${atOnce} at once`);
  let turns = 0;
  for (; served.length < 20 && turns < 20; turns++) await systemClock.turn();
  assert.equal(turns, Math.ceil(20 / atOnce) - 1);
  assert.deepEqual(
    served,
    Array.from({ length: 20 }, (_, index) => index),
  );
  rounds.await(() => served.push(20));
  await undefined;
  assert.ok(served.includes(20));
});

test('who asks again while being served has another turn', async () => {
  const rounds = new Rounds(systemClock);
  let count = 0;
  const again = () => void (++count < 5 && rounds.await(again));
  rounds.await(again);
  for (let turn = 0; turn < 3; turn++) await systemClock.turn();
  assert.equal(count, 5);
});

test('who is to be first is served before those who wait', async () => {
  const rounds = new Rounds(systemClock);
  const served: string[] = [];
  for (let index = 0; index < 20; index++) rounds.await(() => served.push('other'));
  rounds.await(() => served.push('first'), true);
  await undefined;
  assert.equal(served[0], 'first');
});
