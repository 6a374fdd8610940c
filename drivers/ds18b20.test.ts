import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ds18b20 as probe } from '../hil/emulators/ds18b20.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import type { MemoryOneWirePort } from '../src/wire/memory-chips.ts';
import { ds18b20 } from './ds18b20.ts';
import { celsiusOf, crc8 } from './shared/ds18b20-chip.ts';

const scratchpad = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
/** With the right CRC. */
const sealed = (text: string) => {
  const bytes = scratchpad(text);
  return Uint8Array.from([...bytes, crc8(bytes)]);
};

test('the temperatures of the data sheet, each with its CRC', () => {
  assert.equal(celsiusOf(scratchpad('72 01 4b 46 7f ff 0e 10 57')), 23.125);
  const known = {
    'd0 07': 125,
    '91 01': 25.0625,
    'a2 00': 10.125,
    '08 00': 0.5,
    'f8 ff': -0.5,
    '5e ff': -10.125,
  };
  for (const [bytes, celsius] of Object.entries({ ...known, '6f fe': -25.0625, '90 fc': -55 }))
    assert.equal(celsiusOf(sealed(`${bytes} 4b 46 7f ff 0c 10`)), celsius);
});

test('what no probe says: a bit gone wrong, zeros, another length', () => {
  const right = scratchpad('72 01 4b 46 7f ff 0e 10 57');
  for (let bit = 0; bit < 72; bit++) {
    const wrong = right.slice();
    wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.equal(celsiusOf(wrong), undefined, `bit ${bit}`);
  }
  assert.equal(celsiusOf(new Uint8Array(9)), undefined, 'the CRC of zeros is right');
  assert.equal(celsiusOf(right.slice(0, 8)), undefined);
});

test('at 9 bits the lowest three are not believed', () => {
  assert.equal(celsiusOf(sealed('77 01 4b 46 1f ff 09 10')), 23);
});

function rigged() {
  const rig = rigInMemory(ds18b20, probe);
  const celsius = () => rig.device.capabilities.value.weather?.readings[0]?.value.value;
  return { ...rig, socket: rig.socket as MemoryOneWirePort, celsius };
}
const POWER_ON = '50 05 4b 46 7f ff 0c 10';

test('the glass of the world, not its air', async () => {
  const { clock, world, device, celsius } = rigged();
  await clock.drive(device.connect());
  assert.ok(Math.abs((celsius() ?? 99) - world.glass.celsius()) < 0.05);
  assert.ok(Math.abs((celsius() ?? 99) - world.weather.at().temperatureCelsius) > 0.5);
});

test('85 °C at first is the value it wakes up with: it is read again', async () => {
  const { clock, device, socket, celsius } = rigged();
  let first = true;
  socket.mangle = (bytes) => {
    const woken = first;
    first = false;
    return woken ? sealed(POWER_ON) : bytes;
  };
  await clock.drive(device.connect());
  assert.ok((celsius() ?? 99) < 30);
});

test('a probe that loses its power again and again is no thermometer; one that is hot is', async () => {
  const { clock, device, socket, celsius } = rigged();
  socket.mangle = () => sealed(POWER_ON);
  await clock.drive(assert.rejects(device.connect(), /loses its power/));
  // 84.5 °C, then 85 °C: it may be there.
  socket.mangle = () => sealed('48 05 4b 46 7f ff 0c 10');
  await clock.drive(device.connect());
  socket.mangle = () => sealed(POWER_ON);
  await clock.drive(clock.sleep(6000));
  assert.equal(celsius(), 85);
});

test('a bus that is silent loses the device after some polls, and a cable that garbles does', async () => {
  for (const mangle of [() => undefined, (bytes: Uint8Array) => bytes.map((byte) => byte ^ 1)]) {
    const { clock, device, socket } = rigged();
    await clock.drive(device.connect());
    socket.mangle = mangle;
    await clock.drive(clock.sleep(30_000));
    assert.equal(device.status.value.state, 'recovering');
    socket.mangle = undefined;
    await clock.drive(clock.sleep(60_000));
    assert.equal(device.status.value.state, 'connected');
  }
});
