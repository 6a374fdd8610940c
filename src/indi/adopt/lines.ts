import type { AnalogInput, DigitalInput, Lines } from '../../device/lines.ts';
import type { SwitchedPort } from '../../device/power.ts';
import type { Hosted } from './hosted.ts';
import { choose, command, elementCell, labelCell, numberCell, switchCell } from './tools.ts';

/** INDI 2.x, output and input interfaces: one property a line, its label in a vector beside it. */
export function adoptLines(hosted: Hosted): Lines | undefined {
  const outputs = linesOf(hosted, 'DIGITAL_OUTPUT').map((name) => output(hosted, name));
  const inputs = linesOf(hosted, 'DIGITAL_INPUT').map((name) => digital(hosted, name));
  const analog = linesOf(hosted, 'ANALOG_INPUT').map((name) => analogue(hosted, name));
  return outputs.length + inputs.length + analog.length > 0 ? { outputs, inputs, analog } : undefined;
}

const linesOf = (hosted: Hosted, kind: string) =>
  hosted.names.value.filter((name) => new RegExp(`^${kind}_\\d+$`).test(name));

const idOf = (property: string) =>
  property
    .toLowerCase()
    .replace(/^(digital|analog)_/, '')
    .replaceAll('_', '-');

const labelOf = (hosted: Hosted, property: string) => {
  const [, kind, number] = /^(.*)_(\d+)$/.exec(property) as unknown as [string, string, string];
  return labelCell(hosted, `${kind}_LABELS`, number, idOf(property));
};

function output(hosted: Hosted, name: string): SwitchedPort {
  return {
    id: idOf(name),
    label: labelOf(hosted, name),
    on: switchCell(hosted, name, 'ON'),
    setOn: (on, run) => command(hosted, name, choose(hosted, name, on ? 'ON' : 'OFF'), run),
  };
}

const digital = (hosted: Hosted, name: string): DigitalInput => ({
  id: idOf(name),
  label: labelOf(hosted, name),
  on: elementCell<boolean | undefined>(hosted, name, undefined, ({ values }) => values.ON === true),
});

function analogue(hosted: Hosted, name: string): AnalogInput {
  const element = Object.keys(hosted.property(name)?.values ?? {})[0] ?? name;
  const id = linesOf(hosted, 'DIGITAL_INPUT').some((other) => idOf(other) === idOf(name))
    ? `analog-${idOf(name)}`
    : idOf(name);
  return { id, label: labelOf(hosted, name), value: numberCell(hosted, name, element) };
}
