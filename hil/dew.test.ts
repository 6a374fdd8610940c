import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bme280 } from '../drivers/bme280.ts';
import { ds18b20 } from '../drivers/ds18b20.ts';
import { gpio } from '../drivers/gpio.ts';
import { benchSchema } from '../src/cli/bench-file.ts';
import { SimClock, utcOf } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { DeviceHost } from '../src/device/host.ts';
import { createObservatory } from '../src/device/observatory.ts';
import { DEW_DEVICE, DewKeeper } from '../src/engine/dew-keeper.ts';
import { openBench } from './bench.ts';
import { darkroomInline } from './rig-in-memory.ts';

const MINUTE = 60_000;
const HEATER = 'box/line-18';
const drivers = { air: bme280, lens: ds18b20, box: gpio };
const bench = benchSchema.parse({
  name: 'dew',
  site: { latitude: 49.4, longitude: 8.7, elevationMetres: 300 },
  world: { seed: 11 },
  devices: [
    { id: 'air', label: 'Air', driver: 'bme280' },
    { id: 'lens', label: 'Lens', driver: 'ds18b20' },
    {
      id: 'box',
      label: 'Heaters',
      driver: 'gpio',
      settings: { heaters: '18 Main, 23 Guide', ports: '', inputs: '', periodSeconds: 10 },
    },
  ],
});

/** A night of damp air under a clear sky, through the drivers' and the emulators' own bytes and lines. */
async function night(probe: boolean, automatic = true) {
  const clock = new SimClock(utcOf(2026, 11, 22, 18));
  const { world, site, portOf } = openBench(bench, clock);
  const observatory = createObservatory(site);
  const host = new DeviceHost({ clock, observatory, darkroom: darkroomInline, log: silentLog });
  const keeper = new DewKeeper({ host, log: silentLog });
  for (const device of bench.devices) {
    host.add({ ...device, driver: drivers[device.id as keyof typeof drivers], port: portOf(device) });
  }
  world.weather.override.humidity = 88;
  const margins: number[] = [];
  const errors: number[] = [];
  await clock.drive(
    (async () => {
      await host.connectAll();
      await clock.sleep(1000);
      if (probe) keeper.setProbe(HEATER, { device: 'lens', reading: 'temperature' });
      const dew = host.find(DEW_DEVICE);
      assert.equal(dew?.capabilities.value.dew?.channels.length, 2);
      const order = { id: HEATER, on: automatic };
      await dew?.operate({ name: 'phone', rank: 'person' }, 'dew', 'automatic', order).outcome;
      for (let minute = 0; minute < 10 * 60; minute++) {
        await clock.sleep(MINUTE);
        if (minute === 5 * 60) world.weather.override.humidity = 95;
        const settling = minute < 60 || (minute >= 5 * 60 && minute < 5 * 60 + 40);
        const air = world.weather.at();
        if (!settling) margins.push(world.glass.celsius() - air.dewPointCelsius);
        errors.push(
          Math.abs((dew?.capabilities.value.dew?.ambientCelsius.value ?? 99) - air.temperatureCelsius),
        );
      }
      const channel = dew?.capabilities.value.dew?.channels.find(({ id }) => id === HEATER);
      assert.equal(channel?.regime.value, automatic ? (probe ? 'glass' : 'air') : 'by hand');
      keeper.close();
      await host.close();
    })(),
  );
  return { least: Math.min(...margins), most: Math.max(...margins), error: Math.max(...errors), world };
}

test('BME280, DS18B20 and a MOSFET keep the glass 1 °C above the dew point all night, and heat no air', async () => {
  const { least, most, error, world } = await night(true);
  assert.ok(least >= 1, `least ${least}`);
  assert.ok(most < 4, `most ${most}: more heat than is needed costs battery and seeing`);
  assert.ok(error < 0.5, `the air is told ${error} °C off`);
  assert.equal(world.glass.heater, 0, 'off when it ends');
});

test('a BME280 alone keeps it so as well', async () => {
  const { least, most } = await night(false);
  assert.ok(least >= 1, `least ${least}`);
  assert.ok(most < 7, `most ${most}`);
});

test('without heat this night would have wetted it', async () => {
  const { least, world } = await night(true, false);
  assert.ok(least < -1, `least ${least}`);
  assert.equal(world.glass.dew(), 1);
});
