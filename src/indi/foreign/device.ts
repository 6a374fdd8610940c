import { type Cell, cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { BlobListener, Hosted } from '../adopt/hosted.ts';
import type { DefVector, DelProperty, Message, NewVector, Notice, SetVector } from '../message.ts';
import { type Seen, updated } from '../mirror.ts';
import type { Origin } from '../property.ts';
import type { Owner } from '../router.ts';
import { Restoration } from './restoration.ts';
import { asDefined, asUpdate, sameContent, sameShape, seenIn } from './shape.ts';
import { Watchers } from './watchers.ts';

/** What a client's command meets before it goes on. */
export type Receive = (command: NewVector, origin: Origin) => void;

export interface ForeignParts {
  clock: Clock;
  /** To its program; false: that does not run. */
  say(message: Message): boolean;
  /** To the clients, and to the snooping programs but its own. */
  publish(message: Message, hold?: () => () => void): void;
  /** Keeps an image's bytes from becoming another's, for each user until it calls back. */
  holder(shown: readonly Uint8Array[]): () => () => void;
}

type Listener = (seen: Seen | undefined, update?: SetVector) => void;

/** After so long in a new life, what was not defined again is gone. */
const STALE_MS = 10_000;
/** A device with more has gone mad. */
const MOST_PROPERTIES = 2000;

/**
 * One INDI device of a program. What it says goes to clients as it is; while its program is down its properties stay,
 * in Alert, and a new life of the program updates them: nobody sees the device vanish. A device that was connected
 * when its program died counts, for clients, as connected and in trouble until it is connected again.
 */
export class ForeignDevice implements Owner, Hosted {
  readonly device: string;
  readonly #parts: ForeignParts;
  readonly #seen = new Map<string, Seen>();
  /** Of an earlier life, not defined by the present one. */
  readonly #stale = new Set<string>();
  readonly #alive = cell(false);
  readonly #names = cell<readonly string[]>([]);
  readonly #connected = cell(false);
  readonly #said = cell<string | undefined>(undefined);
  readonly #disconnectAsked = cell(false);
  readonly #asked = new Map<string, string>();
  readonly #watchers = new Watchers<Parameters<Listener>>();
  readonly #imageWatchers = new Watchers<Parameters<BlobListener>>();
  readonly #restoration: Restoration;
  #receive: Receive = (command) => this.forward(command);
  #recovering = false;
  #cancelStale = () => {};

  constructor(device: string, parts: ForeignParts) {
    this.device = device;
    this.#parts = parts;
    this.#restoration = new Restoration({
      ...parts,
      present: () => [...this.#seen].flatMap(([name, seen]) => (this.#stale.has(name) ? [] : [seen])),
    });
  }

  get alive(): Cell<boolean> {
    return this.#alive;
  }

  get names(): Cell<readonly string[]> {
    return this.#names;
  }

  /** CONNECTION says so, or it has none and is alive. */
  get connected(): Cell<boolean> {
    return this.#connected;
  }

  /** Its definitions have come to rest, and what was set before is set again. */
  get settled(): Cell<boolean> {
    return this.#restoration.settled;
  }

  get said(): Cell<string | undefined> {
    return this.#said;
  }

  /** A client wants it to be disconnected; until somebody connects it. */
  get disconnectAsked(): Cell<boolean> {
    return this.#disconnectAsked;
  }

  property(name: string): Seen | undefined {
    return this.#seen.get(name);
  }

  asked(property: string): string | undefined {
    return this.#asked.get(property);
  }

  watch(name: string, listener: Listener): () => void {
    return this.#watchers.add(name, listener);
  }

  watchBlobs(name: string, listener: BlobListener): () => void {
    return this.#imageWatchers.add(name, listener);
  }

  definitions(name?: string): readonly DefVector[] {
    const all = name === undefined ? [...this.#seen.values()] : [this.#seen.get(name)];
    return all.flatMap((seen) => (seen ? [asDefined(this.#shown(seen))] : []));
  }

  receive(command: NewVector, origin: Origin): void {
    if (this.#seen.has(command.name)) this.#receive(command, origin);
    else origin.tell(`there is no property ${command.name}`, this.device);
  }

  /** From now on, clients' commands meet this. Until then all pass. */
  onCommand(receive: Receive): void {
    this.#receive = receive;
  }

  /** The device as those use it who act for clients: what they send is a client's command that may pass. */
  forClients(): Hosted {
    const { device, alive, names, said } = this;
    return {
      ...{ device, alive, names, said },
      property: (name) => this.property(name),
      asked: (name) => this.asked(name),
      watch: (name, listener) => this.watch(name, listener),
      watchBlobs: (name, listener) => this.watchBlobs(name, listener),
      send: (command) => this.forward(command),
    };
  }

  /** A client's command that may pass. */
  forward(command: NewVector): void {
    if (command.name === 'CONNECTION') this.#wish(command);
    const seen = this.#seen.get(command.name);
    if (this.#alive.value) this.send(command);
    else if (seen) {
      const update = asUpdate({ ...this.#shown(seen), state: 'Alert' });
      this.#parts.publish({ ...update, message: `${this.device} is not running` });
    }
  }

  send(command: NewVector): void {
    const seen = this.#seen.get(command.name);
    if (!this.#alive.value || !seen || !this.#parts.say(command)) return;
    if (command.kind === 'switch') {
      this.#asked.set(command.name, command.elements.find(({ value }) => value)?.name ?? '');
    }
    if (command.name === 'CONNECTION' && wants(command, 'CONNECT')) this.#disconnectAsked.set(false);
    this.#restoration.note(seen.definition, command);
  }

  /** What its program says of it. */
  take(message: DefVector | SetVector | DelProperty | Notice): void {
    if (message.type === 'def') this.#define(message);
    else if (message.type === 'set') this.#update(message);
    else if (message.type === 'message') {
      this.#said.set(message.text);
      this.#parts.publish(message);
    } else if (message.name === undefined) {
      this.die(message.message ?? 'its program has given it up');
      // Some drivers (OnStep) begin anew so at each disconnect, and say nothing of it until they are asked.
      this.#parts.say({ type: 'getProperties', version: '1.7', device: this.device });
    } else this.#delete(message.name, message);
  }

  /** Its program is gone, or does not know it any more: everything stays, in Alert. */
  die(reason: string): void {
    this.#cancelStale();
    this.#recovering ||= this.#connected.value && !this.#disconnectAsked.value;
    this.#restoration.lose();
    this.#asked.clear();
    // First of all: what waits for an answer shall learn that the device is gone, not that it refused.
    const lived = this.#alive.value;
    this.#alive.set(false);
    this.#connected.set(false);
    if (!lived) return;
    this.#parts.publish({ type: 'message', device: this.device, text: `[ERROR] ${reason}` });
    for (const [name, seen] of this.#seen) {
      this.#stale.add(name);
      const lost: Seen = { ...seen, state: 'Alert' };
      const update = asUpdate(lost);
      this.#seen.set(name, lost);
      this.#parts.publish(update);
      this.#watchers.tell(name, lost, update);
    }
  }

  close(): void {
    this.#cancelStale();
    this.#restoration.close();
    this.#alive.set(false);
  }

  #define({ message, ...definition }: DefVector): void {
    const { name } = definition;
    const known = this.#seen.get(name);
    if (!known && this.#seen.size >= MOST_PROPERTIES) return;
    this.#stale.delete(name);
    const seen = seenIn(definition);
    const before = known && this.#shown(known);
    this.#seen.set(name, seen);
    this.#live();
    if (name === 'CONNECTION') this.#follow();
    const after = this.#shown(seen);
    if (!before || !sameShape(before.definition, definition)) {
      if (before) this.#parts.publish({ type: 'delProperty', device: this.device, name });
      this.#parts.publish({ ...asDefined(after), ...(message && { message }) });
    } else if (message || !sameContent(before, after)) {
      this.#parts.publish({ ...asUpdate(after, true), ...(message && { message }) });
    }
    if (!known) this.#names.set([...this.#seen.keys()]);
    this.#watchers.tell(name, seen);
    this.#restoration.stir();
  }

  #update(update: SetVector): void {
    const { name } = update;
    const known = this.#seen.get(name);
    if (!known || this.#stale.has(name)) return;
    const seen = updated(known, update);
    this.#seen.set(name, seen);
    if (update.state === 'Alert') this.#restoration.forget(name);
    if (name === 'CONNECTION') this.#follow();
    if (update.kind === 'blob') this.#passImage(update);
    else this.#parts.publish(this.#disguised(update));
    this.#watchers.tell(name, seen, update);
  }

  #passImage(update: SetVector<'blob'>): void {
    const [image] = update.elements;
    if (!image) return;
    const hold = this.#parts.holder(update.elements.map(({ value }) => value.bytes));
    const letGo = hold();
    try {
      this.#parts.publish(update, hold);
      this.#imageWatchers.tell(update.name, image.value, hold);
    } finally {
      letGo();
    }
  }

  #delete(name: string, message: DelProperty): void {
    if (!this.#seen.delete(name)) return;
    this.#stale.delete(name);
    this.#names.set([...this.#seen.keys()]);
    this.#parts.publish(message);
    this.#watchers.tell(name, undefined);
  }

  /** A definition has come: the device is there. */
  #live(): void {
    if (this.#alive.value) return;
    this.#alive.set(true);
    if (!this.#seen.has('CONNECTION')) this.#connected.set(true);
    if (!this.#recovering) this.#sweepLater();
  }

  #follow(): void {
    const seen = this.#seen.get('CONNECTION');
    const connected = seen?.state === 'Ok' && seen.values.CONNECT === true;
    if (connected === this.#connected.value) return;
    if (connected) {
      this.#recovering = false;
      this.#sweepLater();
      this.#restoration.connect();
    }
    this.#connected.set(connected);
  }

  #sweepLater(): void {
    this.#cancelStale();
    this.#cancelStale = this.#parts.clock.after(STALE_MS, () => {
      for (const name of [...this.#stale])
        this.#delete(name, { type: 'delProperty', device: this.device, name });
    });
  }

  #wish(command: NewVector): void {
    this.#disconnectAsked.set(wants(command, 'DISCONNECT'));
    if (!this.#disconnectAsked.value || !this.#recovering) return;
    // Nobody waits for it any more.
    this.#recovering = false;
    const seen = this.#seen.get('CONNECTION');
    if (seen) this.#parts.publish(asUpdate(seen));
    if (this.#alive.value) this.#sweepLater();
  }

  /** As clients see it: CONNECTION of a device that is being won back is connected, and in trouble. */
  #shown(seen: Seen): Seen {
    if (!this.#recovering || seen.definition.name !== 'CONNECTION') return seen;
    const state = seen.state === 'Busy' ? 'Busy' : 'Alert';
    return { ...seen, state, values: { CONNECT: true, DISCONNECT: false } };
  }

  #disguised(update: SetVector): SetVector {
    const seen = this.#seen.get('CONNECTION');
    if (!this.#recovering || update.name !== 'CONNECTION' || !seen) return update;
    const { message } = update;
    return { ...asUpdate(this.#shown(seen)), ...(message !== undefined && { message }) };
  }
}

const wants = ({ elements }: NewVector, element: string): boolean =>
  elements.some(({ name, value }) => name === element && value === true);
