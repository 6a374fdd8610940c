import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld } from '../../hil/sky/world.ts';
import { when } from '../core/cell.ts';
import { SimClock, utcOf } from '../core/clock.ts';
import { BadInput, Fault } from '../core/errors.ts';
import type { Actor } from '../core/lane.ts';
import { silentLog } from '../core/log.ts';
import { contract } from '../device/contract.ts';
import { pretendAmbient, pretendHeater, pretendProbe } from '../indi/pretend/dew.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { DEW_DEVICE, type DewChoices, DewKeeper } from './dew-keeper.ts';

const START = utcOf(2026, 11, 22, 18);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const phone: Actor = { name: 'phone', rank: 'person' };
const client: Actor = { name: 'INDI', rank: 'client' };
const PROBE = { device: 'lens', reading: 'temperature' };

/** A heater, a sensor of the air and a probe, under the world's sky and on its glass. */
function setUp({ seed = 5, choices }: { seed?: number; choices?: DewChoices } = {}) {
  const clock = new SimClock(START);
  const world = createWorld({ clock, seed });
  const rig = createTestRig(clock);
  const [air, probe] = [pretendAmbient(), pretendProbe()];
  const box = pretendHeater(clock, (share) => {
    world.glass.heater = share;
  });
  const keeper = new DewKeeper({ host: rig.host, log: silentLog }, choices);
  const sense = () => {
    const { temperatureCelsius, humidity } = world.weather.at();
    air.celsius.set(temperatureCelsius);
    air.humidity.set(humidity);
    probe.celsius.set(Math.round(world.glass.celsius() * 16) / 16);
  };
  sense();
  const devices = {
    ambient: rig.add('ambient', 'Ambient', { weather: air.weather }),
    lens: rig.add('lens', 'Lens', { weather: probe.weather }),
    box: rig.add('box', 'Box', { power: box.power }),
  };
  const dew = () => rig.host.find(DEW_DEVICE);
  const channel = () => {
    const found = dew()?.capabilities.value.dew?.channels[0];
    assert.ok(found);
    return found;
  };
  /** °C by which the glass is truly above the dew point. */
  const above = () => world.glass.celsius() - world.weather.at().dewPointCelsius;
  /** @returns how little it was above the dew point meanwhile, °C */
  const pass = async (milliseconds: number) => {
    let least = Number.POSITIVE_INFINITY;
    for (const end = clock.now() + milliseconds; clock.now() < end; ) {
      await clock.sleep(10_000);
      sense();
      least = Math.min(least, above());
    }
    return least;
  };
  const perform = (body: () => Promise<void>) =>
    clock.drive(
      (async () => {
        await rig.host.connectAll();
        await clock.sleep(1000);
        await body();
        keeper.close();
        await rig.host.close();
      })(),
    );
  const automatic = (on: boolean, by = phone) =>
    dew()!.operate(by, 'dew', 'automatic', { id: 'box/dew-1', on }).outcome;
  return {
    clock,
    world,
    rig,
    air,
    probe,
    box,
    keeper,
    devices,
    dew,
    channel,
    pass,
    above,
    perform,
    automatic,
  };
}

test('through a whole night, a jump of the humidity and clouds, the glass stays 1 °C above the dew point', async () => {
  for (const seed of [5, 6, 7]) {
    const { world, keeper, pass, above, perform, automatic, channel } = setUp({ seed });
    await perform(async () => {
      keeper.setProbe('box/dew-1', PROBE);
      await automatic(true);
      await pass(HOUR);
      const least = await pass(5 * HOUR);
      assert.ok(least >= 1, `seed ${seed}: ${least} in the quiet night`);
      assert.equal(channel().regime.value, 'glass');
      world.weather.override.humidity = 93;
      await pass(40 * MINUTE);
      const damp = [await pass(2 * HOUR)];
      world.weather.clouds = 1;
      damp.push(await pass(HOUR));
      world.weather.clouds = 0;
      world.weather.override.windMetresPerSecond = 4;
      damp.push(await pass(3 * HOUR));
      assert.ok(Math.min(...damp) >= 1, `seed ${seed}: ${damp} in damp air`);
      assert.ok(Math.abs(above() - 2) < 0.5, `seed ${seed}: ${above()} at last`);
    });
  }
});

test('with a sensor of the air alone the glass stays 1 °C above the dew point as well', async () => {
  const { world, pass, perform, automatic, channel } = setUp();
  await perform(async () => {
    world.weather.override.humidity = 90;
    await automatic(true);
    await pass(HOUR);
    const least = await pass(8 * HOUR);
    assert.equal(channel().regime.value, 'air');
    assert.ok(least >= 1, `${least}`);
  });
});

test('the probe is lost, then the sensor: the glass stays clear, and it is said', async () => {
  const { world, keeper, devices, pass, perform, automatic, channel } = setUp();
  await perform(async () => {
    world.weather.override.humidity = 92;
    keeper.setProbe('box/dew-1', PROBE);
    await automatic(true);
    await pass(HOUR);
    await devices.lens.device.disconnect();
    const least = [await pass(2 * HOUR)];
    assert.match(channel().state.value, /^no reading from Lens for \d+ (min|h), air .* heating at \d+ %$/);
    assert.equal(channel().alarm.value, true);
    assert.equal(channel().glassCelsius.value, undefined);
    await devices.ambient.device.disconnect();
    least.push(await pass(2 * HOUR));
    assert.match(channel().state.value, /^no reading from Ambient for \d+ (min|h): heating at \d+ %$/);
    assert.equal(channel().regime.value, 'safe');
    assert.ok(channel().duty.value >= 30);
    assert.ok(Math.min(...least) >= 1, `${least}`);
    await devices.ambient.device.connect();
    await devices.lens.device.connect();
    await pass(MINUTE);
    assert.deepEqual([channel().regime.value, channel().alarm.value], ['glass', false]);
  });
});

test('the device comes with the first heater, and goes with the last', async () => {
  const { rig, dew, perform, clock, channel } = setUp();
  await perform(async () => {
    assert.equal(dew()?.status.value.state, 'connected');
    assert.equal(channel().label.value, 'Box: Main');
    assert.equal(channel().state.value, 'by hand: off');
    await rig.host.remove('box');
    await clock.sleep(10);
    assert.equal(dew(), undefined);
    const other = rig.add('other', 'Other', { power: pretendHeater(clock).power });
    await other.device.connect();
    await clock.sleep(1000);
    assert.equal(channel().id, 'other/dew-1');
    await rig.add('third', 'Third', { power: pretendHeater(clock).power }).device.connect();
    await clock.sleep(5000);
    const ids = dew()?.capabilities.value.dew?.channels.map(({ id }) => id);
    assert.deepEqual(ids, ['other/dew-1', 'third/dew-1']);
  });
});

for (const { capability, name, perform: tryOut } of contract) {
  if (capability !== 'dew' && capability !== 'device') continue;
  test(`contract: ${capability} ${name}`, async () => {
    const { rig, clock, dew, perform } = setUp();
    await perform(() => tryOut({ device: dew()!, clock, observatory: rig.host.observatory }));
  });
}

test('a person who sets the duty has the heater in hand; a client is told who is busy with it', async () => {
  const { keeper, devices, box, pass, perform, automatic, channel } = setUp();
  const heat = (by: Actor, percent: number) =>
    devices.box.device.operate(by, 'power', 'heat', { id: 'dew-1', percent });
  await perform(async () => {
    await automatic(true, client);
    await pass(MINUTE);
    assert.throws(
      () => heat(client, 10),
      (error) => error instanceof Fault && /dew control/.test(error.message),
    );
    await heat(phone, 77).outcome;
    assert.equal(channel().automatic.value, false);
    assert.equal(channel().state.value, 'by hand: heating at 77 %');
    await pass(10 * MINUTE);
    assert.equal(box.duty.value, 77);
    assert.equal(keeper.choices.value.channels['box/dew-1']?.automatic, false);
    await heat(client, 12).outcome;
    assert.equal(box.duty.value, 12);
  });
});

test('a box that comes back with its heater off gets its duty again', async () => {
  const { world, box, devices, pass, perform, automatic, channel } = setUp();
  await perform(async () => {
    world.weather.override.humidity = 95;
    await automatic(true);
    await pass(10 * MINUTE);
    const before = box.duty.value;
    assert.ok(before > 40);
    assert.equal(channel().watts.value, (before / 20) * 12);
    devices.box.unplug();
    await when(devices.box.device.status, ({ state }) => state === 'recovering');
    box.duty.set(0);
    await pass(MINUTE);
    assert.ok(Math.abs(box.duty.value - before) < 5, `${before} then ${box.duty.value}`);
    await devices.box.device.disconnect();
    await pass(20_000);
    assert.match(channel().state.value, /waits: Box is disconnected/);
    assert.equal(channel().alarm.value, true);
  });
});

test('what the owner chose is kept, and only what there is can be chosen', async () => {
  const kept: DewChoices = {
    channels: { 'box/dew-1': { automatic: true, marginCelsius: 3.5, probe: PROBE } },
  };
  const { keeper, dew, pass, perform, channel } = setUp({ choices: kept });
  await perform(async () => {
    await pass(MINUTE);
    assert.equal(channel().regime.value, 'glass');
    assert.equal(channel().marginCelsius.value, 3.5);
    const { options } = keeper;
    assert.deepEqual(options.sensors, [{ id: 'ambient', label: 'Ambient' }]);
    assert.deepEqual(options.probes, [{ ...PROBE, label: 'Lens' }]);
    assert.deepEqual([options.using, options.channels], ['ambient', [{ id: 'box/dew-1', probe: PROBE }]]);
    keeper.setSensor('ambient');
    assert.equal(keeper.choices.value.sensor, 'ambient');
    assert.throws(() => keeper.setSensor('lens'), BadInput);
    assert.throws(() => keeper.setProbe('box/dew-2', undefined), BadInput);
    assert.throws(
      () => keeper.setProbe('box/dew-1', { device: 'ambient', reading: 'temperature' }),
      BadInput,
    );
    keeper.setProbe('box/dew-1', undefined);
    await pass(MINUTE);
    assert.equal(channel().regime.value, 'air');
    await dew()!.operate(phone, 'dew', 'margin', { id: 'box/dew-1', celsius: 5 }).outcome;
    assert.deepEqual(keeper.choices.value.channels['box/dew-1'], { automatic: true, marginCelsius: 5 });
  });
});

test('clients cannot disconnect what it needs; a person who disconnects it has its heaters in hand', async () => {
  const { keeper, devices, dew, pass, perform, automatic, channel } = setUp();
  const free = (device = dew()) => {
    for (const lane of device?.laneNames ?? []) device?.lane(lane).check(client);
  };
  await perform(async () => {
    keeper.setProbe('box/dew-1', PROBE);
    free();
    await automatic(true);
    await pass(MINUTE);
    for (const device of [dew(), devices.ambient.device, devices.lens.device, devices.box.device]) {
      assert.throws(() => free(device), /dew control/);
    }
    const here = dew();
    await here?.disconnect();
    for (const { device } of Object.values(devices)) free(device);
    assert.equal(keeper.choices.value.channels['box/dew-1']?.automatic, true, 'when it is connected again');
    await here?.connect();
    await pass(20_000);
    assert.equal(channel().regime.value, 'glass');
    await automatic(false);
    await pass(20_000);
    for (const { device } of Object.values(devices)) free(device);
  });
});

test('it remembers the last hours', async () => {
  const { keeper, pass, perform } = setUp();
  await perform(async () => {
    await pass(10 * MINUTE);
    assert.equal(keeper.history.samples.length, 6);
    assert.deepEqual(Object.keys(keeper.history.samples[0]?.channels ?? {}), ['box/dew-1']);
  });
});
