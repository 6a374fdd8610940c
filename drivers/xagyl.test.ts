import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { xagyl as wheelFamily } from '../hil/emulators/xagyl.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import { when } from '../src/core/cell.ts';
import { SimClock } from '../src/core/clock.ts';
import { Fault, type FaultKind } from '../src/core/errors.ts';
import type { Actor } from '../src/core/lane.ts';
import { silentLog } from '../src/core/log.ts';
import { Run } from '../src/core/run.ts';
import { contract } from '../src/device/contract.ts';
import type { Opened } from '../src/device/driver.ts';
import { noDarkroom } from '../src/device/no-darkroom.ts';
import { createObservatory } from '../src/device/observatory.ts';
import { bytesOf, latin1 } from '../src/wire/framing.ts';
import { type MemoryPort, memoryWire } from '../src/wire/memory.ts';
import { parseTranscript, play } from '../src/wire/transcript.ts';
import { xagyl } from './xagyl.ts';

const person: Actor = { name: 'test', rank: 'person' };
const isFault = (kind: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === kind;
const transcript = (name: string) =>
  parseTranscript(readFileSync(new URL(`../hil/transcripts/xagyl/${name}.wire`, import.meta.url), 'utf8'));

async function connected() {
  const rig = rigInMemory(xagyl, wheelFamily);
  await rig.clock.drive(rig.device.connect());
  const { wheel } = rig.device.capabilities.value;
  assert.ok(wheel);
  const select = (slot: number) => rig.device.operate(person, 'wheel', 'select', { slot }).outcome;
  return { ...rig, socket: rig.socket as MemoryPort, wheel, select };
}

/** The driver alone, with the other end of its line. */
function bare() {
  const clock = new SimClock(0);
  const { host, device } = memoryWire(clock);
  const opening = Run.start<Opened>(clock, 'open', (run) =>
    xagyl.open({
      link: host,
      settings: {},
      run: run as Run,
      observatory: createObservatory(),
      darkroom: noDarkroom,
      log: silentLog,
    }),
  );
  return { clock, line: device, opened: opening.outcome };
}

for (const { capability, name, perform } of contract) {
  if (capability !== 'wheel' && capability !== 'device') continue;
  test(`contract: the ${capability} ${name}`, async () => {
    const { clock, device, observatory } = await connected();
    await clock.drive(perform({ device, clock, observatory }));
  });
}

for (const [name, slot] of [
  ['handshake-and-turn', 3],
  ['afterthought', 8],
] as const) {
  test(`transcript ${name}: the driver says and hears what is written`, async () => {
    const { clock, line, opened } = bare();
    const played = play(transcript(name), 'device', line, clock);
    const { wheel, poll } = await clock.drive(opened);
    await clock.drive(poll?.() ?? Promise.resolve());
    const turn = Run.start<void>(
      clock,
      'turn',
      (run) => wheel?.select(slot, run as Run) ?? Promise.resolve(),
    );
    await clock.drive(turn.outcome);
    assert.equal(await clock.drive(played), undefined);
    assert.equal(wheel?.slot.value, slot);
  });
}

test('transcript handshake-and-turn: the emulator answers as written', async () => {
  const { clock, world } = rigInMemory(xagyl, wheelFamily);
  const emulator = wheelFamily.kind === 'stream' && wheelFamily.create({ clock, world, options: {} });
  assert.ok(emulator);
  const { host, device } = memoryWire(clock);
  emulator.attach(device);
  assert.equal(await clock.drive(play(transcript('handshake-and-turn'), 'host', host, clock)), undefined);
});

test('says who it is, and knows no slot while it turns', async () => {
  const { clock, device, wheel, world, select } = await connected();
  assert.equal(device.identity, '123456');
  assert.deepEqual([wheel.slots, wheel.slot.value], [world.wheel.filters.length, 1]);
  const seen: (number | undefined)[] = [];
  wheel.slot.watch((slot) => seen.push(slot));
  const start = clock.monotonic();
  await clock.drive(select(3));
  assert.deepEqual(seen, [undefined, 3]);
  assert.ok(clock.monotonic() - start >= 2000, 'two slots take two seconds');
  assert.equal(world.wheel.slot, 3);
});

test('an answer in pieces and one that is late but in time are answers', async () => {
  const { clock, socket, select, wheel } = await connected();
  socket.mangle = (bytes, toward) =>
    toward === 'host'
      ? [...bytes].map((byte, index) => ({ bytes: Uint8Array.of(byte), delayMs: 40 + 10 * index }))
      : [{ bytes }];
  await clock.drive(select(4));
  assert.equal(wheel.slot.value, 4);
});

test('an answer that comes too late never answers the next question', async () => {
  const { clock, socket, wheel, world, device } = await connected();
  const seen: unknown[] = [];
  wheel.slot.watch((slot) => seen.push(slot));
  let held = 0;
  // The driver gives up after 1.5 s; the answer comes just behind.
  socket.mangle = (bytes, toward) =>
    toward === 'host' && held++ === 0 ? [{ bytes, delayMs: 1600 }] : [{ bytes }];
  await clock.drive(clock.sleep(12_000));
  assert.equal(device.status.value.state, 'connected');
  assert.deepEqual([wheel.slot.value, seen], [world.wheel.slot, []]);
});

test('nonsense in place of an answer is a fault, and the next exchange works', async () => {
  const { clock, socket, select, wheel } = await connected();
  let first = true;
  socket.mangle = (bytes, toward) => {
    if (toward === 'device' || !first) return [{ bytes }];
    first = false;
    return [{ bytes: bytesOf(latin1(bytes).replace('P', '?')) }];
  };
  await assert.rejects(clock.drive(select(2)), isFault('garbled'));
  await clock.drive(select(3));
  assert.equal(wheel.slot.value, 3);
});

test('a silent wheel fails the turn, is lost by its polls, and comes back', async () => {
  const { clock, device, socket, select } = await connected();
  socket.mangle = (bytes, toward) => (toward === 'host' ? [] : [{ bytes }]);
  const turn = select(2);
  await assert.rejects(clock.drive(turn), isFault('silent'));
  await clock.drive(when(device.status, ({ state }) => state === 'recovering'));
  socket.mangle = undefined;
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
});

test('something else on the line is no wheel', async () => {
  const { clock, line, opened } = bare();
  line.read(() => void line.write(bytesOf('OK\r\n')));
  await assert.rejects(clock.drive(opened), isFault('garbled'));
});
