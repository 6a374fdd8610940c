import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Framing } from './framing.ts';
import { memoryWire } from './memory.ts';
import { Packets } from './packets.ts';

/** `0xAA length payload…`: any other byte at the front begins no packet. */
const framing: Framing = (buffer) => {
  if (buffer[0] !== 0xaa) return 0;
  const length = buffer[1];
  return length !== undefined && buffer.length >= length + 2 ? length + 2 : undefined;
};

const setUp = () => {
  const clock = new SimClock(0);
  const { host, device } = memoryWire(clock);
  const events: number[][] = [];
  const packets = new Packets(host, clock, {
    framing,
    unsolicited: (packet) => events.push([...packet]),
    timeoutMs: 500,
  });
  return { clock, host, device, events, packets };
};

test('the answer is recognised among events, whatever the pieces it comes in', async () => {
  const { clock, device, events, packets } = setUp();
  device.read(() => {
    for (const byte of [0x00, 0xaa, 1, 7, 0xff, 0xaa, 2, 1, 42]) device.write(Uint8Array.of(byte));
  });
  const answer = packets.exchange(Uint8Array.of(0xaa, 1, 1), (packet) => packet[2] === 1);
  assert.deepEqual([...(await clock.drive(answer))], [0xaa, 2, 1, 42]);
  assert.deepEqual(events, [[0xaa, 1, 7]]);
});

test('silence and a closed link are faults, and the next exchange works', async () => {
  const { clock, device, packets } = setUp();
  const ask = () => packets.exchange(Uint8Array.of(0xaa, 0), () => true);
  await assert.rejects(clock.drive(ask()), (error) => error instanceof Fault && error.kind === 'silent');
  device.read(() => void device.write(Uint8Array.of(0xaa, 0)));
  assert.equal((await clock.drive(ask())).length, 2);
  device.read(() => void device.close());
  await assert.rejects(clock.drive(ask()), (error) => error instanceof Fault && error.kind === 'gone');
});
