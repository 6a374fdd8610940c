import assert from 'node:assert/strict';
import test from 'node:test';
import { silentLog } from '../../core/log.ts';
import { DewKeeper } from '../../engine/dew-keeper.ts';
import { pretendAmbient, pretendHeater, pretendProbe } from '../pretend/dew.ts';
import { createHarness } from './harness.ts';

const DEW = 'Dew control';

function withDew() {
  const h = createHarness();
  const [air, probe, box] = [pretendAmbient(), pretendProbe(), pretendHeater(h.clock)];
  const keeper = new DewKeeper({ host: h.host, log: silentLog });
  h.add('ambient', 'Ambient', { weather: air.weather });
  h.add('lens', 'Lens', { weather: probe.weather });
  h.add('box', 'Box', { power: box.power });
  const perform = (body: () => Promise<void>) =>
    h.perform(async () => {
      await h.clock.sleep(100);
      await body();
      keeper.close();
    });
  return { ...h, air, probe, box, keeper, perform, client: h.client() };
}

test('dew: the air, each heater by its name, its light and what it does in words', async () => {
  const { client, clock, perform, air } = withDew();
  await perform(async () => {
    assert.equal(client.shows(DEW, 'WEATHER_PARAMETERS'), 'Ok 5 80 1.834');
    assert.equal(client.shows(DEW, 'DEW_LABELS'), 'Ok Box: Main');
    assert.equal(client.shows(DEW, 'DEW_STATES'), 'Ok by hand: off');
    assert.equal(client.shows(DEW, 'DEW_STATUS'), 'Ok Idle');
    assert.equal(client.shows(DEW, 'DEW_TEMPERATURES'), 'Idle 0');
    client.set(DEW, 'AUTO_DEW_CONTROL', { DEW_CHANNEL_1: true });
    await clock.sleep(60_000);
    assert.equal(client.shows(DEW, 'AUTO_DEW_CONTROL'), 'Ok DEW_CHANNEL_1');
    assert.equal(client.shows(DEW, 'DEW_STATUS'), 'Ok Ok');
    assert.equal(client.shows(DEW, 'DEW_STATES'), 'Ok air 3.2 °C above its dew point: heating at 38 %');
    assert.equal(client.shows(DEW, 'DEW_DUTY_CYCLES'), 'Ok 38');
    air.humidity.set(undefined);
    await clock.sleep(120_000);
    assert.equal(client.shows(DEW, 'DEW_STATUS'), 'Alert Alert');
    assert.match(client.shows(DEW, 'DEW_STATES'), /^Alert no reading from Ambient/);
    assert.match(client.shows(DEW, 'WEATHER_PARAMETERS'), /^Alert/);
  });
});

test('dew: the margin is set within its range; the duty only at the power box, where it is busy', async () => {
  const { client, clock, perform, keeper, box } = withDew();
  await perform(async () => {
    keeper.setProbe('box/dew-1', { device: 'lens', reading: 'temperature' });
    client.set(DEW, 'DEW_MARGINS', { DEW_CHANNEL_1: 4 });
    client.set(DEW, 'AUTO_DEW_CONTROL', { DEW_CHANNEL_1: true });
    await clock.sleep(60_000);
    assert.equal(client.shows(DEW, 'DEW_MARGINS'), 'Ok 4');
    assert.equal(client.shows(DEW, 'DEW_TEMPERATURES'), 'Ok 2');
    assert.ok(box.duty.value >= 50);
    client.set(DEW, 'DEW_MARGINS', { DEW_CHANNEL_1: 40 });
    assert.equal(client.shows(DEW, 'DEW_MARGINS'), 'Alert 4');
    client.set('Box', 'DEW_DUTY_CYCLES', { DEW_CHANNEL_1: 10 });
    assert.match(client.shows('Box', 'DEW_DUTY_CYCLES'), /^Alert/);
    client.set(DEW, 'AUTO_DEW_CONTROL', { DEW_CHANNEL_1: false });
    await clock.sleep(100);
    client.set('Box', 'DEW_DUTY_CYCLES', { DEW_CHANNEL_1: 10 });
    await clock.sleep(100);
    assert.equal(client.shows(DEW, 'DEW_DUTY_CYCLES'), 'Ok 10');
    assert.equal(client.shows(DEW, 'DEW_STATES'), 'Ok by hand: heating at 10 %');
  });
});
