import type { Run } from '../../core/run.ts';
import type { PowerBox, SwitchedPort } from '../../device/power.ts';
import type { Hosted } from './hosted.ts';
import * as names from './power-names.ts';
import { adjustableOf, heatersOf } from './power-regulated.ts';
import { amperes, elementsOf, labelled, setAlone } from './power-vector.ts';
import { choose, command, has, labelCell, numberCell, slug, switchCell } from './tools.ts';

/** A power box, by the vectors of `power-names.ts` that it has. */
export function adoptPower(hosted: Hosted): PowerBox | undefined {
  const ports = [
    ...names.ports.flatMap((each) => switched(hosted, each)),
    ...names.pairs.flatMap((each) => pair(hosted, each)),
  ];
  const usb = names.usb.flatMap((each) => switched(hosted, each));
  const heaters = names.heaters.flatMap((each) => heatersOf(hosted, each));
  const adjustable = names.adjustable.flatMap((each) => adjustableOf(hosted, each));
  const sensors = has(hosted, names.SENSORS);
  if (ports.length + usb.length + heaters.length + adjustable.length === 0 && !sensors) return undefined;
  const toggle = elementsOf(hosted, names.CYCLE).find((name) => /toggle/i.test(name));
  return {
    ...{ ports, usb, heaters, adjustable },
    ...sensor(hosted, 'volts', 'SENSOR_VOLTAGE'),
    ...sensor(hosted, 'amperes', 'SENSOR_CURRENT'),
    ...sensor(hosted, 'watts', 'SENSOR_POWER'),
    ...(toggle !== undefined && {
      cycle: (run: Run) => command(hosted, names.CYCLE, { [toggle]: true }, run, { timeoutMs: 60_000 }),
    }),
  };
}

const sensor = (hosted: Hosted, key: 'volts' | 'amperes' | 'watts', element: string) =>
  has(hosted, names.SENSORS, element) ? { [key]: numberCell(hosted, names.SENSORS, element) } : {};

function switched(hosted: Hosted, { property, labels, currents }: names.SwitchedNames): SwitchedPort[] {
  return elementsOf(hosted, property).map((element) => ({
    id: slug(element),
    label: labelled(hosted, labels, property, element),
    on: switchCell(hosted, property, element),
    ...amperes(hosted, currents, element),
    setOn: (on, run) => setAlone(hosted, property, element, on, run),
  }));
}

function pair(hosted: Hosted, { property, on, off }: names.PairNames): SwitchedPort[] {
  if (!has(hosted, property, on)) return [];
  return [
    {
      id: slug(property),
      label: labelCell(hosted, '', '', hosted.property(property)?.definition.label || property),
      on: switchCell(hosted, property, on),
      setOn: (wanted, run) => command(hosted, property, choose(hosted, property, wanted ? on : off), run),
    },
  ];
}
