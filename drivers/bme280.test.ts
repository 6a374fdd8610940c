import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bme280 as chip } from '../hil/emulators/bme280.ts';
import { compensate, trim, trimBytes } from '../hil/emulators/bme280-trim.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import { when } from '../src/core/cell.ts';
import type { MemoryRegisterPort } from '../src/wire/memory-chips.ts';
import { bme280 } from './bme280.ts';
import { airOf, calibrationOf } from './shared/bme280-chip.ts';

/** The trimming values as the two blocks that a driver reads. */
function blocks(): [Uint8Array, Uint8Array] {
  const memory = new Uint8Array(256);
  for (const [register, bytes] of trimBytes(trim, true)) memory.set(bytes, register);
  return [memory.slice(0x88, 0xa2), memory.slice(0xe1, 0xe8)];
}

const raw = (pressure: number, temperature: number, humidity: number): Uint8Array =>
  Uint8Array.from([
    ...[pressure, temperature].flatMap((value) => [value >> 12, (value >> 4) & 0xff, (value & 0xf) << 4]),
    humidity >> 8,
    humidity & 0xff,
  ]);

test("Bosch's worked example", () => {
  const calibration = calibrationOf(...blocks());
  const air = airOf(calibration, raw(415148, 519888, 0x8000));
  assert.equal(air?.celsius.toFixed(2), '25.08');
  assert.equal(Math.round((air?.hectopascals ?? 0) * 100), 100653);
  assert.equal(air?.humidity, undefined, 'a skipped channel is no humidity');
});

test('numbers of 12 bits keep their signs', () => {
  const wet = Uint8Array.of(0x72, 0x01, 0x00, 0xec, 0xfb, 0xff, 0x1e);
  const { h2, h4, h5, h6 } = calibrationOf(new Uint8Array(26), wet);
  assert.deepEqual([h2, h4, h5, h6], [0x172, -20 * 16 + 0xb, -1, 30]);
});

test('in floating point as in whole numbers, whatever the chip says', () => {
  const calibration = calibrationOf(...blocks());
  const number = (min: number, max: number) => fc.integer({ min, max });
  fc.assert(
    fc.property(number(380_000, 620_000), number(250_000, 600_000), number(10_000, 60_000), (t, p, h) => {
      const air = airOf(calibration, raw(p, t, h));
      assert.ok(air && air.humidity !== undefined && air.hectopascals !== undefined);
      assert.ok(Math.abs(air.celsius - compensate.celsius(trim, t)) < 0.02);
      assert.ok(Math.abs(air.hectopascals * 100 - compensate.pascals(trim, p, t)) < 10);
      assert.ok(Math.abs(air.humidity - compensate.humidity(trim, h, t)) < 0.1);
    }),
    { seed: 1 },
  );
});

function rigged(options: Record<string, unknown> = {}) {
  const rig = rigInMemory(bme280, chip, {}, options);
  const readings = () =>
    Object.fromEntries(
      rig.device.capabilities.value.weather?.readings.map(({ id, value }) => [id, value.value]) ?? [],
    );
  return { ...rig, socket: rig.socket as MemoryRegisterPort, readings };
}

test('the air of the world arrives, to the accuracy of the chip', async () => {
  const { clock, world, device, readings } = rigged();
  await clock.drive(device.connect());
  Object.assign(world.weather.override, { temperatureCelsius: -7.3, humidity: 91.5, pressureHpa: 761.2 });
  await clock.drive(clock.sleep(6000));
  const { temperature, humidity, pressure, 'dew-point': dewPoint } = readings();
  assert.ok(Math.abs((temperature ?? 0) + 7.3) < 0.02, `${temperature} °C`);
  assert.ok(Math.abs((humidity ?? 0) - 91.5) < 0.1, `${humidity} %`);
  assert.ok(Math.abs((pressure ?? 0) - 761.2) < 0.1, `${pressure} hPa`);
  assert.ok(Math.abs((dewPoint ?? 0) - world.weather.at().dewPointCelsius) < 0.1, `dew point ${dewPoint}`);
});

test('a BMP280 is known for what it is: no humidity, no dew point', async () => {
  const { clock, device, readings } = rigged({ chip: 'bmp280' });
  await clock.drive(device.connect());
  await clock.drive(clock.sleep(6000));
  assert.deepEqual(Object.keys(readings()), ['temperature', 'pressure']);
});

test('another chip at its address is refused by name', async () => {
  const { clock, device, socket } = rigged();
  socket.mangle = (bytes) => bytes.map(() => 0x61);
  await clock.drive(assert.rejects(device.connect(), /no BME280: it says it is a 0x61/));
});

test('a chip that was pulled comes back, and nonsense is not taken for air', async () => {
  const { clock, device, socket, readings } = rigged();
  await clock.drive(
    (async () => {
      await device.connect();
      const { temperature } = readings();
      // Full scale: 8 bytes alone are the air's.
      socket.mangle = (bytes) => (bytes.length === 8 ? bytes.fill(0xff) : bytes);
      await clock.sleep(6000);
      assert.equal(readings().temperature, temperature);
      socket.mangle = undefined;
      socket.unplug();
      await when(device.status, ({ state }) => state === 'recovering');
      socket.plug();
      await when(device.status, ({ state }) => state === 'connected');
      await clock.sleep(6000);
      assert.ok(Number.isFinite(readings().temperature));
    })(),
  );
});
