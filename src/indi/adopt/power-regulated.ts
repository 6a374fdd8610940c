import { type Cell, derived } from '../../core/cell.ts';
import type { Run } from '../../core/run.ts';
import type { AdjustableOutput, DewHeater } from '../../device/power.ts';
import type { Hosted } from './hosted.ts';
import type { AdjustableNames, HeaterNames } from './power-names.ts';
import { alike, amperes, elementsOf, labelled, setAlone, wholeVector } from './power-vector.ts';
import { choose, command, has, numberCell, rangeOf, slug, switchCell } from './tools.ts';

export function heatersOf(hosted: Hosted, set: HeaterNames): DewHeater[] {
  const write = wholeVector(hosted, set.duties);
  return elementsOf(hosted, set.duties).map((element) => {
    const duty = numberCell(hosted, set.duties, element, 0);
    const channel = alike(hosted, set.channels, element);
    const gate = set.channels && channel ? { property: set.channels, element: channel } : undefined;
    return {
      id: slug(element),
      label: labelled(hosted, set.labels, set.duties, element),
      duty: gate ? gated(duty, switchCell(hosted, gate.property, gate.element)) : duty,
      ...amperes(hosted, set.currents, element),
      ...automatic(hosted, set.automatic, element),
      async setDuty(percent, run) {
        await write(element, percent, run);
        if (gate) await setAlone(hosted, gate.property, gate.element, percent > 0, run);
      },
    };
  });
}

const gated = (duty: Cell<number>, on: Cell<boolean>) =>
  derived([duty, on], () => (on.value ? duty.value : 0));

function automatic(hosted: Hosted, property: string, element: string): Partial<DewHeater> {
  const own = alike(hosted, property, element);
  if (own)
    return {
      automatic: switchCell(hosted, property, own),
      setAutomatic: (on, run) => setAlone(hosted, property, own, on, run),
    };
  if (!has(hosted, property, 'INDI_ENABLED')) return {};
  return {
    automatic: switchCell(hosted, property, 'INDI_ENABLED'),
    setAutomatic: (on, run) =>
      command(hosted, property, choose(hosted, property, on ? 'INDI_ENABLED' : 'INDI_DISABLED'), run),
  };
}

export function adjustableOf(hosted: Hosted, set: AdjustableNames): AdjustableOutput[] {
  const write = wholeVector(hosted, set.volts);
  return elementsOf(hosted, set.volts).map((element) => {
    const range = rangeOf(hosted, set.volts, element);
    const channel = alike(hosted, set.channels, element);
    const { channels } = set;
    return {
      id: slug(element),
      label: labelled(hosted, set.labels, set.volts, element),
      volts: numberCell(hosted, set.volts, element, 0),
      min: range?.min ?? 0,
      max: range?.max || 12,
      setVolts: (volts, run) => write(element, volts, run),
      ...(channels &&
        channel && {
          on: switchCell(hosted, channels, channel),
          setOn: (on: boolean, run: Run) => setAlone(hosted, channels, channel, on, run),
        }),
    };
  });
}
