import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { pretendHeater } from '../indi/pretend/dew.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { DEW_DEVICE, DewKeeper } from './dew-keeper.ts';

test('a box that its owner calls Dew control stays what it is', async () => {
  const clock = new SimClock(utcOf(2026, 11, 22, 18));
  const { host, add } = createTestRig(clock);
  const keeper = new DewKeeper({ host, log: silentLog });
  const { device } = add(DEW_DEVICE, 'Dew control', { power: pretendHeater(clock).power });
  await clock.drive(
    (async () => {
      await device.connect();
      await clock.sleep(5000);
      const [box, ours] = host.devices.value;
      assert.equal(box, device);
      assert.deepEqual([ours?.id, ours?.label.value], ['dew-control-2', 'Dew control 2']);
      assert.equal(keeper.device, ours);
      assert.equal(ours?.capabilities.value.dew?.channels[0]?.id, 'dew-control/dew-1');
      await host.remove(DEW_DEVICE);
      await clock.sleep(10);
      assert.deepEqual(host.devices.value, []);
      keeper.close();
    })(),
  );
});

test('nothing that was said of a device holds for the next one of its id', async () => {
  const clock = new SimClock(utcOf(2026, 11, 22, 18));
  const { host, add } = createTestRig(clock);
  const probe = { device: 'lens', reading: 'temperature' };
  const heater = { automatic: true, marginCelsius: 2 };
  const keeper = new DewKeeper(
    { host, log: silentLog },
    {
      sensor: 'ambient',
      channels: { 'box/dew-1': { ...heater, probe }, 'other/dew-1': { ...heater, probe } },
    },
  );
  const box = () => add('box', 'Box', { power: pretendHeater(clock).power }).device.connect();
  const channel = () => keeper.device?.capabilities.value.dew?.channels[0];
  await clock.drive(
    (async () => {
      await box();
      await clock.sleep(5000);
      assert.equal(channel()?.automatic.value, true);
      keeper.forget('lens');
      keeper.forget('ambient');
      assert.deepEqual(keeper.choices.value, { channels: { 'box/dew-1': heater, 'other/dew-1': heater } });
      // At once: no turn of the loop in which dew control would have seen it go.
      await host.remove('box');
      keeper.forget('box');
      assert.deepEqual(keeper.choices.value, { channels: { 'other/dew-1': heater } });
      await box();
      await clock.sleep(5000);
      assert.equal(channel()?.automatic.value, false);
      assert.equal(channel()?.state.value, 'by hand: off');
      keeper.close();
      await host.close();
    })(),
  );
});
