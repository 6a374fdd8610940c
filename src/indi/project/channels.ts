import type { Cell } from '../../core/cell.ts';
import type { number, Panel } from '../panel.ts';
import type { Property, Work } from '../property.ts';
import type { Title } from './switches.ts';

/** One of several alike: a socket, a heater, a line. */
export interface Channel {
  readonly label: Cell<string>;
}

/** A channel and the element that stands for it in each of the vectors. */
export interface Numbered<C> {
  readonly key: string;
  readonly channel: C;
}

/** `PREFIX_1`, `PREFIX_2`, …. */
export const numbered = <C>(prefix: string, channels: readonly C[]): Numbered<C>[] =>
  channels.map((channel, index) => ({ key: `${prefix}_${index + 1}`, channel }));

/** Those that have something of their own to show; the others' numbers stay free. */
export const having = <C, M extends keyof C>(channels: readonly Numbered<C>[], member: M) =>
  channels.filter((each): each is Numbered<C & Required<Pick<C, M>>> => each.channel[member] !== undefined);

/** What the channels are called, as their device says it. */
export function projectLabels(
  panel: Panel,
  [name, label, group]: Title,
  channels: readonly Numbered<Channel>[],
) {
  if (channels.length === 0) return;
  const words = Object.fromEntries(channels.map(({ key }) => [key, key]));
  const now = () => Object.fromEntries(channels.map(({ key, channel }) => [key, channel.label.value]));
  const labels = panel.texts<string>(name, label, group, words, now());
  panel.watch(
    channels.map(({ channel }) => channel.label),
    () => labels.show(now(), 'Ok'),
  );
}

/** A vector of switches that are On one by one. @param set absent: they can only be looked at */
export function projectSwitches<C extends Channel>(
  panel: Panel,
  [name, label, group]: Title,
  channels: readonly Numbered<C>[],
  isOn: (channel: C) => boolean,
  cells: (channel: C) => readonly (Cell<unknown> | undefined)[],
  set?: (channel: C, on: boolean) => Work,
): void {
  if (channels.length === 0) return;
  const options = { perm: set ? 'rw' : 'ro', rule: 'AnyOfMany' } as const;
  const now = () => Object.fromEntries(channels.map(({ key, channel }) => [key, isOn(channel)]));
  const switches = panel.switches<string>(name, label, group, labelsOf(channels), undefined, options);
  panel.watch(
    channels.flatMap(({ channel }) => cells(channel)),
    () => switches.show(now(), 'Ok'),
  );
  if (set)
    switches.onWrite((values, given) => changeEach(panel, switches, channels, values, given, now(), set));
}

/** A vector of numbers, one for each channel. @param set absent: they can only be looked at */
export function projectAmounts<C extends Channel>(
  panel: Panel,
  [name, label, group]: Title,
  channels: readonly Numbered<C>[],
  range: (channel: C) => ReturnType<typeof number>['range'],
  value: (channel: C) => Cell<number | undefined>,
  set?: (channel: C, amount: number) => Work,
): void {
  if (channels.length === 0) return;
  const elements = channels.map(({ key, channel }) => [
    key,
    { label: channel.label.value, range: range(channel) },
  ]);
  const now = () => Object.fromEntries(channels.map(({ key, channel }) => [key, value(channel).value ?? 0]));
  const options = { perm: set ? 'rw' : 'ro' } as const;
  const amounts = panel.numbers<string>(name, label, group, Object.fromEntries(elements), now(), options);
  panel.watch(
    channels.map(({ channel }) => value(channel)),
    () => {
      const known = channels.every(({ channel }) => value(channel).value !== undefined);
      amounts.show(now(), known ? 'Ok' : 'Alert');
    },
  );
  if (set)
    amounts.onWrite((values, given) => changeEach(panel, amounts, channels, values, given, now(), set));
}

/** Clients send whole vectors: what already is as they want it is left alone, unless it is just being changed. */
function changeEach<C, V>(
  panel: Panel,
  property: Property<'switch', string> | Property<'number', string>,
  channels: readonly Numbered<C>[],
  wanted: Readonly<Record<string, V>>,
  given: ReadonlySet<string>,
  present: Readonly<Record<string, V>>,
  set: (channel: C, value: V) => Work,
): void {
  const busy = property.state === 'Busy';
  const changes = channels.filter(({ key }) => given.has(key) && (busy || wanted[key] !== present[key]));
  if (changes.length === 0) return;
  panel.command(property, [], () => {
    const works = changes.map(({ key, channel }) => set(channel, wanted[key] as V));
    return { outcome: Promise.all(works.map(({ outcome }) => outcome)) };
  });
}

const labelsOf = (channels: readonly Numbered<Channel>[]) =>
  Object.fromEntries(channels.map(({ key, channel }) => [key, channel.label.value || key]));
