import type { Blob, DefVector, Kind, Message, SetVector, State, ValueOf } from './message.ts';

/** What is known of one property. */
export interface Seen {
  kind: Kind;
  state: State;
  values: Record<string, ValueOf[Kind]>;
  definition: DefVector;
}

/** A property after an update, which may name some of its elements, and change their ranges; images are not kept. */
export function updated(seen: Seen, update: SetVector): Seen {
  const state = update.state ?? seen.state;
  if (update.kind === 'blob') return { ...seen, state };
  const values = { ...seen.values };
  for (const { name, value } of update.elements) values[name] = value;
  const definition = reranged(seen.definition, update);
  return { ...seen, state, values, definition };
}

function reranged(definition: DefVector, update: SetVector): DefVector {
  if (definition.kind !== 'number' || update.kind !== 'number') return definition;
  const changes = new Map(update.elements.flatMap(({ name, range }) => (range ? [[name, range]] : [])));
  if (changes.size === 0) return definition;
  const elements = definition.elements.map((element) => {
    const change = changes.get(element.name);
    return change && element.range ? { ...element, range: { ...element.range, ...change } } : element;
  });
  return { ...definition, elements };
}

/** What the other side has said: its properties as they are now, and a count of what came. */
export class Mirror {
  readonly #seen = new Map<string, Seen>();
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #texts: string[] = [];
  #updates = 0;
  #blobs = 0;
  #blobBytes = 0;
  #lastBlob: Blob | undefined;

  /** Texts of `message` elements and of message attributes. */
  get messages(): readonly string[] {
    return this.#texts;
  }

  get updates(): number {
    return this.#updates;
  }

  get blobs(): number {
    return this.#blobs;
  }

  /** Decoded. */
  get blobBytes(): number {
    return this.#blobBytes;
  }

  get lastBlob(): Blob | undefined {
    return this.#lastBlob;
  }

  /** `device.property` of everything defined, in order of arrival. */
  get names(): readonly string[] {
    return [...this.#seen.keys()];
  }

  property(device: string, name: string): Seen | undefined {
    return this.#seen.get(`${device}.${name}`);
  }

  /** Every message from now on; returns the end of it. */
  watch(listener: (message: Message) => void): () => void {
    const own = (message: Message) => listener(message);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  note(text: string): void {
    this.#texts.push(text);
  }

  take(message: Message): void {
    switch (message.type) {
      case 'def': {
        const { device, name, kind, state } = message;
        const values = Object.fromEntries(message.elements.map((element) => [element.name, element.value]));
        this.#seen.set(`${device}.${name}`, { kind, state, values, definition: message });
        break;
      }
      case 'set': {
        this.#updates++;
        const key = `${message.device}.${message.name}`;
        const seen = this.#seen.get(key);
        if (message.kind === 'blob') this.#takeBlob(message.elements[0]?.value);
        if (seen) this.#seen.set(key, updated(seen, message));
        if (message.message) this.note(message.message);
        break;
      }
      case 'delProperty':
        for (const key of this.names) {
          const own = message.name === undefined && key.startsWith(`${message.device}.`);
          if (own || key === `${message.device}.${message.name}`) this.#seen.delete(key);
        }
        break;
      case 'message':
        this.note(message.text);
        break;
    }
    for (const listener of [...this.#listeners]) listener(message);
  }

  #takeBlob(blob: Blob | undefined): void {
    if (!blob) return;
    this.#blobs++;
    this.#blobBytes += blob.bytes.length;
    this.#lastBlob = blob;
  }
}
