import { type Cell, cell, derived, when } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { NewVector, Range, SetVector, State } from '../message.ts';
import type { Seen } from '../mirror.ts';
import type { Hosted } from './hosted.ts';

/**
 * What a property says, as a cell; it keeps its last value when the property goes.
 * @param read undefined: this message says nothing of it
 */
export function elementCell<T>(
  hosted: Hosted,
  property: string,
  initial: T,
  read: (seen: Seen) => T | undefined,
): Cell<T> {
  const now = () => {
    const seen = hosted.property(property);
    return seen && read(seen);
  };
  const own = cell<T>(now() ?? initial);
  hosted.watch(property, (seen) => {
    const next = seen && read(seen);
    if (next !== undefined) own.set(next);
  });
  return own;
}

/** Undefined before the element was ever defined. */
export function numberCell(hosted: Hosted, property: string, element: string): Cell<number | undefined>;
export function numberCell(hosted: Hosted, property: string, element: string, initial: number): Cell<number>;
export function numberCell(hosted: Hosted, property: string, element: string, initial?: number) {
  return elementCell<number | undefined>(hosted, property, initial, (seen) => numberIn(seen, element));
}

export const switchCell = (hosted: Hosted, property: string, element: string): Cell<boolean> =>
  elementCell(hosted, property, false, (seen) => seen.values[element] === true);

export const textCell = (hosted: Hosted, property: string, element: string, initial = ''): Cell<string> =>
  elementCell(hosted, property, initial, (seen) => textIn(seen, element));

/** The state of a vector; Idle before it was ever defined. */
export const stateCell = (hosted: Hosted, property: string): Cell<State> =>
  elementCell<State>(hosted, property, 'Idle', ({ state }) => state);

/** The name of the switch that is On (the first of them); undefined: none is. */
export function chosenCell(hosted: Hosted, property: string): Cell<string | undefined> {
  const own = cell(chosenIn(hosted.property(property)));
  hosted.watch(property, (seen) => seen && own.set(chosenIn(seen)));
  return own;
}

export const chosenIn = (seen: Seen | undefined): string | undefined =>
  seen && Object.keys(seen.values).find((name) => seen.values[name] === true);

export function textIn(seen: Seen | undefined, element: string): string | undefined {
  const value = seen?.values[element];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(seen: Seen | undefined, element: string): number | undefined {
  const value = seen?.values[element];
  return typeof value === 'number' ? value : undefined;
}

/** Whether the property is there now, and (if one is named) its element. */
export function has(hosted: Hosted, property: string, element?: string): boolean {
  const seen = hosted.property(property);
  return seen !== undefined && (element === undefined || Object.hasOwn(seen.values, element));
}

export function writable(hosted: Hosted, property: string): boolean {
  const seen = hosted.property(property);
  return seen !== undefined && seen.kind !== 'light' && seen.definition.perm !== 'ro';
}

/** The range of a number, as last defined. */
export const rangeOf = (hosted: Hosted, property: string, element: string): Range | undefined =>
  hosted.property(property)?.definition.elements.find(({ name }) => name === element)?.range;

/** The label of an element, else its name. */
export const labelOf = (hosted: Hosted, property: string, element: string): string =>
  hosted.property(property)?.definition.elements.find(({ name }) => name === element)?.label || element;

export type CommandValues = Readonly<Record<string, number | boolean | string>>;

export interface CommandOptions {
  /** To the first answer. Default 10 s. */
  answerMs?: number;
  /** From the first answer on, while it is in progress. Default 10 min. */
  timeoutMs?: number;
  /** What counts as over. Default: no longer Busy; some properties remain Busy for as long as they are On. */
  over?: (seen: Seen) => boolean;
  /**
   * Tells the answer from a routine report of the old state, for properties that report on their own: asked of what
   * is over and has not been in progress since the command. Default: any report is the answer.
   */
  answered?: (seen: Seen) => boolean;
  /** Ends the motion of a stopped run. Without it a stopped run rejects at once. */
  halt?: () => void;
}

/** How long a halted property may remain Busy before the stop counts as done. */
const HALT_MS = 5000;
const notBusy = ({ state }: Seen) => state !== 'Busy';

/**
 * Sends a command and waits for its end: resolves when the property has answered and left Busy; a stopped run rejects
 * with its reason once `halt` was sent and the property has come to rest.
 * @throws Fault `gone` (no such property now, program ended), `refused` (Alert, with the device's words), `silent`
 */
export async function command(
  hosted: Hosted,
  property: string,
  values: CommandValues,
  run: Run,
  options: CommandOptions = {},
): Promise<void> {
  run.signal.throwIfAborted();
  // However the halt was answered, the run was stopped.
  await answer(hosted, property, values, run, options).catch((fault) => {
    run.signal.throwIfAborted();
    throw fault;
  });
  run.signal.throwIfAborted();
}

function answer(
  hosted: Hosted,
  property: string,
  values: CommandValues,
  { clock, signal }: Run,
  { answerMs = 10_000, timeoutMs = 600_000, over = notBusy, answered = () => true, halt }: CommandOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const silent = (what: string) => () =>
      finish(new Fault('silent', `${hosted.device}: ${property} ${what}`));
    let cancel = clock.after(answerMs, silent('was not answered'));
    const wait = (milliseconds: number, what: string) => {
      cancel();
      cancel = clock.after(milliseconds, silent(what));
    };
    const hear = (seen: Seen | undefined, update?: SetVector) => {
      if (!hosted.alive.value || !seen) finish(gone(hosted, property));
      else if (seen.state === 'Alert') finish(refusal(hosted, property, update?.message));
      else if (over(seen)) {
        if (begun || signal.aborted || answered(seen)) finish();
      } else if (!begun) {
        begun = true;
        if (!signal.aborted) wait(timeoutMs, `is busy for more than ${timeoutMs / 1000} s`);
      }
    };
    const stop = () => {
      if (!halt) return finish();
      wait(HALT_MS, 'is busy after the halt');
      attempt(halt);
    };
    const ends = [
      hosted.watch(property, hear),
      hosted.alive.watch((alive) => alive || finish(gone(hosted, property))),
      () => signal.removeEventListener('abort', stop),
      () => cancel(),
    ];
    signal.addEventListener('abort', stop, { once: true });
    attempt(() => send(hosted, property, values));

    function attempt(what: () => void) {
      try {
        what();
      } catch (error) {
        finish(asError(error));
      }
    }
    function finish(error?: Error) {
      for (const end of ends) end();
      if (error) reject(error);
      else resolve();
    }
  });
}

/**
 * Some say that they have arrived before they say where they are (MoonLite's driver: with its next poll): waits for
 * the value that is meant, no longer than such a driver takes.
 */
export async function caughtUp<T>(
  hosted: Hosted,
  value: Cell<T>,
  meant: (value: T) => boolean,
  run: Run,
): Promise<void> {
  const period = numberIn(hosted.property('POLLING_PERIOD'), 'PERIOD_MS') ?? 1000;
  const late = new AbortController();
  const cancel = run.clock.after(Math.min(1.5 * period + 200, 5000), () => late.abort());
  await when(value, meant, AbortSignal.any([run.signal, late.signal])).catch(() => undefined);
  cancel();
  run.signal.throwIfAborted();
}

/** Sends a stop and waits for its answer, which some programs never give: no longer than 2 s. @throws Fault `gone` */
export function halt(hosted: Hosted, clock: Clock, property: string, element = 'ABORT'): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      cancel();
      end();
      resolve();
    };
    const cancel = clock.after(2000, finish);
    const end = hosted.watch(property, finish);
    try {
      send(hosted, property, { [element]: true });
    } catch (error) {
      finish();
      reject(error);
    }
  });
}

/** Says it and does not wait: for a halt, and for what is never answered. @throws Fault `gone` */
export function send(hosted: Hosted, property: string, values: CommandValues): void {
  const seen = hosted.property(property);
  if (!seen || !hosted.alive.value) throw gone(hosted, property);
  const elements = Object.entries(values).map(([name, value]) => ({ name, value }));
  hosted.send({ type: 'new', kind: seen.kind, device: hosted.device, name: property, elements } as NewVector);
}

/** One switch of a OneOfMany (AtMostOne), the others Off: some drivers want to be told of all. */
export function choose(hosted: Hosted, property: string, element: string): CommandValues {
  const names = Object.keys(hosted.property(property)?.values ?? { [element]: false });
  return Object.fromEntries(names.map((name) => [name, name === element]));
}

const gone = (hosted: Hosted, property: string) =>
  new Fault(
    'gone',
    hosted.alive.value ? `${hosted.device} has no ${property} now` : `${hosted.device} is gone`,
  );

/** libindi says why in a message of its own just before the Alert, other programs in the update. */
function refusal(hosted: Hosted, property: string, message = hosted.said?.value): Fault {
  const words = message?.replace(/^\[\w+\]\s*/, '') || `${property} failed`;
  return new Fault('refused', `${hosted.device}: ${words}`);
}

/** What the owner calls one of several outputs: the text whose element ends in its number or letter. */
export function labelCell(hosted: Hosted, property: string, key: string, initial: string): Cell<string> {
  const texts = Object.keys(hosted.property(property)?.values ?? {});
  const element = texts.find((name) => name === key || name.endsWith(`_${key}`));
  if (element === undefined) return cell(initial);
  const said = textCell(hosted, property, element);
  return derived([said], () => said.value || initial);
}

/** `WIND_SPEED` → `wind-speed`. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'unnamed';
