import type { Run } from '../../core/run.ts';
import type { Seen } from '../mirror.ts';
import type { Hosted } from './hosted.ts';
import { command, labelCell, labelOf, numberCell, numberIn } from './tools.ts';

export const elementsOf = (hosted: Hosted, property: string): readonly string[] =>
  Object.keys(hosted.property(property)?.values ?? {});

/** `POWER_CONTROL_3` → `3`, `DEW_A` → `A`: what the vectors beside it call the same output. */
const keyOf = (element: string) => element.slice(element.lastIndexOf('_') + 1);

/** The element of another vector that is of the same output. */
export const alike = (hosted: Hosted, property: string | undefined, element: string) =>
  property === undefined
    ? undefined
    : elementsOf(hosted, property).find((name) => keyOf(name) === keyOf(element));

/** What the owner calls it, else what the driver does. */
export const labelled = (hosted: Hosted, labels: string | undefined, property: string, element: string) =>
  labelCell(hosted, labels ?? '', keyOf(element), labelOf(hosted, property, element));

export function amperes(hosted: Hosted, property: string | undefined, element: string) {
  const name = alike(hosted, property, element);
  return property && name ? { amperes: numberCell(hosted, property, name) } : {};
}

/** One of a vector's switches, without the others, which may be changed at the same time: so may their answers come. */
export const setAlone = (hosted: Hosted, property: string, element: string, on: boolean, run: Run) =>
  command(hosted, property, { [element]: on }, run, { answered: (seen) => seen.values[element] === on });

/**
 * Writes one number of a vector with all the others beside it, for drivers that take a part as a failure; one after
 * the other, so that none brings back an old value of another.
 */
export function wholeVector(hosted: Hosted, property: string) {
  let last: Promise<unknown> = Promise.resolve();
  return (element: string, value: number, run: Run): Promise<void> => {
    const mine = last.then(() => {
      const now = hosted.property(property)?.values as Record<string, number> | undefined;
      const answered = (seen: Seen) => Math.abs((numberIn(seen, element) ?? value) - value) <= 1;
      return command(hosted, property, { ...now, [element]: value }, run, { answered });
    });
    last = mine.catch(() => {});
    return mine;
  };
}
