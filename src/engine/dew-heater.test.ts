import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Actor } from '../core/lane.ts';
import { Run } from '../core/run.ts';
import { pretendHeater } from '../indi/pretend/dew.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { type DewChoice, firstChoice, HeaterCare } from './dew-heater.ts';

const client: Actor = { name: 'INDI', rank: 'client' };
const damp = {
  ...{ seconds: 10, sensor: 'Ambient', probe: undefined },
  air: { ambientCelsius: 5, dewPointCelsius: 4, humidityPercent: 93 },
};

function setUp() {
  const clock = new SimClock(utcOf(2026, 11, 22, 18));
  const { host, add } = createTestRig(clock);
  const box = pretendHeater(clock);
  const [heater] = box.power.heaters;
  assert.ok(heater);
  const { device, unplug } = add('box', 'Box', { power: box.power });
  const kept: DewChoice[] = [];
  const care = new HeaterCare(device, heater, firstChoice, (choice) => kept.push(choice));
  const automatic = (on: boolean) =>
    Run.start(clock, 'automatic', (run) => care.channel.setAutomatic(on, run)).outcome;
  const heat = (by: Actor, percent: number) =>
    device.operate(by, 'power', 'heat', { id: heater.id, percent }).outcome;
  const perform = (body: () => Promise<void>) =>
    clock.drive(
      (async () => {
        await device.connect();
        await body();
        care.leave();
        await host.close();
      })(),
    );
  return { clock, box, heater, device, unplug, kept, care, automatic, heat, perform };
}

test('a box that regulates by itself is left to it until dew control is asked', async () => {
  const { box, care, automatic, perform } = setUp();
  await perform(async () => {
    box.automatic.set(true);
    box.duty.set(55);
    await care.decide(damp);
    assert.deepEqual([box.automatic.value, box.duty.value], [true, 55]);
    assert.equal(care.channel.state.value, 'Box regulates it by itself');
    await automatic(true);
    await care.decide(damp);
    assert.equal(box.automatic.value, false);
    // As after a loss of its power.
    box.automatic.set(true);
    await care.decide(damp);
    assert.equal(box.automatic.value, false);
  });
});

test('a box that does not let go is asked again, and it is said meanwhile', async () => {
  const { box, heater, care, automatic, perform } = setUp();
  const willing = heater.setAutomatic;
  heater.setAutomatic = async () => {
    throw new Fault('silent', 'the box does not answer');
  };
  await perform(async () => {
    box.automatic.set(true);
    await automatic(true);
    await care.decide(damp);
    assert.equal(care.channel.state.value, 'waits: the box does not answer');
    assert.equal(care.channel.alarm.value, true);
    if (willing) heater.setAutomatic = willing;
    await care.decide(damp);
    assert.equal(box.automatic.value, false);
    assert.equal(care.channel.regime.value, 'air');
  });
});

test('a heater that is not there is taken all the same, and let go without a trace', async () => {
  const { device, box, kept, automatic, heat, perform } = setUp();
  await perform(async () => {
    box.automatic.set(true);
    await device.disconnect();
    await automatic(true);
    await automatic(false);
    assert.deepEqual(
      kept.map((choice) => choice.automatic),
      [true, false],
    );
    await device.connect();
    await heat(client, 20);
    assert.equal(box.duty.value, 20);
  });
});
