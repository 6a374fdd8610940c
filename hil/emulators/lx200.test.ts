import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../../src/core/clock.ts';
import { bytesOf, latin1 } from '../../src/wire/framing.ts';
import { memoryWire } from '../../src/wire/memory.ts';
import { createWorld } from '../sky/world.ts';
import type { EmulatorFamily } from './emulator.ts';
import { lx200, onstep } from './lx200.ts';

/** 2026-01-15 23:00 UTC. */
const EVENING_UTC = 1768518000_000;

function mounted(family: EmulatorFamily, options: Record<string, unknown> = {}) {
  const clock = new SimClock(EVENING_UTC);
  const world = createWorld({ clock, flaws: { backlashArcsec: 0, periodicArcsec: 0 } });
  assert.ok(family.kind === 'stream');
  const { truth, attach } = family.create({ clock, world, options });
  const { host, device } = memoryWire(clock);
  attach(device);
  let heard = '';
  host.read((bytes) => {
    heard += latin1(bytes);
  });
  const say = async (text: string) => {
    heard = '';
    await clock.drive(host.write(bytesOf(text)).then(() => clock.sleep(1)));
    return heard;
  };
  const pass = (seconds: number) => clock.drive(clock.sleep(seconds * 1000));
  return { clock, world, truth, say, pass };
}

test('a goto takes its time on both axes, tells the truth five times a second, and is told on change only', async () => {
  const { truth, say, pass, world } = mounted(onstep);
  const told: Record<string, unknown>[] = [];
  truth.watch((value) => told.push(value));
  const [hours = 0] = (await say(':GS#')).split(':').map(Number);
  const ra = String((hours + 2) % 24).padStart(2, '0');
  assert.equal(await say(`:Sr${ra}:00:00#:Sd+30*00:00#:MS#`), '110');
  await pass(5);
  assert.equal(truth.value.slewing, true);
  assert.ok(told.length > 20 && told.length < 30, `${told.length} in five seconds`);
  await pass(60);
  const { slewing, tracking, parked, pierSide } = truth.value;
  assert.deepEqual(
    { slewing, tracking, parked, pierSide },
    { slewing: false, tracking: true, parked: false, pierSide: 'west' },
  );
  assert.ok(Math.abs(world.mount.counted().declination - 30) < 1e-6);
  assert.equal(await say(':GR#:GD#'), `${ra}:00:00#+30*00:00#`);
  told.length = 0;
  await pass(600);
  assert.deepEqual(told, []);
  assert.deepEqual(JSON.parse(JSON.stringify(truth.value)), truth.value);
});

test('a battery keeps clock and site; without one it wakes in 2000 and points by that', async () => {
  assert.equal(await mounted(lx200).say(':GC#:GL#:GG#'), '01/15/26#23:00:00#+00.0#');
  assert.equal(await mounted(lx200, { forgetful: true }).say(':GC#:GL#:Gt#'), '01/01/00#00:00:00#+00\xdf00#');
});

test('broken commands, words it does not know and bytes between them are not answered', async () => {
  const { say } = mounted(onstep);
  assert.equal(await say('#\x00garbage#:XYZ#:GV'), '');
  assert.equal(await say(':GVP#'), 'On-Step#');
  assert.equal(await say(`:${'9'.repeat(5000)}#:SL23:59:59#:Sr24:00:00#`), '10');
});

test('north is north on both sides of the pier, and the paddle stops where it is let go', async () => {
  for (const [hours, side] of [
    [2, 'west'],
    [-2, 'east'],
  ] as const) {
    const { say, pass, world } = mounted(onstep);
    const [now = 0] = (await say(':GS#')).split(':').map(Number);
    await say(`:Sr${String((now + hours + 24) % 24).padStart(2, '0')}:00:00#:Sd+30*00:00#:MS#`);
    await pass(60);
    assert.equal(world.mount.pierSide, side);
    const before = world.mount.counted();
    await say(':R8#:Mn#');
    await pass(1);
    await say(':Qn#');
    await pass(5);
    const after = world.mount.counted();
    assert.ok(Math.abs(after.declination - before.declination - 2) < 0.02);
    await say(':Mge1000#');
    await pass(3);
    const east = (world.mount.counted().rightAscension - after.rightAscension) * 3600;
    assert.ok(Math.abs(east - 7.5) < 0.1, `${east}″`);
  }
});

test('a parked OnStep answers a goto with 4 and moves for nobody until it is unparked', async () => {
  const { say, pass, world, truth } = mounted(onstep);
  assert.equal(await say(':hP#'), '1');
  await pass(30);
  assert.equal(truth.value.parked, true);
  assert.equal(await say(':GU#:MS#:Te#:RS#:Mn#:Mgn0500#'), 'nNPHEo150#40');
  await pass(2);
  assert.equal(world.mount.dec.angle, 0);
  assert.equal(await say(':hR#:GU#'), '1NpHEo190#');
});
