import type { Cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Stopped } from '../core/run.ts';
import type { Kind, Permission, Range, State, SwitchRule, ValueOf } from './message.ts';
import { type AnyProperty, Property, type Publish, type Values, type Work } from './property.ts';

type NumberElement = { label: string; range: Range };

export interface Options {
  /** Default `ro`. */
  perm?: Permission;
  /** A choice of the client's that no cell holds: it survives a reconnect. */
  kept?: true;
}

/** A number's range; `min` equal to `max`: none. @param format printf's, or `%10.6m` for sexagesimal */
export const number = (label: string, format: string, min = 0, max = 0, step = 0): NumberElement => ({
  label,
  range: { format, min, max, step },
});

/** The properties that one projection makes of a device, and what keeps them fresh. */
export class Panel {
  readonly device: string;
  readonly clock: Clock;
  readonly #properties = new Map<string, AnyProperty>();
  readonly #previous: ReadonlyMap<string, AnyProperty>;
  readonly #ends: (() => void)[] = [];
  readonly #publish: Publish;
  readonly #briefs = new Set<{ lanes: readonly string[]; work: Work }>();
  #stops = 0;
  #live = false;

  /** @param previous the properties of the same device before it was lost */
  constructor(
    device: string,
    clock: Clock,
    publish: Publish,
    previous: ReadonlyMap<string, AnyProperty> = new Map(),
  ) {
    this.device = device;
    this.clock = clock;
    this.#previous = previous;
    this.#publish = (message, hold) => {
      if (this.#live) publish(message, hold);
    };
  }

  get properties(): ReadonlyMap<string, AnyProperty> {
    return this.#properties;
  }

  /** From now on changes are published: the definitions are. */
  start(): void {
    this.#live = true;
  }

  numbers<N extends string>(
    name: string,
    label: string,
    group: string,
    elements: Record<N, NumberElement>,
    initial: Values<'number', NoInfer<N>>,
    options: Options = {},
  ): Property<'number', N> {
    return this.#add('number', name, label, group, elements, initial, options);
  }

  texts<N extends string>(
    name: string,
    label: string,
    group: string,
    elements: Record<N, string>,
    initial: Values<'text', NoInfer<N>>,
    options: Options = {},
  ): Property<'text', N> {
    return this.#add('text', name, label, group, labelled(elements), initial, options);
  }

  /** @param on the names that are On */
  switches<N extends string>(
    name: string,
    label: string,
    group: string,
    elements: Record<N, string>,
    on: NoInfer<N> | undefined,
    options: Options & { rule?: SwitchRule } = {},
  ): Property<'switch', N> {
    const rule = options.rule ?? 'OneOfMany';
    return this.#add('switch', name, label, group, labelled(elements), only(elements, on), options, rule);
  }

  lights<N extends string>(
    name: string,
    label: string,
    group: string,
    elements: Record<N, string>,
  ): Property<'light', N> {
    const initial = Object.fromEntries(Object.keys(elements).map((key) => [key, 'Idle' as State]));
    return this.#add('light', name, label, group, labelled(elements), initial as Values<'light', N>, {});
  }

  blob<N extends string>(name: N, label: string, group: string): Property<'blob', N> {
    const empty = { format: '', size: 0, bytes: new Uint8Array(0) };
    const elements = { [name]: { label } } as Record<N, { label: string }>;
    return this.#add('blob', name, label, group, elements, { [name]: empty } as Values<'blob', N>, {});
  }

  /** Calls now, and at each change of any of the cells. */
  watch(cells: readonly (Cell<unknown> | undefined)[], refresh: () => void): void {
    refresh();
    for (const cell of cells) if (cell) this.#ends.push(cell.watch(refresh));
  }

  everySecond(tick: () => void): void {
    let cancel = () => {};
    const next = () => {
      cancel = this.clock.after(1000, () => {
        next();
        tick();
      });
    };
    next();
    this.#ends.push(() => cancel());
  }

  /**
   * Begins an operation for a property, Busy from now on; what this panel had in progress on the same lanes is over.
   * @throws Fault of the beginning: refused, busy, gone
   */
  command(property: AnyProperty, lanes: readonly string[], begin: () => Work, ended?: () => void): void {
    const work = this.#inTurn(lanes, begin);
    this.release(lanes, property);
    property.follow(work, lanes, ended);
  }

  /**
   * An operation that is over in a moment: tracking on, a sync. Clients send several at once, and the next one on its
   * lanes must wait for it; by itself, the lane would let the same holder supersede it.
   */
  brief(property: AnyProperty, lanes: readonly string[], begin: () => Work): void {
    const brief = { lanes, work: this.#inTurn(lanes, begin) };
    this.#briefs.add(brief);
    const over = () => void this.#briefs.delete(brief);
    brief.work.outcome.then(over, over);
    property.follow(brief.work, []);
  }

  /** The client stops what is on these lanes: no failure, and nothing that waits for its turn begins. */
  stop(lanes: readonly string[]): void {
    this.#stops++;
    this.release(lanes);
  }

  /** What is in progress on these lanes is superseded by the client itself: no failure. */
  release(lanes: readonly string[], except?: AnyProperty): void {
    for (const property of this.#properties.values()) {
      if (property !== except && property.lanes.some((lane) => lanes.includes(lane))) property.release();
    }
  }

  /** The device is lost: its properties stay, in Alert, and follow their cells no longer. */
  lose(): void {
    this.#unwatch();
    for (const property of this.#properties.values()) property.lose();
  }

  close(): void {
    this.#unwatch();
    this.#live = false;
  }

  #inTurn(lanes: readonly string[], begin: () => Work): Work {
    const before = [...this.#briefs].filter((brief) => brief.lanes.some((lane) => lanes.includes(lane)));
    if (before.length === 0) return begin();
    const stops = this.#stops;
    const turn = Promise.allSettled(before.map(({ work }) => work.outcome));
    const outcome = turn.then(() => {
      if (stops !== this.#stops) throw new Stopped('user', 'before it began');
      return begin().outcome;
    });
    return { outcome };
  }

  #unwatch(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #add<K extends Kind, N extends string>(
    kind: K,
    name: string,
    label: string,
    group: string,
    elements: Record<N, { label: string; range?: Range }>,
    initial: Values<K, N>,
    { perm = 'ro', kept }: Options,
    rule?: SwitchRule,
  ): Property<K, N> {
    const shape = { kind, name, label, group, perm, ...(rule && { rule }), elements };
    const before = kept && this.#previous.get(name);
    const values = before && sameShape(before.shape, shape) ? (before.values as Values<K, N>) : initial;
    const property = new Property<K, N>(this.device, shape, values, this.#publish);
    this.#properties.set(name, property);
    return property;
  }
}

/** Whether clients that know the one need no new definition for the other. */
export const sameShape = (a: AnyProperty['shape'], b: AnyProperty['shape']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function labelled<N extends string>(labels: Record<N, string>): Record<N, { label: string }> {
  const entries = Object.entries<string>(labels).map(([name, label]) => [name, { label }]);
  return Object.fromEntries(entries) as Record<N, { label: string }>;
}

/** Switches of which one is On, or none. */
export function only<N extends string>(
  elements: Readonly<Record<N, unknown>>,
  on: NoInfer<N> | undefined,
): Values<'switch', N> {
  return Object.fromEntries(Object.keys(elements).map((name) => [name, name === on])) as Values<'switch', N>;
}

/** The one that is On. */
export function chosen<N extends string>(values: Readonly<Record<N, ValueOf['switch']>>): N | undefined {
  return (Object.keys(values) as N[]).find((name) => values[name]);
}
