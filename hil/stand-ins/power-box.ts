import { type Declared, numbers, switches, texts } from '../../src/indi/adopt/declared.ts';
import { StandIn, type Values } from './shared/stand-in.ts';

/**
 * A power box of four ports, two USB ports, two dew heaters and one adjustable output. Without options by the power
 * interface of INDI 2.x; `--pegasus`: as the driver of Pegasus Astro's UPB names them, which has no interface for it.
 */
const pegasus = process.argv.includes('--pegasus');
const POWER = 262_144;
const AUX = 32_768;

const any = { rule: 'AnyOfMany' } as const;
const ro = { perm: 'ro' } as const;
const percent = { value: 0, min: 0, max: 100, step: 1 };
const each = <T>(names: readonly string[], value: T) =>
  Object.fromEntries(names.map((name) => [name, value]));
const count = (prefix: string, n: number) =>
  Array.from({ length: n }, (_, index) => `${prefix}_${index + 1}`);

/** Amperes of an output that is on. */
const LOAD = 1.5;
const sensors = numbers('POWER_SENSORS', { SENSOR_VOLTAGE: 12.6, SENSOR_CURRENT: 0, SENSOR_POWER: 0 }, ro);

const newer: Declared[] = [
  sensors,
  switches('POWER_CHANNELS', each(count('POWER_CHANNEL', 4), false), any),
  texts('POWER_LABELS', { ...each(count('POWER_CHANNEL', 4), ''), POWER_CHANNEL_1: 'Mount' }),
  numbers('POWER_CURRENTS', each(count('POWER_CHANNEL', 4), 0), ro),
  switches('DEW_CHANNELS', each(count('DEW_CHANNEL', 2), false), any),
  numbers('DEW_DUTY_CYCLES', each(count('DEW_CHANNEL', 2), percent)),
  numbers('DEW_CURRENTS', each(count('DEW_CHANNEL', 2), 0), ro),
  texts('DEW_LABELS', each(count('DEW_CHANNEL', 2), '')),
  switches('AUTO_DEW_CONTROL', each(count('DEW_CHANNEL', 2), false), any),
  switches('VARIABLE_CHANNELS', { VARIABLE_CHANNEL_1: false }, any),
  numbers('VARIABLE_VOLTAGES', { VARIABLE_CHANNEL_1: { value: 5, min: 3, max: 12, step: 0.1 } }),
  switches('USB_PORTS', each(count('USB_PORT', 2), true), any),
  texts('USB_LABELS', { USB_PORT_1: 'Camera', USB_PORT_2: '' }),
  switches('POWER_CYCLE', { POWER_CYCLE_Toggle: false }, { rule: 'AtMostOne' }),
];

const older: Declared[] = [
  sensors,
  switches('POWER_CONTROL', each(count('POWER_CONTROL', 4), false), any),
  texts('POWER_CONTROL_LABEL', { ...each(count('POWER_LABEL', 4), ''), POWER_LABEL_1: 'Mount' }),
  numbers('POWER_CURRENT', each(count('POWER_CURRENT', 4), 0), ro),
  numbers('DEW_PWM', { DEW_A: percent, DEW_B: percent }),
  numbers('DEW_CURRENT', { DEW_CURRENT_A: 0, DEW_CURRENT_B: 0 }, ro),
  switches('AUTO_DEW', { INDI_ENABLED: false, INDI_DISABLED: true }),
  switches('USB_PORT_CONTROL', each(count('PORT', 2), true), any),
  numbers('ADJUSTABLE_VOLTAGE', { ADJUSTABLE_VOLTAGE_VALUE: { value: 5, min: 3, max: 12, step: 1 } }),
];

const channels = pegasus ? 'POWER_CONTROL' : 'POWER_CHANNELS';
const currents = pegasus ? 'POWER_CURRENT' : 'POWER_CURRENTS';

const box: StandIn = new StandIn({
  device: pegasus ? 'Pegasus UPB' : 'Power Box',
  executable: 'power-box',
  interfaces: pegasus ? AUX : POWER | AUX,
  connected: pegasus ? older : newer,
  commands: {
    [channels]: (values) => {
      box.set(channels, 'Ok', values);
      measure();
    },
    // The driver of the UPB sets all of them or none.
    DEW_PWM: (values) => {
      if (Object.keys(values).length < 2) throw new Error('Failed to set all dew heaters');
      box.set('DEW_PWM', 'Ok', values);
    },
    POWER_CYCLE: async () => {
      const before = box.values(channels);
      box.set('POWER_CYCLE', 'Busy', { POWER_CYCLE_Toggle: true });
      box.set(channels, 'Ok', each(Object.keys(before), false));
      await box.clock.sleep(300);
      box.set(channels, 'Ok', before);
      box.set('POWER_CYCLE', 'Ok', { POWER_CYCLE_Toggle: false });
    },
  },
});

/** Elements of the currents come in the order of the channels. */
function measure(): void {
  const on = Object.values(box.values(channels));
  const names = Object.keys(box.values(currents));
  const amperes: Values = Object.fromEntries(names.map((name, index) => [name, on[index] ? LOAD : 0]));
  const total = on.filter(Boolean).length * LOAD;
  box.set(currents, 'Ok', amperes);
  box.set('POWER_SENSORS', 'Ok', { SENSOR_CURRENT: total, SENSOR_POWER: total * 12.6 });
}

box.run();
