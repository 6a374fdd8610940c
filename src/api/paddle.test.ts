import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimClock, utcOf } from '../core/clock.ts';
import { littleRig } from './little-rig.ts';
import { DEAD_MAN_MS, Paddle, paddling } from './paddle.ts';
import { phone } from './parts.ts';

async function bench() {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const rig = littleRig(clock);
  const paddle = new Paddle(clock);
  await clock.drive(rig.host.connectAll());
  const device = rig.host.find('mount')!;
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  const press = paddling(device, 'north', 2);
  const moving = () => device.capabilities.value.mount?.motion.value === 'moving';
  return { ...rig, clock, paddle, device, pass, press, moving };
}

describe('the paddle', () => {
  test('moves while signs of life come, and stops half a second after the last', async () => {
    const { paddle, press, pass, moving, world, clock } = await bench();
    for (let sign = 0; sign < 10; sign++) {
      paddle.press('a', press);
      await pass(400);
      assert.ok(moving());
    }
    const last = clock.monotonic() - 400;
    await pass(200);
    assert.ok(!moving());
    assert.equal(world.stoppedAtMs, last + DEAD_MAN_MS);
    assert.deepEqual(world.moves, ['north 2'], 'one motion, not one for every sign');
  });

  test('stops at once when it is let go', async () => {
    const { paddle, press, pass, moving } = await bench();
    paddle.press('a', press);
    await pass(100);
    paddle.release('a');
    await pass(1);
    assert.ok(!moving());
  });

  test('a sign of life that comes after the end never moves anything', async () => {
    const { paddle, press, pass, moving, world } = await bench();
    paddle.press('let go', press);
    await pass(100);
    paddle.release('let go');
    paddle.release('overtaken');
    paddle.press('late', press);
    await pass(DEAD_MAN_MS + 1);
    for (const key of ['let go', 'overtaken', 'late']) {
      assert.throws(() => paddle.press(key, press), /press again/, key);
    }
    await pass(100);
    assert.ok(!moving());
    assert.equal(world.moves.length, 2);
  });

  test('two directions are two presses on two axes; one press is one direction', async () => {
    const { paddle, press, pass, world, device } = await bench();
    paddle.press('a', press);
    paddle.press('b', paddling(press.device, 'east', 2));
    await pass(100);
    assert.deepEqual(world.moves, ['north 2', 'east 2']);
    assert.throws(() => paddle.press('a', paddling(press.device, 'south', 2)), /one direction/);
    paddle.release();
    await pass(1);
    assert.equal(device.runs.value.length, 0);
  });

  test('a motion without a key is kept alive by saying it again, and ends without', async () => {
    const { paddle, press, pass, moving } = await bench();
    const first = paddle.repeat(press);
    await pass(400);
    assert.equal(paddle.repeat(press), first);
    await pass(400);
    assert.ok(moving());
    await pass(200);
    assert.ok(!moving());
    assert.notEqual(paddle.repeat(press), first);
    paddle.release();
  });

  test('what takes the mount away ends the press, which does not come back', async () => {
    const { paddle, press, pass, device, moving } = await bench();
    paddle.press('a', press);
    await pass(100);
    device.operate(phone, 'mount', 'halt', {});
    await pass(1);
    assert.ok(!moving());
    assert.throws(() => paddle.press('a', press), /press again/);
  });

  test('a mount that is gone says so at the press', async () => {
    const { paddle, press, device, clock } = await bench();
    await clock.drive(device.disconnect());
    assert.throws(() => paddle.press('a', press), { kind: 'gone' });
  });
});
