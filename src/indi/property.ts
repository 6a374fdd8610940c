import { asked, type Shape, type Values } from './asked.ts';
import type { Definition, DefVector, Kind, NewVector, One, SetVector, State } from './message.ts';

export type { Shape, Values } from './asked.ts';

/** The client a command came from. */
export interface Origin {
  /** Aborted when its connection is closed or dead. */
  readonly gone: AbortSignal;
  /** A message to this client alone. */
  tell(text: string, device?: string): void;
  /**
   * While a client holds something in motion, its connection is dropped after 3 s without an acknowledgement.
   * @param stir says something to it, so that there is something to acknowledge
   */
  watchClosely(stir: () => void): () => void;
}

/** @param hold keeps what the message shows (the pixels of a BLOB) until the returned function is called */
export type Publish = (message: SetVector, hold?: () => () => void) => void;

/** What a property follows: a Run, or any work with an outcome. */
export interface Work {
  readonly outcome: Promise<unknown>;
}

/** What a command does. It throws (Fault, BadInput) what it will not do. @param given the elements the client named */
export type Write<K extends Kind, N extends string> = (
  values: Values<K, N>,
  given: ReadonlySet<N>,
  origin: Origin,
) => void;

/** A property of any kind, as its owner and the router hold it. */
export type AnyProperty = Pick<
  Property<Kind, string>,
  | 'name'
  | 'kind'
  | 'shape'
  | 'state'
  | 'values'
  | 'definition'
  | 'receive'
  | 'release'
  | 'follow'
  | 'lanes'
  | 'lose'
  | 'publish'
>;

/**
 * One vector. Its state is Busy while the Run it follows is in progress, Alert after one that failed, else what its
 * cells say. Every change of value or state is published, every command answered.
 */
export class Property<K extends Kind, N extends string> {
  readonly shape: Shape<K, N>;
  readonly device: string;
  readonly #publish: Publish;
  #write: Write<K, N> | undefined;
  #values: Values<K, N>;
  #base: State = 'Idle';
  #work: { lanes: readonly string[]; ended: () => void } | undefined;
  #failed = false;
  #lost = false;
  /** Counts what was published, to see whether a command was answered. */
  #published = 0;

  constructor(device: string, shape: Shape<K, N>, initial: Values<K, N>, publish: Publish) {
    this.device = device;
    this.shape = shape;
    this.#values = initial;
    this.#publish = publish;
  }

  get name(): string {
    return this.shape.name;
  }

  get kind(): K {
    return this.shape.kind;
  }

  get values(): Values<K, N> {
    return this.#values;
  }

  get state(): State {
    if (this.#lost) return 'Alert';
    if (this.#work) return 'Busy';
    return this.#failed ? 'Alert' : this.#base;
  }

  /** What the work in progress holds. */
  get lanes(): readonly string[] {
    return this.#work?.lanes ?? [];
  }

  get names(): readonly N[] {
    return Object.keys(this.shape.elements) as N[];
  }

  onWrite(write: Write<K, N>): this {
    this.#write = write;
    return this;
  }

  /** What the cells say now. @param state without work and failure; default: unchanged */
  show(values: Partial<Values<K, N>>, state: State = this.#base): void {
    const before = this.state;
    const changed = this.#take(values);
    this.#base = state;
    if (changed || before !== this.state) this.publish();
  }

  /** Takes values over without telling anybody: for those that change with every second. */
  keep(values: Partial<Values<K, N>>): void {
    this.#take(values);
  }

  /** Busy until the Run ends, then Alert with its words when it failed. @param ended runs before that is published */
  follow({ outcome }: Work, lanes: readonly string[], ended: () => void = () => {}): void {
    const work = { lanes, ended };
    this.#work = work;
    this.#failed = false;
    this.publish();
    const end = (error?: unknown) => {
      if (this.#work !== work) return;
      this.#work = undefined;
      this.#failed = error !== undefined;
      const published = this.#published;
      ended();
      if (error !== undefined || published === this.#published) this.publish(wordsOf(error));
    };
    outcome.then(() => end(), end);
  }

  /** Forgets the Run it follows: whoever stopped it, or began something else on its lanes, knows. */
  release(): void {
    const work = this.#work;
    if (!work) return;
    this.#work = undefined;
    const published = this.#published;
    work.ended();
    if (published === this.#published) this.publish();
  }

  /** A new beginning: neither work nor failure count any more. */
  settle(values: Partial<Values<K, N>>, state: State, message?: string): void {
    this.#work = undefined;
    this.#failed = false;
    this.#take(values);
    this.#base = state;
    this.publish(message);
  }

  /** Alert with the reason, until the next command. */
  fail(error: unknown): void {
    this.#failed = true;
    this.publish(wordsOf(error));
  }

  /** The device is gone: the property stays, its state is Alert. */
  lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.publish();
  }

  publish(message?: string): void {
    this.#send(this.#values, this.state, message);
  }

  /** Says values once and does not keep them: an image belongs to whoever holds it. */
  pass(values: Values<K, N>, hold: () => () => void): void {
    this.#send(values, 'Ok', undefined, hold);
  }

  definition(): DefVector {
    const { kind, name, label, group, perm, rule } = this.shape;
    const elements = this.names.map((name) => ({
      name,
      ...this.shape.elements[name],
      value: this.#values[name],
    })) as Definition<K>[];
    return {
      ...{ type: 'def', kind, device: this.device, name, label, group, state: this.state, perm },
      ...(rule && { rule }),
      timeout: 60,
      elements,
    } as DefVector;
  }

  /** Performs a command; whatever comes of it is answered by an update. */
  receive(command: NewVector, origin: Origin): void {
    const { perm, kind } = this.shape;
    if (perm === 'ro' || !this.#write || command.kind !== kind) {
      const wrong = command.kind === kind ? 'read only' : `a ${kind} vector`;
      origin.tell(`${this.name} is ${wrong}`, this.device);
      return;
    }
    const published = this.#published;
    try {
      const { values, given } = asked(this.shape, this.#values, command);
      this.#failed = false;
      this.#write(values, given, origin);
      if (published === this.#published) this.publish();
    } catch (error) {
      this.fail(error);
    }
  }

  #send(values: Values<K, N>, state: State, message?: string, hold?: () => () => void): void {
    this.#published++;
    const elements = this.names.map((name) => ({ name, value: values[name] })) as One<K>[];
    const { kind, name } = this.shape;
    const update = { type: 'set', kind, device: this.device, name, state, elements };
    this.#publish({ ...update, ...(message !== undefined && { message }) } as SetVector, hold);
  }

  #take(values: Partial<Values<K, N>>): boolean {
    const changed = this.names.some((name) => name in values && !Object.is(values[name], this.#values[name]));
    if (changed) this.#values = { ...this.#values, ...values };
    return changed;
  }
}

function wordsOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof Error ? error.message : String(error);
}
