import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../../../src/core/clock.ts';
import { crc8, ds18b20 } from './ds18b20.ts';
import { ds2490 } from './ds2490.ts';

const COMMUNICATE = { type: 0x40, request: 1, length: 0 };
const never = new AbortController().signal;

/** Talks to the adapter as a host does: control requests, then the bulk endpoint. */
function hostOf(celsius: () => number) {
  const clock = new SimClock(0);
  const chip = ds18b20(0x4711, () => clock.monotonic(), celsius);
  const adapter = ds2490([chip]);
  const command = (value: number, index: number) => adapter.control({ ...COMMUNICATE, value, index });
  return {
    clock,
    chip,
    reset: () => command(0x43, 0),
    async exchange(...bytes: number[]) {
      adapter.out(2, Uint8Array.from(bytes));
      command(0x75, bytes.length);
      return [...(await adapter.in(3, bytes.length, never))];
    },
    async search() {
      adapter.out(2, new Uint8Array(8));
      command(0x49fd, 0x00f0);
      return [...(await adapter.in(3, 128, never))];
    },
  };
}

const nine = Array.from({ length: 9 }, () => 0xff);

test('the check sum is that of the application note', () => {
  assert.equal(crc8([0x02, 0x1c, 0xb8, 0x01, 0, 0, 0]), 0xa2);
});

test('a search finds the probe by family, number and check sum', async () => {
  const host = hostOf(() => 20);
  const found = await host.search();
  assert.deepEqual(found, [...host.chip.rom]);
  assert.equal(found[0], 0x28);
  assert.equal(crc8(found), 0);
});

for (const [celsius, low, high] of [
  [25.0625, 0x91, 0x01],
  [-10.125, 0x5e, 0xff],
  [0, 0, 0],
] as const) {
  test(`${celsius} °C is read as the datasheet has it, once it is converted`, async () => {
    const host = hostOf(() => celsius);
    host.reset();
    await host.exchange(0x55, ...host.chip.rom, 0x44);
    const early = await host.exchange(0xff);
    assert.deepEqual(early, [0], 'it says that it is done before it is');
    await host.clock.drive(host.clock.sleep(750));
    host.reset();
    await host.exchange(0xcc, 0xbe);
    const scratchpad = await host.exchange(...nine);
    assert.deepEqual(scratchpad.slice(0, 2), [low, high]);
    assert.equal(crc8(scratchpad), 0);
  });
}

test('before its first conversion it says 85 °C, and another number is not answered', async () => {
  const host = hostOf(() => 20);
  host.reset();
  await host.exchange(0xcc, 0xbe);
  assert.deepEqual((await host.exchange(...nine)).slice(0, 2), [0x50, 0x05]);
  host.reset();
  const other = [...host.chip.rom].map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  await host.exchange(0x55, ...other, 0xbe);
  assert.deepEqual(await host.exchange(...nine), nine);
});
