import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ftdiAdapter } from './ftdi.ts';
import { answer, Fifo } from './usb.ts';

const never = new AbortController().signal;
const descriptor = (kind: number, index = 0, length = 255) => ({
  ...{ type: 0x80, request: 6, value: (kind << 8) | index, index: 0 },
  length,
});

test('descriptors have the lengths that they say', () => {
  const { gear } = ftdiAdapter('A50285BI');
  const device = answer(gear, descriptor(1)) as Uint8Array;
  assert.equal(device.length, device[0]);
  assert.deepEqual([...device.subarray(8, 14)], [0x03, 0x04, 0x01, 0x60, 0x00, 0x06]);
  const configuration = answer(gear, descriptor(2)) as Uint8Array;
  assert.equal(configuration.length, (configuration[2] ?? 0) + 256 * (configuration[3] ?? 0));
  assert.equal(answer(gear, descriptor(2, 0, 9))?.length, 9);
  const serial = answer(gear, descriptor(3, 3)) as Uint8Array;
  assert.equal(Buffer.from(serial.subarray(2)).toString('utf16le'), 'A50285BI');
  assert.equal(answer(gear, descriptor(3, 9)), undefined);
});

test('the divisors of AN_232B-05 are the rates that drivers ask for', () => {
  for (const [value, index, baud] of [
    [0x4138, 0, 9600],
    [0xc027, 0, 76_677],
    [0x001a, 0, 115_385],
    [0, 0, 3_000_000],
  ] as const) {
    const { gear, baud: set } = ftdiAdapter('X');
    gear.control({ type: 0x40, request: 3, value, index, length: 0 });
    assert.equal(set(), baud);
  }
});

test('each packet to the host begins with two bytes of status; the line is a stream both ways', async () => {
  const { gear, line } = ftdiAdapter('X');
  gear.out(2, Buffer.from('early'));
  const heard: string[] = [];
  line.read((bytes) => heard.push(Buffer.from(bytes).toString()));
  gear.out(2, Buffer.from('late'));
  assert.deepEqual(heard, ['early', 'late']);
  const asked = gear.in(1, 512, never);
  await line.write(Buffer.from('x'.repeat(70)));
  assert.equal((await asked).length, 64);
  assert.equal((await gear.in(1, 512, never)).length, 2 + 8);
});

test('a question that is taken back gets none of the bytes', async () => {
  const fifo = new Fifo();
  const asked = new AbortController();
  const first = fifo.take(4, asked.signal);
  asked.abort(new Error('unlinked'));
  await assert.rejects(first, /unlinked/);
  fifo.push([1, 2]);
  assert.deepEqual([...(await fifo.take(4, never))], [1, 2]);
});
