import type { Cell } from '../../core/cell.ts';
import { only, type Panel } from '../panel.ts';
import type { Property, Work } from '../property.ts';

/** Name, label and group of a property. */
export type Title = readonly [name: string, label: string, group: string];

/** A switch of one element that stands for a deed: it is never On, it is Busy while the deed lasts. */
export function projectButton(
  panel: Panel,
  [name, label, group]: Title,
  element: string,
  word: string,
  press: (button: Property<'switch', string>) => void,
): void {
  const options = { perm: 'rw', rule: 'AtMostOne' } as const;
  const button = panel.switches<string>(name, label, group, { [element]: word }, undefined, options);
  button.onWrite((values) => {
    if (values[element]) press(button);
  });
}

/** ABORT: it passes always; what it ends has not failed. */
export function projectAbort(panel: Panel, title: Title, lanes: readonly string[], halt: () => Work): void {
  projectButton(panel, title, 'ABORT', 'Abort', (button) => {
    panel.stop(lanes);
    panel.command(button, [], halt);
  });
}

export const ENABLED = { INDI_ENABLED: 'Enabled', INDI_DISABLED: 'Disabled' } as const;

/** How to change what is on or off, and what that holds meanwhile. */
export interface Setter {
  lanes?: readonly string[];
  set(on: boolean): Work;
}

/** A pair of switches for what is on or off. @param setter absent: it can only be looked at */
export function projectPair<On extends string, Off extends string>(
  panel: Panel,
  [name, label, group]: Title,
  words: Record<On | Off, string>,
  [on, off]: readonly [On, Off],
  value: Cell<boolean | undefined>,
  setter?: Setter,
): void {
  const key = (): On | Off | undefined => (value.value === undefined ? undefined : value.value ? on : off);
  const options = { perm: setter ? 'rw' : 'ro', rule: setter ? 'OneOfMany' : 'AtMostOne' } as const;
  const pair = panel.switches<On | Off>(name, label, group, words, key(), options);
  panel.watch([value], () => pair.show(only(words, key()), value.value === undefined ? 'Idle' : 'Ok'));
  if (!setter) return;
  pair.onWrite((values) => {
    const { [on as string]: wanted = false } = values as Record<string, boolean>;
    panel.brief(pair, setter.lanes ?? [], () => setter.set(wanted));
  });
}

/** INDI_ENABLED and INDI_DISABLED. */
export const projectToggle = (
  panel: Panel,
  title: Title,
  value: Cell<boolean | undefined>,
  setter?: Setter,
): void => projectPair(panel, title, ENABLED, ['INDI_ENABLED', 'INDI_DISABLED'], value, setter);
