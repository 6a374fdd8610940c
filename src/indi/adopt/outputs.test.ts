import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptRig } from './adopt-rig.ts';
import { type Declared, numbers, switches, texts } from './declared.ts';
import { adoptLight } from './light.ts';
import { adoptLines } from './lines.ts';
import { adoptPower } from './power.ts';

const any = { rule: 'AnyOfMany' } as const;
const ro = { perm: 'ro' } as const;
const percent = { value: 0, min: 0, max: 100 };

function powerRig(...declared: Declared[]) {
  const rig = adoptRig(...declared);
  const box = adoptPower(rig.hosted);
  assert.ok(box);
  rig.hosted.react = (name, values) => rig.hosted.set(name, 'Ok', values);
  return { ...rig, box };
}

test('the power interface of INDI 2.x', async () => {
  const { hosted, box, perform } = powerRig(
    numbers('POWER_SENSORS', { SENSOR_VOLTAGE: 12.4, SENSOR_CURRENT: 1 }, ro),
    switches('POWER_CHANNELS', { POWER_CHANNEL_1: true, POWER_CHANNEL_2: false }, any),
    texts('POWER_LABELS', { POWER_CHANNEL_1: 'Mount', POWER_CHANNEL_2: '' }),
    numbers('POWER_CURRENTS', { POWER_CHANNEL_1: 1, POWER_CHANNEL_2: 0 }, ro),
    numbers('DEW_DUTY_CYCLES', { DEW_CHANNEL_1: { ...percent, value: 30 }, DEW_CHANNEL_2: percent }),
    switches('DEW_CHANNELS', { DEW_CHANNEL_1: false, DEW_CHANNEL_2: false }, any),
    switches('AUTO_DEW_CONTROL', { DEW_CHANNEL_1: false, DEW_CHANNEL_2: true }, any),
    numbers('VARIABLE_VOLTAGES', { VARIABLE_CHANNEL_1: { value: 5, min: 3, max: 12 } }),
    switches('VARIABLE_CHANNELS', { VARIABLE_CHANNEL_1: true }, any),
    switches('POWER_CYCLE', { POWER_CYCLE_Toggle: false }, { rule: 'AtMostOne' }),
  );
  assert.deepEqual([box.volts?.value, box.amperes?.value, box.watts], [12.4, 1, undefined]);
  const shown = box.ports.map(({ id, label, on, amperes }) => [id, label.value, on.value, amperes?.value]);
  assert.deepEqual(shown, [
    ['power-channel-1', 'Mount', true, 1],
    ['power-channel-2', 'POWER_CHANNEL_2', false, 0],
  ]);
  const [heater] = box.heaters;
  const [supply] = box.adjustable;
  assert.ok(heater && supply);
  assert.deepEqual([heater.duty.value, heater.automatic?.value, supply.on?.value], [0, false, true]);
  await perform((run) => heater.setDuty(55, run));
  assert.deepEqual(hosted.sent, [
    { name: 'DEW_DUTY_CYCLES', values: { DEW_CHANNEL_1: 55, DEW_CHANNEL_2: 0 } },
    { name: 'DEW_CHANNELS', values: { DEW_CHANNEL_1: true } },
  ]);
  assert.equal(heater.duty.value, 55);
  await perform((run) => heater.setDuty(0, run));
  assert.equal(hosted.sent.at(-1)?.values.DEW_CHANNEL_1, false);
  assert.ok(box.cycle);
});

test('the answer to one output is none to another of the same vector', async () => {
  const { hosted, box, start, later, clock } = powerRig(
    switches('POWER_CONTROL', { POWER_CONTROL_1: false, POWER_CONTROL_2: false }, any),
  );
  hosted.react = (name, values) =>
    later('POWER_CONTROL_1' in values ? 100 : 700, () => hosted.set(name, 'Ok', values));
  const runs = box.ports.map((port) => start((run) => port.setOn(true, run)));
  const ends: number[] = [];
  for (const run of runs) run.outcome.then(() => ends.push(clock.monotonic()));
  await clock.drive(Promise.all(runs.map(({ outcome }) => outcome)));
  assert.deepEqual(ends, [100, 700]);
});

test('two heaters of one vector are set one after the other, so that neither is lost', async () => {
  const { hosted, box, start, later, clock } = powerRig(
    numbers('DEW_PWM', { DEW_A: percent, DEW_B: percent }),
    switches('AUTO_DEW', { INDI_ENABLED: false, INDI_DISABLED: true }),
  );
  hosted.react = (name, values) => later(200, () => hosted.set(name, 'Ok', values));
  const runs = box.heaters.map((heater, index) => start((run) => heater.setDuty(10 + index, run)));
  await clock.drive(Promise.all(runs.map(({ outcome }) => outcome)));
  assert.deepEqual(
    hosted.sent.map(({ values }) => values),
    [
      { DEW_A: 10, DEW_B: 0 },
      { DEW_A: 10, DEW_B: 11 },
    ],
  );
  assert.equal(box.heaters[1]?.automatic?.value, false, 'one switch for all of them');
});

test('a device of another kind is no power box', () => {
  const { hosted } = adoptRig(switches('POWER_LED', { POWER_LED_ON: true, POWER_LED_OFF: false }));
  assert.equal(adoptPower(hosted), undefined);
  assert.equal(adoptLines(hosted), undefined);
});

test('lines have the labels of the vectors beside them', async () => {
  const { hosted, perform } = adoptRig(
    switches('DIGITAL_OUTPUT_2', { OFF: true, ON: false }),
    texts('DIGITAL_OUTPUT_LABELS', { DIGITAL_OUTPUT_1: 'Fan', DIGITAL_OUTPUT_2: 'Lamp' }),
    switches('DIGITAL_INPUT_1', { OFF: false, ON: true }, ro),
    numbers('ANALOG_INPUT_1', { VOLTS: 2.5 }, ro),
  );
  const lines = adoptLines(hosted);
  const [lamp] = lines?.outputs ?? [];
  assert.deepEqual([lamp?.id, lamp?.label.value, lamp?.on.value], ['output-2', 'Lamp', false]);
  assert.deepEqual([lines?.inputs[0]?.id, lines?.inputs[0]?.on.value], ['input-1', true]);
  assert.deepEqual([lines?.analog[0]?.id, lines?.analog[0]?.value.value], ['analog-input-1', 2.5]);
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  await perform(async (run) => lamp?.setOn(true, run));
  assert.equal(lamp?.on.value, true);
});

test('a light that cannot be dimmed is dark or bright', async () => {
  const { hosted, perform } = adoptRig(
    switches('FLAT_LIGHT_CONTROL', { FLAT_LIGHT_ON: false, FLAT_LIGHT_OFF: true }),
  );
  const light = adoptLight(hosted);
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  await perform(async (run) => light?.setBrightness(1, run));
  assert.deepEqual([light?.on.value, light?.brightness.value, light?.maxBrightness], [true, 1, 1]);
});
