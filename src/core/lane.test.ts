import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from './clock.ts';
import { Fault } from './errors.ts';
import { type Actor, Lane, ranks } from './lane.ts';
import type { Run } from './run.ts';

const actor = (name: string, rank: Actor['rank']): Actor => ({ name, rank });
const busy = (error: unknown) => error instanceof Fault && error.kind === 'busy';
const setUp = () => {
  const clock = new SimClock(0);
  const lane = new Lane();
  const start = (who: Actor, name = 'work') =>
    Lane.start([lane], who, clock, name, (run: Run<void>) => run.sleep(1e6));
  return { clock, lane, start };
};

test('a higher rank supersedes, an equal or lower one is told who is busy', () => {
  for (const [i, holder] of ranks.entries()) {
    for (const [j, asker] of ranks.entries()) {
      const { lane, start } = setUp();
      const held = start(actor('one', holder), 'autofocus');
      if (j > i) {
        const next = start(actor('two', asker));
        assert.equal(lane.current, next);
        assert.equal(held.signal.aborted, true, `${asker} over ${holder}`);
      } else {
        assert.throws(() => start(actor('two', asker)), /busy: autofocus/);
        assert.equal(held.signal.aborted, false, `${asker} under ${holder}`);
      }
    }
  }
});

test('the same actor may supersede its own operation, which is cleaned up before the next begins', async () => {
  const { clock, lane } = setUp();
  const seen: string[] = [];
  const me = actor('indi', 'client');
  Lane.start([lane], me, clock, 'first', async (run: Run<void>) => {
    try {
      await run.sleep(1e6);
    } finally {
      await clock.sleep(500);
      seen.push('first halted');
    }
  });
  clock.after(100, () => {
    Lane.start([lane], me, clock, 'second', async () => {
      seen.push(`second begins at ${clock.monotonic()}`);
    });
  });
  await clock.drive(clock.sleep(1000));
  assert.deepEqual(seen, ['first halted', 'second begins at 600']);
  assert.equal(lane.current, undefined);
});

test('of several lanes all are checked before anything is superseded', () => {
  const clock = new SimClock(0);
  const [ra, dec] = [new Lane(), new Lane()];
  const work = (run: Run<void>) => run.sleep(1e6);
  const low = Lane.start([ra], actor('a', 'client'), clock, 'pulse', work);
  Lane.start([dec], actor('b', 'safety'), clock, 'park', work);
  assert.throws(() => Lane.start([ra, dec], actor('c', 'person'), clock, 'slew', work), busy);
  assert.equal(low.signal.aborted, false);
});

test('stop passes from anyone and waits for the cleanup', async () => {
  const { clock, lane, start } = setUp();
  const run = start(actor('safety', 'safety'));
  await lane.stop('by the phone');
  assert.equal(run.ending.value?.state, 'stopped');
  await clock.drive(clock.sleep(1));
  assert.equal(lane.current, undefined);
});

test('a lease keeps clients off between operations, and a person takes it over', () => {
  const { lane, start } = setUp();
  const night = actor('night', 'night');
  const lease = lane.lease(night);
  assert.throws(() => start(actor('indi', 'client')), /busy: night/);
  start(night).stop('user');
  assert.equal(lease.lost.aborted, false);
  start(actor('phone', 'person'));
  assert.equal(lease.lost.aborted, true);
  lease.release();
  assert.throws(() => lane.lease(actor('indi', 'client')), busy);
});
