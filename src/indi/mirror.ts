import type { Blob, DefVector, Kind, Message, State, ValueOf } from './message.ts';

/** What is known of one property. */
export interface Seen {
  kind: Kind;
  state: State;
  values: Record<string, ValueOf[Kind]>;
  definition: DefVector;
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
        const seen = this.#seen.get(`${message.device}.${message.name}`);
        if (message.kind === 'blob') this.#takeBlob(message.elements[0]?.value);
        else if (seen) for (const { name, value } of message.elements) seen.values[name] = value;
        if (seen && message.state) seen.state = message.state;
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
