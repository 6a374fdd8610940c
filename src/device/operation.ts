import { Fault } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import type { Control } from './camera.ts';

/** Something a capability can be asked to do, as data. */
export interface Operation<C, A, R = void> {
  lanes(args: A): readonly string[];
  perform(capability: C, args: A, run: Run): Promise<R>;
  /** A stop ends what holds the lanes and then speaks to the device; it passes always, from anyone. */
  stops?: true;
}

export function operation<C, A, R>(
  lanes: readonly string[] | ((args: A) => readonly string[]),
  perform: (capability: C, args: A, run: Run) => Promise<R>,
): Operation<C, A, R> {
  return { lanes: typeof lanes === 'function' ? lanes : () => lanes, perform };
}

export function stop<C>(
  lanes: readonly string[],
  perform: (capability: C) => Promise<void>,
): Operation<C, object> {
  return { lanes: () => lanes, perform, stops: true };
}

/** @throws Fault `unsupported` */
export function able<T>(member: T | undefined, what: string): T {
  if (member === undefined) throw new Fault('unsupported', `this device cannot ${what}`);
  return member;
}

export const within = (value: number, min: number, max: number, what: string) => {
  if (!(value >= min && value <= max))
    throw new Fault('refused', `${what} ${value} is outside ${min}…${max}`);
};

export const control = <N extends string>(name: N) =>
  operation<{ readonly [P in N]?: Control }, { value: number }, void>([], async (owner, { value }, run) => {
    const target: Control = able<Control>(owner[name], `set ${name}`);
    within(value, target.min, target.max, name);
    await target.set(value, run);
  });

/** @throws Fault `refused` for an id that is not there */
export function named<T extends { readonly id: string }>(members: readonly T[], id: string): T {
  const member = members.find((each) => each.id === id);
  if (member) return member;
  const known = members.map((each) => each.id).join(', ') || 'none';
  throw new Fault('refused', `there is no "${id}" among: ${known}`);
}

/** Sets one of several outputs; each is a lane of its own. */
export const output = <C, A extends { id: string }, M extends { readonly id: string }>(
  lane: string,
  members: (capability: C) => readonly M[],
  perform: (member: M, args: A, run: Run) => Promise<void>,
) =>
  operation<C, A, void>(
    ({ id }) => [`${lane}/${id}`],
    async (capability, args, run) => perform(named(members(capability), args.id), args, run),
  );
