import assert from 'node:assert/strict';
import { test } from 'node:test';
import { littleRig } from '../../api/little-rig.ts';
import { phone } from '../../api/parts.ts';
import { SimClock, utcOf } from '../../core/clock.ts';
import { runNight } from '../../engine/night.ts';
import { planSchema } from '../../engine/plan.ts';
import type { Ledger } from '../../storage/ledger.ts';
import { settable } from './scene.fixture.ts';

const TRUE_START = utcOf(2026, 11, 22, 20);
const HOUR = 3_600_000;

/** A rig whose clock is as wrong as that of a unit without a battery. */
async function setUp(wrongBy: number) {
  const truth = new SimClock(TRUE_START);
  const clock = settable(truth);
  clock.set(wrongBy);
  const rig = littleRig(clock);
  await truth.drive(rig.host.connectAll());
  const settle = (byMs: number) => {
    clock.set(byMs);
    rig.observatory.clockSet(byMs / 1000, 'person');
  };
  return { ...rig, truth, clock, settle };
}

for (const [name, wrongBy] of [
  ['three days behind', -72 * HOUR],
  ['an hour ahead', HOUR],
] as const) {
  test(`an exposure under a clock that is ${name} takes its time, and is dated by the clock that was set`, async () => {
    const { truth, settle, shutter, rows, host } = await setUp(wrongBy);
    const began = truth.monotonic();
    truth.after(10_000, () => settle(-wrongBy));
    const camera = host.inRole('camera')!;
    const shot = shutter.shoot(camera, phone, { seconds: 60, type: 'light' }, 'store');
    await truth.drive(shot.outcome);
    const took = truth.monotonic() - began;
    assert.ok(took >= 60_000 && took < 63_000, `${took} ms`);
    assert.equal(rows[0]?.trust, 'person');
    assert.ok(Math.abs((rows[0]?.startUtc ?? 0) - TRUE_START) < 2000, 'dated by the time that it truly was');
  });
}

test('a plan waits for a trusted clock, and goes on when the clock is set again in the middle', async () => {
  const { truth, settle, rows, ...parts } = await setUp(-72 * HOUR);
  const plan = planSchema.parse({
    id: 'pole',
    target: { name: 'Pole', ra: 30, dec: 85 },
    sets: [{ id: 'l', filter: 'L', seconds: 60, count: 4 }],
    park: false,
  });
  const countOf = async () => ({ stored: rows.length, accepted: 0, rejected: 0 });
  const ledger = { ...parts.ledger, countOf } as unknown as Ledger;
  const night = runNight({ rig: parts.rig, shutter: parts.shutter, ledger, log: parts.log }, plan);
  await truth.drive(truth.sleep(600_000));
  assert.equal(rows.length, 0, 'no slew on a clock that nobody vouches for');
  settle(72 * HOUR);
  truth.after(90_000, () => settle(-45_000));
  truth.after(150_000, () => settle(45_000));
  const began = truth.monotonic();
  await truth.drive(night.outcome);
  assert.equal(rows.length, 4);
  const took = truth.monotonic() - began;
  assert.ok(took > 240_000 && took < 300_000, `${took} ms`);
});
