import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { calendarUtc, isoUtc, parseUtc, SimClock, systemClock, utcOf } from './clock.ts';

const START = utcOf(2026, 1, 15, 22);

test('simulated time jumps to the next sleeper, in order, and ties keep the order of asking', async () => {
  const clock = new SimClock(START);
  const seen: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    seen.push(`${name}@${clock.monotonic()}`);
  };
  await clock.drive(
    Promise.all([sleeper('a', 500), sleeper('b', 100), sleeper('c', 500), sleeper('d', 3_600_000)]),
  );
  assert.deepEqual(seen, ['b@100', 'a@500', 'c@500', 'd@3600000']);
  assert.equal(clock.now(), START + 3_600_000);
});

test('a thousand random timers fire in order of time', async () => {
  const clock = new SimClock(START);
  const fired: number[] = [];
  let seed = 1;
  for (let i = 0; i < 1000; i++) {
    seed = (seed * 48271) % 2147483647;
    clock.after(seed % 10_000, () => fired.push(clock.monotonic()));
  }
  await clock.drive(clock.sleep(10_001));
  assert.equal(fired.length, 1000);
  assert.deepEqual(
    fired,
    fired.toSorted((a, b) => a - b),
  );
});

test('work outside holds simulated time until it settles', async () => {
  const clock = new SimClock(START);
  let woke = false;
  clock.after(10, () => {
    woke = true;
  });
  const work = clock.external(
    (async () => {
      for (let turn = 0; turn < 50; turn++) await immediate();
      assert.equal(woke, false);
      return 'done';
    })(),
  );
  assert.equal(await clock.drive(work), 'done');
  await clock.drive(clock.sleep(10));
  assert.equal(woke, true);
});

test('time stands still while nobody drives it', async () => {
  const clock = new SimClock(START);
  clock.after(1, () => assert.fail('nobody drives'));
  for (let turn = 0; turn < 20; turn++) await immediate();
  assert.equal(clock.now(), START);
});

test('nothing asleep and nothing pending is reported as a deadlock', async () => {
  const clock = new SimClock(START);
  await assert.rejects(clock.drive(new Promise(() => {})), /deadlock/);
});

test('a cancelled sleep rejects with the reason and leaves no sleeper behind', async () => {
  for (const clock of [new SimClock(START), systemClock]) {
    const abort = new AbortController();
    const sleep = clock.sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(sleep, /enough/);
    await assert.rejects(clock.sleep(1, abort.signal), /enough/);
  }
});

test('a paced clock takes real time', async () => {
  const clock = new SimClock(START, 1000);
  const start = systemClock.monotonic();
  await clock.drive(clock.sleep(50_000));
  const took = systemClock.monotonic() - start;
  assert.ok(took >= 45, `50 s at 1000 times took ${took} ms`);
  assert.equal(clock.monotonic(), 50_000);
});

test('dates are UTC unless they say otherwise', () => {
  assert.equal(isoUtc(START), '2026-01-15T22:00:00.000Z');
  assert.equal(parseUtc('2026-01-15T22:00:00'), START);
  assert.equal(parseUtc('2026-01-15T23:00:00+01:00'), START);
  assert.equal(parseUtc('2026-01-15'), START - 22 * 3_600_000);
  assert.ok(Number.isNaN(parseUtc('tonight')));
  assert.deepEqual(calendarUtc(START + 1250), {
    year: 2026,
    month: 1,
    day: 15,
    hour: 22,
    minute: 0,
    second: 1,
    millisecond: 250,
  });
});
