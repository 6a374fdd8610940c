import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from './clock.ts';
import { Fault } from './errors.ts';
import { Run, Stopped } from './run.ts';

const clock = new SimClock(0);

test('the three endings: returned, threw, stopped', async () => {
  const returned = Run.start(clock, 'returns', async () => 42);
  assert.equal(returned.ending.value, undefined);
  assert.equal(await returned.outcome, 42);
  assert.deepEqual(returned.ending.value, { state: 'returned', value: 42 });

  const fault = new Fault('silent', 'no answer');
  const threw = Run.start(clock, 'throws', async () => {
    throw fault;
  });
  await assert.rejects(threw.outcome, (error) => error === fault);
  assert.equal(threw.ending.value?.state, 'threw');

  const stopped = Run.start(clock, 'stops', (run) => run.sleep(1e9));
  stopped.stop('dawn', 'the sun');
  stopped.stop('user', 'too late');
  await assert.rejects(stopped.outcome, (error) => error instanceof Stopped && error.reason === 'dawn');
  assert.equal(stopped.ending.value?.state, 'stopped');
});

test('cleanup outlives the stop', async () => {
  const seen: string[] = [];
  const run = Run.start(clock, 'moves', async (own) => {
    try {
      await own.sleep(1e9);
    } finally {
      await clock.sleep(100);
      seen.push('halted');
    }
  });
  run.outcome.catch(() => seen.push('ended'));
  clock.after(10, () => run.stop('user'));
  await clock.drive(clock.sleep(200));
  assert.deepEqual(seen, ['halted', 'ended']);
});

test('a run that is stopped before it begins never begins', async () => {
  let began = false;
  const run = Run.start(clock, 'late', async () => {
    began = true;
  });
  run.stop('shutdown');
  await assert.rejects(run.outcome, Stopped);
  assert.equal(began, false);
});

test('nested steps are shown outermost first, and leave with their end, good or bad', async () => {
  const shown: string[] = [];
  const run = Run.start(clock, 'night', async (own) => {
    own.progress.watch(({ steps }) => shown.push(steps.join('/')));
    await own.step('target', async () => {
      await own.step('slew', async () => own.report({ fraction: 0.5 }));
      await own.step('expose', async () => Promise.reject(new Error('no'))).catch(() => {});
    });
  });
  await run.outcome;
  assert.deepEqual(shown, ['target', 'target/slew', 'target/slew', 'target', 'target/expose', 'target', '']);
});
