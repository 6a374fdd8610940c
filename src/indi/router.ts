import type { Clock } from '../core/clock.ts';
import { isoUtc } from '../core/clock.ts';
import type { Interest } from './interest.ts';
import type { Blob, DefVector, GetProperties, Message, NewVector, SetVector } from './message.ts';
import type { Parcel } from './outbox.ts';
import { blobTag, closing, opening, print } from './print.ts';
import type { Origin } from './property.ts';
import { Rounds } from './rounds.ts';

/** Whose properties they are: one of our devices; a foreign driver. */
export interface Owner {
  /** The device's name among INDI clients. */
  readonly device: string;
  /** From our own copy, in the order in which clients are to learn them. */
  definitions(name?: string): readonly DefVector[];
  receive(command: NewVector, origin: Origin): void;
}

/** A client, as far as the router knows it. */
export interface Listener extends Origin {
  readonly interest: Interest;
  send(text: Buffer): void;
  sendBlob(parcel: Parcel): void;
}

const heldByNobody = (): (() => void) => () => {};

/** Between owners and clients: who hears what, printed once for all of them. */
export class Router {
  /** In which its listeners are served. */
  readonly rounds: Rounds;
  readonly #clock: Clock;
  readonly #owners = new Map<string, Owner>();
  readonly #listeners = new Set<Listener>();
  #speaker: Listener | undefined;

  /** The time of the second in which it was last needed: thousands of messages share it. */
  #stamp = { second: Number.NaN, text: '' };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.rounds = new Rounds(clock);
  }

  /** Who spoke last: the next news may be its answer. */
  get speaker(): Listener | undefined {
    return this.#speaker;
  }

  /** Its definitions go to those who asked for it before. */
  add(owner: Owner): void {
    this.#owners.set(owner.device, owner);
    for (const definition of owner.definitions()) this.publish(definition);
  }

  /** The owner is gone for good, with all its properties. */
  remove(owner: Owner): void {
    if (this.#owners.get(owner.device) !== owner) return;
    this.#owners.delete(owner.device);
    this.publish({ type: 'delProperty', device: owner.device });
  }

  join(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#speaker === listener) this.#speaker = undefined;
    };
  }

  /** @param hold keeps a BLOB's bytes until the returned function is called; it is asked once for each client */
  publish(message: Message, hold = heldByNobody, except?: Listener): void {
    if (message.type === 'set' && message.kind === 'blob') {
      this.#publishBlob(message, hold);
      return;
    }
    const device = 'device' in message ? message.device : undefined;
    const name = 'name' in message ? message.name : undefined;
    let text: Buffer | undefined;
    for (const listener of this.#listeners) {
      if (listener === except || !listener.interest.wants(device, name)) continue;
      text ??= this.printed(message);
      listener.send(text);
    }
  }

  printed(message: Message): Buffer {
    return Buffer.from(print(message, this.#timestamp()));
  }

  receive(message: Message, from: Listener): void {
    this.#speaker = from;
    switch (message.type) {
      case 'getProperties':
        this.#answer(message, from);
        break;
      case 'enableBLOB':
        from.interest.enable(message);
        break;
      case 'pingRequest':
        from.send(this.printed({ type: 'pingReply', uid: message.uid }));
        break;
      case 'new':
        this.#command(message, from);
        break;
      // Clients own no properties: what they define or update is nobody's business here.
    }
  }

  #answer(asked: GetProperties, from: Listener): void {
    // A later protocol, or none at all, is not ours to answer.
    if (!(Number.parseFloat(asked.version) <= 1.7)) return;
    from.interest.ask(asked);
    const { device, name } = asked;
    for (const owner of this.#owners.values()) {
      if (device !== undefined && device !== '*' && device !== owner.device) continue;
      for (const definition of owner.definitions(name)) from.send(this.printed(definition));
    }
  }

  #command(command: NewVector, from: Listener): void {
    const owner = this.#owners.get(command.device);
    if (!owner) {
      from.tell(`there is no device "${command.device}"`);
      return;
    }
    if (command.kind !== 'blob') this.publish(command, undefined, from);
    owner.receive(command, from);
  }

  /** Each element goes in a vector of its own: a client may miss one that is superseded, and get the others. */
  #publishBlob(vector: SetVector<'blob'>, hold: () => () => void): void {
    const { device, name, elements } = vector;
    const takers = [...this.#listeners].filter(({ interest }) => interest.wantsBlob(device, name));
    if (takers.length === 0) return;
    const stamp = this.#timestamp();
    if (elements.length === 0) {
      const text = this.printed(vector);
      for (const listener of takers) listener.send(text);
    }
    for (const element of elements) {
      const { bytes, format } = element.value;
      const parcel = {
        property: `${device}\u0000${name}\u0000${element.name}`,
        head: opening(vector, stamp) + blobOpening(element.name, element.value),
        tail: `</oneBLOB>${closing(vector)}`,
        bytes,
        live: format.startsWith('.stream'),
      };
      for (const listener of takers) listener.sendBlob({ ...parcel, done: hold() });
    }
  }

  #timestamp(): string {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#stamp.second) this.#stamp = { second, text: isoUtc(second * 1000).slice(0, 19) };
    return this.#stamp.text;
  }
}

const blobOpening = (name: string, { size, format }: Blob): string => blobTag(name, size, format);
