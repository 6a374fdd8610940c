import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimClock } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import { TimeProportion } from './time-proportion.ts';

function setUp({ periodMs = 2000, phase = 0 } = {}) {
  const clock = new SimClock(1768518000_000);
  const start = clock.monotonic();
  const edges: { at: number; on: boolean }[] = [];
  const failures: Error[] = [];
  const output = { fails: false };
  const power = new TimeProportion({
    clock,
    periodMs,
    phase,
    async switchTo(on) {
      if (output.fails) throw new Fault('gone', 'no line');
      edges.push({ at: Math.round(clock.monotonic() - start), on });
    },
    failed: (error) => failures.push(error),
  });
  /** Milliseconds that it was on, up to now. */
  const onTime = () => {
    let total = 0;
    for (const [index, { at, on }] of edges.entries())
      if (on) total += (edges[index + 1]?.at ?? clock.monotonic() - start) - at;
    return total;
  };
  const run = (work: () => Promise<void>) => clock.drive(work());
  return { clock, power, edges, failures, output, onTime, run };
}

test('on for its share of each period, without a drift', async () => {
  const { clock, power, edges, onTime, run } = setUp();
  await run(async () => {
    await power.set(30);
    await clock.sleep(200_000);
    await power.set(0);
    await clock.sleep(10_000);
  });
  assert.ok(Math.abs(onTime() - 60_000) < 150, `${onTime()} ms`);
  assert.deepEqual(edges.slice(0, 4), [
    { at: 0, on: true },
    { at: 600, on: false },
    { at: 2000, on: true },
    { at: 2600, on: false },
  ]);
  assert.deepEqual(edges.at(-1)?.on, false, 'it rests off');
});

test('0 and 100 % do not switch, and a change takes effect at once', async () => {
  const { clock, power, edges, run } = setUp();
  await run(async () => {
    await power.set(100);
    await clock.sleep(60_000);
    assert.deepEqual(edges, [{ at: 0, on: true }]);
    await clock.sleep(1500);
    await power.set(10);
    assert.deepEqual(edges.at(-1), { at: 61_500, on: false });
    await power.set(90);
    assert.deepEqual(edges.at(-1), { at: 61_500, on: true });
    await power.set(0);
    await clock.sleep(60_000);
    assert.equal(edges.length, 4);
  });
});

test('heaters with different phases are not on together where that can be', async () => {
  const { clock, power, edges, run } = setUp({ phase: 0.5 });
  await run(async () => {
    await power.set(40);
    await clock.sleep(4000);
  });
  assert.deepEqual(edges.slice(0, 2), [
    { at: 1000, on: true },
    { at: 1800, on: false },
  ]);
});

test('however often it is changed, the heat is what was asked for', async () => {
  const change = fc.record({
    percent: fc.integer({ min: 0, max: 100 }),
    ms: fc.integer({ min: 1, max: 9000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
      const { clock, power, edges, onTime, run } = setUp();
      await run(async () => {
        for (const { percent, ms } of changes) {
          await power.set(percent);
          await clock.sleep(ms);
        }
        await power.set(0);
      });
      // Each change may cost or win what one period has on one side.
      const asked = changes.reduce((sum, { percent, ms }) => sum + (percent / 100) * ms, 0);
      assert.ok(Math.abs(onTime() - asked) <= changes.length * 500 + 50, `${onTime()} instead of ${asked}`);
      for (const [index, { on }] of edges.entries()) assert.equal(on, index % 2 === 0, 'twice the same');
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('a line that fails is told once; off is tried again as soon as it is asked for', async () => {
  const { clock, power, edges, failures, output, run } = setUp();
  await run(async () => {
    await power.set(50);
    output.fails = true;
    await clock.sleep(60_000);
    assert.equal(failures.length, 1);
    await assert.rejects(power.set(0), /no line/);
    output.fails = false;
    await power.set(0);
  });
  assert.deepEqual(edges, [
    { at: 0, on: true },
    { at: 60_000, on: false },
  ]);
});
