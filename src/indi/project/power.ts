import type { Device } from '../../device/device.ts';
import type { AdjustableOutput, DewHeater, PowerBox, SwitchedPort } from '../../device/power.ts';
import { indi, MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import { having, numbered, projectAmounts, projectLabels, projectSwitches } from './channels.ts';
import { projectButton } from './switches.ts';

const POWER = 'Power';
const DEW = 'Dew';
const VARIABLE = 'Variable';
const USB = 'USB';

/** A heater that is switched on before it was ever given a duty. */
const FIRST_DUTY_PERCENT = 50;

const amperes = () => number('', '%.2f', 0, 999).range;

/** INDI protocol 1.7, power interface; the sockets' names are the elements' labels as well, for clients that know no other. */
export function projectPower(panel: Panel, device: Device, box: PowerBox): void {
  projectSensors(panel, box);
  projectPorts(panel, device, box.ports);
  projectHeaters(panel, device, box.heaters);
  projectAdjustable(panel, device, box.adjustable);
  projectUsb(panel, device, box.usb);
  if (!box.cycle) return;
  projectButton(panel, ['POWER_CYCLE', 'Cycle Power', MAIN], 'POWER_CYCLE_Toggle', 'Toggle', (button) =>
    panel.command(button, [], () => device.operate(indi, 'power', 'cycle', {})),
  );
}

function projectSensors(panel: Panel, { volts, amperes, watts }: PowerBox): void {
  const sensors = [
    { name: 'SENSOR_VOLTAGE', label: 'Voltage (V)', value: volts },
    { name: 'SENSOR_CURRENT', label: 'Current (A)', value: amperes },
    { name: 'SENSOR_POWER', label: 'Power (W)', value: watts },
  ].filter(({ value }) => value !== undefined);
  if (sensors.length === 0) return;
  const elements = sensors.map(({ name, label }) => [name, number(label, '%.2f', 0, 999)]);
  const now = () => Object.fromEntries(sensors.map(({ name, value }) => [name, value?.value ?? 0]));
  const readings = panel.numbers<string>(
    'POWER_SENSORS',
    'Sensors',
    MAIN,
    Object.fromEntries(elements),
    now(),
  );
  panel.watch(
    sensors.map(({ value }) => value),
    () => {
      const known = sensors.every(({ value }) => value?.value !== undefined);
      readings.show(now(), known ? 'Ok' : 'Alert');
    },
  );
}

function projectPorts(panel: Panel, device: Device, ports: readonly SwitchedPort[]): void {
  const channels = numbered('POWER_CHANNEL', ports);
  projectSwitches(
    panel,
    ['POWER_CHANNELS', 'Toggle DC', POWER],
    channels,
    ({ on }) => on.value,
    ({ on }) => [on],
    ({ id }, on) => device.operate(indi, 'power', 'port', { id, on }),
  );
  projectAmounts(
    panel,
    ['POWER_CURRENTS', 'Currents', POWER],
    having(channels, 'amperes'),
    amperes,
    (port) => port.amperes,
  );
  projectLabels(panel, ['POWER_LABELS', 'Labels', POWER], channels);
}

function projectHeaters(panel: Panel, device: Device, heaters: readonly DewHeater[]): void {
  const channels = numbered('DEW_CHANNEL', heaters);
  const heat = ({ id }: DewHeater, percent: number) => device.operate(indi, 'power', 'heat', { id, percent });
  /** What each was set to when it was last on. */
  const duties = new Map<string, number>();
  const remember = () => {
    for (const { id, duty } of heaters) if (duty.value > 0) duties.set(id, duty.value);
  };
  panel.watch(
    heaters.map(({ duty }) => duty),
    remember,
  );
  projectSwitches(
    panel,
    ['DEW_CHANNELS', 'Toggle Dew', DEW],
    channels,
    ({ duty }) => duty.value > 0,
    ({ duty }) => [duty],
    (heater, on) => heat(heater, on ? (duties.get(heater.id) ?? FIRST_DUTY_PERCENT) : 0),
  );
  const percent = () => number('', '%.f', 0, 100, 10).range;
  projectAmounts(panel, ['DEW_DUTY_CYCLES', 'Duty Cycles', DEW], channels, percent, ({ duty }) => duty, heat);
  projectAmounts(
    panel,
    ['DEW_CURRENTS', 'Currents', DEW],
    having(channels, 'amperes'),
    amperes,
    (heater) => heater.amperes,
  );
  projectSwitches(
    panel,
    ['AUTO_DEW_CONTROL', 'Auto Dew Control', DEW],
    having(having(channels, 'automatic'), 'setAutomatic'),
    ({ automatic }) => automatic.value,
    ({ automatic }) => [automatic],
    ({ id }, on) => device.operate(indi, 'power', 'heatAutomatically', { id, on }),
  );
  projectLabels(panel, ['DEW_LABELS', 'Labels', DEW], channels);
}

function projectAdjustable(panel: Panel, device: Device, outputs: readonly AdjustableOutput[]): void {
  const channels = numbered('VAR_CHANNEL', outputs);
  projectSwitches(
    panel,
    ['VARIABLE_CHANNELS', 'Channels', VARIABLE],
    having(having(channels, 'on'), 'setOn'),
    ({ on }) => on.value,
    ({ on }) => [on],
    ({ id }, on) => device.operate(indi, 'power', 'adjustable', { id, on }),
  );
  projectAmounts(
    panel,
    ['VARIABLE_VOLTAGES', 'Voltages', VARIABLE],
    channels,
    ({ min, max }) => number('', '%.1f', min, max, 0.1).range,
    ({ volts }) => volts,
    ({ id }, volts) => device.operate(indi, 'power', 'adjust', { id, volts }),
  );
  projectLabels(panel, ['VARIABLE_LABELS', 'Labels', VARIABLE], channels);
}

function projectUsb(panel: Panel, device: Device, ports: readonly SwitchedPort[]): void {
  const channels = numbered('USB_PORT', ports);
  projectSwitches(
    panel,
    ['USB_PORTS', 'Ports', USB],
    channels,
    ({ on }) => on.value,
    ({ on }) => [on],
    ({ id }, on) => device.operate(indi, 'power', 'usb', { id, on }),
  );
  projectLabels(panel, ['USB_LABELS', 'Labels', USB], channels);
}
