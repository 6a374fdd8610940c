import { type Cell, cell } from '../../core/cell.ts';
import type { Blob, Kind, NewVector, SetVector, State, ValueOf } from '../message.ts';
import type { Seen } from '../mirror.ts';
import { type Declared, definitionOf, valuesOf } from './declared.ts';
import type { BlobListener, Hosted } from './hosted.ts';

export { blobs, lights, numbers, switches, texts } from './declared.ts';

/** A device of another program, as data: what it says is told by the test, what it is told is recorded. */
export class FakeHosted implements Hosted {
  readonly device: string;
  readonly alive = cell(true);
  readonly said = cell<string | undefined>(undefined);
  /** Every command, oldest first. */
  readonly sent: { name: string; values: Readonly<Record<string, ValueOf[Kind]>> }[] = [];
  /** What the device does about a command; called after it was recorded. */
  react: (name: string, values: Readonly<Record<string, ValueOf[Kind]>>) => void = () => {};
  readonly #asked = new Map<string, string>();
  readonly #names = cell<readonly string[]>([]);
  readonly #seen = new Map<string, Seen>();
  readonly #listeners = new Map<string, Set<(seen: Seen | undefined, update?: SetVector) => void>>();
  readonly #blobListeners = new Map<string, Set<BlobListener>>();

  constructor(device: string, declared: readonly Declared[] = []) {
    this.device = device;
    for (const each of declared) this.def(each);
  }

  get names(): Cell<readonly string[]> {
    return this.#names;
  }

  /** Watches in force, to see that none is forgotten. */
  get watches(): number {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  property(name: string): Seen | undefined {
    return this.#seen.get(name);
  }

  watch(name: string, listener: (seen: Seen | undefined, update?: SetVector) => void): () => void {
    return listen(this.#listeners, name, listener);
  }

  watchBlobs(name: string, listener: BlobListener): () => void {
    return listen(this.#blobListeners, name, listener);
  }

  asked(property: string): string | undefined {
    return this.#asked.get(property);
  }

  send(command: NewVector): void {
    const values = Object.fromEntries(command.elements.map(({ name, value }) => [name, value]));
    this.sent.push({ name: command.name, values });
    if (command.kind === 'switch') {
      this.#asked.set(command.name, Object.keys(values).find((name) => values[name] === true) ?? '');
    }
    this.react(command.name, values);
  }

  /** Defines a property, or defines it anew. */
  def(declared: Declared): void {
    const { kind, name, state = 'Idle' } = declared;
    const definition = definitionOf(this.device, declared);
    this.#seen.set(name, { kind, state, values: valuesOf(declared), definition });
    if (!this.#names.value.includes(name)) this.#names.set([...this.#names.value, name]);
    this.#tell(name);
  }

  /** Updates a property. */
  set(
    name: string,
    state: State,
    values: Readonly<Record<string, ValueOf[Kind]>> = {},
    message?: string,
  ): void {
    const seen = this.#seen.get(name);
    if (!seen) throw new Error(`${name} is not defined`);
    this.#seen.set(name, { ...seen, state, values: { ...seen.values, ...values } });
    const elements = Object.entries(values).map(([name, value]) => ({ name, value }));
    const { kind } = seen;
    const update = { type: 'set', kind, device: this.device, name, state, elements };
    this.#tell(name, { ...update, ...(message !== undefined && { message }) } as SetVector);
  }

  del(...names: string[]): void {
    for (const name of names) {
      this.#seen.delete(name);
      this.#names.set(this.#names.value.filter((other) => other !== name));
      this.#tell(name);
    }
  }

  /** Says an image. Its bytes are overwritten as soon as nobody holds it. */
  blob(name: string, blob: Blob): void {
    const bytes = new Uint8Array(blob.bytes);
    let users = 0;
    const hold = () => {
      users++;
      return () => void (--users === 0 && bytes.fill(0xee));
    };
    const letGo = hold();
    for (const listener of this.#blobListeners.get(name) ?? []) listener({ ...blob, bytes }, hold);
    letGo();
  }

  #tell(name: string, update?: SetVector): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(this.#seen.get(name), update);
  }
}

function listen<L>(listeners: Map<string, Set<L>>, name: string, listener: L): () => void {
  const known = listeners.get(name) ?? new Set();
  listeners.set(name, known.add(listener));
  return () => void known.delete(listener);
}
