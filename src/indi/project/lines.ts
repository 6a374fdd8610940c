import type { Device } from '../../device/device.ts';
import type { Lines } from '../../device/lines.ts';
import { indi } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import { numbered, projectLabels } from './channels.ts';
import { projectPair } from './switches.ts';

const OUTPUTS = 'Outputs';
const INPUTS = 'Inputs';
const WORDS = { OFF: 'Off', ON: 'On' };

/** INDI protocol 1.7, output and input interfaces: a vector for each line. */
export function projectLines(panel: Panel, device: Device, { outputs, inputs, analog }: Lines): void {
  const lines = numbered('DIGITAL_OUTPUT', outputs);
  for (const { key, channel } of lines) {
    const { id, label, on } = channel;
    projectPair(panel, [key, label.value, OUTPUTS], WORDS, ['ON', 'OFF'], on, {
      lanes: [`line/${id}`],
      set: (value) => device.operate(indi, 'lines', 'output', { id, on: value }),
    });
  }
  projectLabels(panel, ['DIGITAL_OUTPUT_LABELS', 'Labels', OUTPUTS], lines);

  const contacts = numbered('DIGITAL_INPUT', inputs);
  for (const { key, channel } of contacts) {
    projectPair(panel, [key, channel.label.value, INPUTS], WORDS, ['ON', 'OFF'], channel.on);
  }
  projectLabels(panel, ['DIGITAL_INPUT_LABELS', 'Digital Labels', INPUTS], contacts);

  const meters = numbered('ANALOG_INPUT', analog);
  for (const { key, channel } of meters) {
    const { label, value } = channel;
    const now = () => ({ [key]: value.value ?? 0 });
    const element = { [key]: number(label.value, '%.2f') };
    const meter = panel.numbers<string>(key, label.value, INPUTS, element, now());
    panel.watch([value], () => meter.show(now(), value.value === undefined ? 'Alert' : 'Ok'));
  }
  projectLabels(panel, ['ANALOG_INPUT_LABELS', 'Analog Labels', INPUTS], meters);
}
