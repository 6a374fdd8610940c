import type { Device } from '../../device/device.ts';
import { type DewChannel, type DewControl, marginRange } from '../../device/dew.ts';
import { indi, MAIN } from '../actor.ts';
import type { State } from '../message.ts';
import { number, type Panel } from '../panel.ts';
import { type Numbered, numbered, projectAmounts, projectLabels, projectSwitches } from './channels.ts';

const DEW = 'Dew';

/** The names of power boxes' dew channels (INDI protocol 1.7, power interface) where they have one, and of weather. */
export function projectDew(panel: Panel, device: Device, control: DewControl): void {
  projectAir(panel, control);
  const channels = numbered('DEW_CHANNEL', control.channels);
  projectSwitches(
    panel,
    ['AUTO_DEW_CONTROL', 'Auto Dew Control', MAIN],
    channels,
    ({ automatic }) => automatic.value,
    ({ automatic }) => [automatic],
    ({ id }, on) => device.operate(indi, 'dew', 'automatic', { id, on }),
  );
  projectAmounts(
    panel,
    ['DEW_MARGINS', 'Above dew point (C)', DEW],
    channels,
    () => number('', '%.1f', marginRange.min, marginRange.max, 0.5).range,
    ({ marginCelsius }) => marginCelsius,
    ({ id }, celsius) => device.operate(indi, 'dew', 'margin', { id, celsius }),
  );
  const percent = () => number('', '%.f', 0, 100).range;
  projectAmounts(panel, ['DEW_DUTY_CYCLES', 'Duty Cycles', DEW], channels, percent, ({ duty }) => duty);
  projectGlass(panel, channels);
  projectStates(panel, channels);
  projectLabels(panel, ['DEW_LABELS', 'Labels', DEW], channels);
}

function projectAir(panel: Panel, { ambientCelsius, humidityPercent, dewPointCelsius }: DewControl): void {
  const elements = {
    WEATHER_TEMPERATURE: number('Temperature (C)', '%.1f'),
    WEATHER_HUMIDITY: number('Humidity (%)', '%.f'),
    WEATHER_DEWPOINT: number('Dew point (C)', '%.1f'),
  };
  const now = () => ({
    WEATHER_TEMPERATURE: ambientCelsius.value ?? 0,
    WEATHER_HUMIDITY: humidityPercent.value ?? 0,
    WEATHER_DEWPOINT: dewPointCelsius.value ?? 0,
  });
  const air = panel.numbers('WEATHER_PARAMETERS', 'Air', MAIN, elements, now());
  panel.watch([ambientCelsius, humidityPercent, dewPointCelsius], () =>
    air.show(now(), dewPointCelsius.value === undefined ? 'Alert' : 'Ok'),
  );
}

/** A glass without a probe shows 0; the vector is Idle while none has one. */
function projectGlass(panel: Panel, channels: readonly Numbered<DewChannel>[]): void {
  if (channels.length === 0) return;
  const celsius = channels.map(({ key, channel }) => [key, number(channel.label.value, '%.1f')]);
  const now = () =>
    Object.fromEntries(channels.map(({ key, channel }) => [key, channel.glassCelsius.value ?? 0]));
  const glass = panel.numbers<string>(
    'DEW_TEMPERATURES',
    'Glass (C)',
    DEW,
    Object.fromEntries(celsius),
    now(),
  );
  panel.watch(
    channels.map(({ channel }) => channel.glassCelsius),
    () => {
      const known = channels.some(({ channel }) => channel.glassCelsius.value !== undefined);
      glass.show(now(), known ? 'Ok' : 'Idle');
    },
  );
}

/** A light for each heater, and its state in words. */
function projectStates(panel: Panel, channels: readonly Numbered<DewChannel>[]): void {
  if (channels.length === 0) return;
  const labels = Object.fromEntries(channels.map(({ key, channel }) => [key, channel.label.value]));
  const words = () => Object.fromEntries(channels.map(({ key, channel }) => [key, channel.state.value]));
  const lights = panel.lights<string>('DEW_STATUS', 'Status', MAIN, labels);
  const texts = panel.texts<string>('DEW_STATES', 'States', MAIN, labels, words());
  panel.watch(
    channels.flatMap(({ channel: { automatic, alarm, state } }) => [automatic, alarm, state]),
    () => {
      const each = channels.map(({ key, channel }) => [key, lightOf(channel)] as const);
      const worst = each.some(([, light]) => light === 'Alert') ? 'Alert' : 'Ok';
      lights.show(Object.fromEntries(each), worst);
      texts.show(words(), worst);
    },
  );
}

function lightOf({ automatic, alarm }: DewChannel): State {
  if (!automatic.value) return 'Idle';
  return alarm.value ? 'Alert' : 'Ok';
}
