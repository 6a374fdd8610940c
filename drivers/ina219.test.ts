import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ina219 as chip } from '../hil/emulators/ina219.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import type { MemoryRegisterPort } from '../src/wire/memory-chips.ts';
import { ina219 } from './ina219.ts';
import { measured, scaleFor } from './shared/ina219-chip.ts';
import { fieldsOf } from './shared/registers.ts';

test('the calibration of the data sheet: 0.05 mA a bit at 0.1 Ω is 8192', () => {
  const scale = scaleFor(1.6384, 0.1);
  assert.equal(scale.calibration, 8192);
  assert.equal(scale.amperesPerBit.toFixed(9), '0.000050000');
});

test('the finest amplifier that reaches the current, and words where none does', () => {
  const gain = (amperes: number, ohms: number) => (scaleFor(amperes, ohms).configuration >> 11) & 3;
  assert.deepEqual(
    [gain(0.4, 0.1), gain(0.41, 0.1), gain(3.2, 0.1), gain(20, 0.002), gain(100, 0.0005)],
    [0, 1, 3, 0, 1],
  );
  assert.throws(() => scaleFor(4, 0.1), /0\.40 V at the shunt/);
});

test('volts are the upper 13 bits, 4 mV each; current is signed', () => {
  const bus = fieldsOf({ volts: measured.volts, over: measured.overflow }, Uint8Array.of(0x5d, 0xc3), 2);
  assert.equal(bus.volts.toFixed(3), '12.000');
  assert.equal(bus.over, 1);
  const { current } = fieldsOf({ current: measured.current }, Uint8Array.of(0xff, 0x9c), 4);
  assert.equal(current, -100);
});

function rigged(options: Record<string, unknown> = {}) {
  const rig = rigInMemory(ina219, chip, {}, options);
  const power = () => {
    const found = rig.device.capabilities.value.power;
    return [found?.volts?.value, found?.amperes?.value, found?.watts?.value];
  };
  return { ...rig, socket: rig.socket as MemoryRegisterPort, power };
}

const near = (value: number | undefined, wanted: number, within: number) =>
  assert.ok(value !== undefined && Math.abs(value - wanted) <= within, `${value} instead of ${wanted}`);

test('the load of the world: more with the strap', async () => {
  const { clock, world, device, power } = rigged();
  await clock.drive(device.connect());
  near(power()[0], 12.728, 0.004);
  near(power()[1], 1.2, 0.001);
  near(power()[2], 15.27, 0.03);
  world.glass.heater = 1;
  await clock.drive(clock.sleep(2500));
  near(power()[1], 1.669, 0.001);
});

test('beyond the range nothing is claimed of the current', async () => {
  const { clock, device, power } = rigged({ amperes: 4 });
  await clock.drive(device.connect());
  const [volts, amperes, watts] = power();
  near(volts, 12.56, 0.004);
  assert.deepEqual([amperes, watts], [undefined, undefined]);
});

test('a chip that lost its power is calibrated anew, and never says 0 A', async () => {
  const { clock, device, socket, power } = rigged();
  await clock.drive(device.connect());
  const seen = new Set<number | undefined>();
  device.capabilities.value.power?.amperes?.watch((value) => seen.add(value));
  // The reset of a brown-out, by the way of its own bit.
  const link = await socket.open();
  await clock.drive(link.transfer(Uint8Array.of(0, 0x80, 0), 0).then(() => {}));
  await clock.drive(clock.sleep(10_000));
  near(power()[1], 1.2, 0.001);
  assert.ok(!seen.has(0));
});

test('what keeps nothing is no INA219', async () => {
  const { clock, device, socket } = rigged();
  socket.mangle = (bytes) => bytes.map(() => 0x55);
  await clock.drive(assert.rejects(device.connect(), /no INA219/));
});
