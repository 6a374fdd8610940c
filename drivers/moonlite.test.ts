import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { moonlite as focuserFamily } from '../hil/emulators/moonlite.ts';
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
import { moonlite } from './moonlite.ts';

const person: Actor = { name: 'test', rank: 'person' };
const isFault = (kind: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === kind;

async function connected() {
  const rig = rigInMemory(moonlite, focuserFamily);
  await rig.clock.drive(rig.device.connect());
  const { focuser } = rig.device.capabilities.value;
  assert.ok(focuser);
  const moveTo = (steps: number) => rig.device.operate(person, 'focuser', 'moveTo', { steps });
  return { ...rig, socket: rig.socket as MemoryPort, focuser, moveTo };
}

for (const { capability, name, perform } of contract) {
  if (capability !== 'focuser' && capability !== 'device') continue;
  test(`contract: the ${capability} ${name}`, async () => {
    const { clock, device, observatory } = await connected();
    await clock.drive(perform({ device, clock, observatory }));
  });
}

test('transcript handshake-and-move: the driver says and hears what is written', async () => {
  const file = new URL('../hil/transcripts/moonlite/handshake-and-move.wire', import.meta.url);
  const clock = new SimClock(0);
  const { host, device } = memoryWire(clock);
  const played = play(parseTranscript(readFileSync(file, 'utf8')), 'device', device, clock);
  const { focuser, poll } = await clock.drive(
    Run.start<Opened>(clock, 'open', (run) =>
      moonlite.open({
        link: host,
        settings: { stepMode: 'full' },
        run: run as Run,
        observatory: createObservatory(),
        darkroom: noDarkroom,
        log: silentLog,
      }),
    ).outcome,
  );
  await clock.drive(poll?.() ?? Promise.resolve());
  assert.deepEqual([focuser?.position.value, focuser?.temperature?.value], [1000, 10]);
  const move = Run.start<void>(
    clock,
    'move',
    (run) => focuser?.moveTo(1300, run as Run) ?? Promise.resolve(),
  );
  await clock.drive(move.outcome);
  assert.equal(await clock.drive(played), undefined);
  assert.equal(focuser?.position.value, 1300);
});

test('unplugged in a move, the focuser stays the same device and goes on where it stands', async () => {
  const { clock, device, socket, focuser, moveTo, world } = await connected();
  const before = device;
  const move = moveTo(focuser.position.value + 2000);
  await clock.drive(clock.sleep(1000));
  socket.unplug();
  await assert.rejects(clock.drive(move.outcome), isFault('gone'));
  assert.equal(device.status.value.state, 'recovering');
  assert.ok(device.capabilities.value.focuser, 'its last known state is kept');
  assert.throws(() => moveTo(0), isFault('gone'));
  await clock.drive(clock.sleep(20_000));
  socket.plug();
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
  assert.equal(device, before);
  assert.equal(device.capabilities.value.focuser?.position.value, Math.round(world.focus.axis.angle));
  await clock.drive(moveTo(12_000).outcome);
  assert.equal(Math.round(world.focus.axis.angle), 12_000);
});

test('answers in pieces are answers', async () => {
  const { clock, socket, focuser, moveTo } = await connected();
  const target = focuser.position.value + 400;
  socket.mangle = (bytes, toward) =>
    toward === 'host'
      ? [...bytes].map((byte, index) => ({ bytes: Uint8Array.of(byte), delayMs: 20 + 15 * index }))
      : [{ bytes }];
  await clock.drive(moveTo(target).outcome);
  assert.equal(focuser.position.value, target);
});

test('an answer that comes too late never answers the next question', async () => {
  const { clock, socket, focuser, device } = await connected();
  const positions = new Set<number>();
  focuser.position.watch((position) => positions.add(position));
  let held = 0;
  socket.mangle = (bytes, toward) =>
    toward === 'host' && held++ === 0 ? [{ bytes, delayMs: 1600 }] : [{ bytes }];
  await clock.drive(clock.sleep(12_000));
  assert.equal(device.status.value.state, 'connected');
  assert.deepEqual([...positions], [], 'the position never seemed to change');
  assert.equal(focuser.moving.value, false);
});

test('nonsense in a move is a fault, and the motor is halted', async () => {
  const { clock, socket, moveTo, world } = await connected();
  const move = moveTo(Math.round(world.focus.axis.angle) + 3000);
  await clock.drive(clock.sleep(600));
  let first = true;
  socket.mangle = (bytes, toward) => {
    if (toward === 'device' || !first) return [{ bytes }];
    first = false;
    return [{ bytes: bytesOf(latin1(bytes).replace(/^../, '%&')) }];
  };
  await assert.rejects(clock.drive(move.outcome), isFault('garbled'));
  await clock.drive(clock.sleep(100));
  assert.equal(world.focus.axis.moving, false);
});

test('a focuser that falls silent is lost after three polls, and found again', async () => {
  const { clock, device, socket } = await connected();
  socket.mangle = (bytes, toward) => (toward === 'host' ? [] : [{ bytes }]);
  await clock.drive(when(device.status, ({ state }) => state === 'recovering'));
  assert.match(device.status.value.message ?? '', /no answer/);
  socket.mangle = undefined;
  await clock.drive(when(device.status, ({ state }) => state === 'connected'));
});
