import assert from 'node:assert/strict';
import test from 'node:test';
import { pretendLines, pretendPower } from '../test-rig.ts';
import { createHarness } from './harness.ts';

function withBox() {
  const h = createHarness();
  const p = pretendPower();
  h.add('box', 'Box', { power: p.power });
  return { ...h, ...p, client: h.client() };
}

test('power: sockets by number and by name, Busy until they are switched, only what changes is touched', async () => {
  const { client, clock, perform, power } = withBox();
  await perform(async () => {
    const labels = client.property('Box', 'POWER_CHANNELS')?.definition.elements.map(({ label }) => label);
    assert.deepEqual(labels, ['Mount', 'Camera', 'POWER_CHANNEL_3']);
    client.set('Box', 'POWER_CHANNELS', { POWER_CHANNEL_1: true, POWER_CHANNEL_3: true });
    assert.equal(client.shows('Box', 'POWER_CHANNELS'), 'Busy');
    await clock.sleep(200);
    assert.equal(client.shows('Box', 'POWER_CHANNELS'), 'Ok POWER_CHANNEL_1 POWER_CHANNEL_3');
    const touched: string[] = [];
    for (const { id, on } of power.ports) on.watch(() => touched.push(id));
    client.set('Box', 'POWER_CHANNELS', {
      POWER_CHANNEL_1: true,
      POWER_CHANNEL_2: true,
      POWER_CHANNEL_3: false,
    });
    await clock.sleep(200);
    assert.deepEqual(touched, ['2', '3']);
    assert.equal(client.shows('Box', 'POWER_LABELS'), 'Ok Mount Camera');
  });
});

test('power: taken back while it is being switched on, a socket ends off', async () => {
  const { client, clock, perform, power } = withBox();
  await perform(async () => {
    client.set('Box', 'USB_PORTS', { USB_PORT_1: true });
    await clock.sleep(50);
    client.set('Box', 'USB_PORTS', { USB_PORT_1: false });
    await clock.sleep(500);
    assert.equal(power.usb[0]?.on.value, false);
    assert.equal(client.shows('Box', 'USB_PORTS'), 'Ok');
  });
});

test('power: what is measured, for the sockets that measure, and Alert when it is not known', async () => {
  const { client, perform, volts, amperes } = withBox();
  await perform(async () => {
    assert.equal(client.shows('Box', 'POWER_SENSORS'), 'Ok 12.5');
    assert.deepEqual(Object.keys(client.property('Box', 'POWER_CURRENTS')?.values ?? {}), [
      'POWER_CHANNEL_2',
    ]);
    amperes.set(1.5);
    assert.equal(client.shows('Box', 'POWER_CURRENTS'), 'Ok 1.5');
    volts.set(undefined);
    assert.match(client.shows('Box', 'POWER_SENSORS'), /^Alert/);
    assert.equal(client.shows('Box', 'DEW_CURRENTS'), 'not defined');
    assert.equal(client.shows('Box', 'VARIABLE_CHANNELS'), 'not defined');
  });
});

test('power: heaters come back with the duty they had; automatic; adjustable within its range; cycle', async () => {
  const { client, clock, perform, cycles } = withBox();
  await perform(async () => {
    client.set('Box', 'DEW_DUTY_CYCLES', { DEW_CHANNEL_1: 30 });
    await clock.sleep(10);
    assert.equal(client.shows('Box', 'DEW_CHANNELS'), 'Ok DEW_CHANNEL_1');
    client.set('Box', 'DEW_CHANNELS', { DEW_CHANNEL_1: false });
    await clock.sleep(10);
    assert.equal(client.shows('Box', 'DEW_DUTY_CYCLES'), 'Ok 0 0');
    client.set('Box', 'DEW_CHANNELS', { DEW_CHANNEL_1: true, DEW_CHANNEL_2: true });
    await clock.sleep(10);
    assert.equal(client.shows('Box', 'DEW_DUTY_CYCLES'), 'Ok 30 50');
    client.set('Box', 'AUTO_DEW_CONTROL', { DEW_CHANNEL_2: true });
    await clock.sleep(10);
    assert.equal(client.shows('Box', 'AUTO_DEW_CONTROL'), 'Ok DEW_CHANNEL_2');
    client.set('Box', 'VARIABLE_VOLTAGES', { VAR_CHANNEL_1: 9 });
    await clock.sleep(10);
    assert.equal(client.shows('Box', 'VARIABLE_VOLTAGES'), 'Ok 9');
    client.set('Box', 'VARIABLE_VOLTAGES', { VAR_CHANNEL_1: 24 });
    assert.equal(client.shows('Box', 'VARIABLE_VOLTAGES'), 'Alert 9');
    client.set('Box', 'POWER_CYCLE', { POWER_CYCLE_Toggle: true });
    assert.match(client.shows('Box', 'POWER_CYCLE'), /^Busy/);
    await clock.sleep(1100);
    assert.equal(cycles(), 1);
  });
});

test('lines: outputs one by one, in order; inputs as they are, and unknown ones say so', async () => {
  const h = createHarness();
  const { lines, contact, humidity, label } = pretendLines();
  h.add('gpio', 'GPIO', { lines });
  const client = h.client();
  await h.perform(async () => {
    assert.equal(client.property('GPIO', 'DIGITAL_OUTPUT_2')?.definition.label, 'Fan');
    client.set('GPIO', 'DIGITAL_OUTPUT_2', { ON: true });
    client.set('GPIO', 'DIGITAL_OUTPUT_2', { OFF: true });
    client.set('GPIO', 'DIGITAL_OUTPUT_1', { ON: true });
    assert.match(client.shows('GPIO', 'DIGITAL_OUTPUT_1'), /^Busy/);
    await h.clock.sleep(500);
    assert.equal(client.shows('GPIO', 'DIGITAL_OUTPUT_1'), 'Ok ON');
    assert.equal(client.shows('GPIO', 'DIGITAL_OUTPUT_2'), 'Ok OFF');
    assert.equal(client.shows('GPIO', 'DIGITAL_INPUT_1'), 'Idle');
    contact.set(true);
    assert.equal(client.shows('GPIO', 'DIGITAL_INPUT_1'), 'Ok ON');
    client.set('GPIO', 'DIGITAL_INPUT_1', { OFF: true });
    assert.equal(client.shows('GPIO', 'DIGITAL_INPUT_1'), 'Ok ON');
    assert.equal(client.shows('GPIO', 'ANALOG_INPUT_1'), 'Ok 45.5');
    humidity.set(undefined);
    assert.match(client.shows('GPIO', 'ANALOG_INPUT_1'), /^Alert/);
    label.set('Door');
    assert.equal(client.shows('GPIO', 'DIGITAL_INPUT_LABELS'), 'Ok Door');
  });
});
