import { type Clock, isoUtc, systemClock } from '../../../src/core/clock.ts';
import { type Declared, definitionOf, switches, texts, valuesOf } from '../../../src/indi/adopt/declared.ts';
import type { Blob, Kind, Message, NewVector, SetVector, State, ValueOf } from '../../../src/indi/message.ts';
import { print } from '../../../src/indi/print.ts';
import { Reader } from '../../../src/indi/reader.ts';

export type Values = Readonly<Record<string, ValueOf[Kind]>>;

/** What a command does; by default its values are taken and answered Ok. A throw is answered Alert, with its words. */
export type Command = (values: Values) => void | Promise<void>;

export interface StandInOptions {
  /** INDIDEV overrides it. */
  device: string;
  executable: string;
  /** DRIVER_INTERFACE bits. */
  interfaces: number;
  /** Defined before the connection, beside CONNECTION and DRIVER_INFO. */
  before?: readonly Declared[];
  /** Defined while connected. */
  connected: readonly Declared[];
  commands?: Readonly<Record<string, Command>>;
  /** @throws why it does not connect */
  connect?(): void;
  disconnect?(): void;
}

/**
 * An INDI driver executable that pretends a device which no simulator covers: XML on stdin and stdout, DISCONNECT
 * deletes its properties, the end of stdin ends it. Its properties are declared as those of the driver it stands for.
 */
export class StandIn {
  readonly device: string;
  readonly clock: Clock = systemClock;
  readonly #options: StandInOptions;
  readonly #declared = new Map<string, Declared>();
  readonly #values = new Map<string, Values>();
  readonly #pings = new Map<string, () => void>();
  #connected = false;
  #blobs = 0;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.device = process.env.INDIDEV || options.device;
    const information = {
      DRIVER_NAME: options.device,
      DRIVER_EXEC: options.executable,
      DRIVER_VERSION: '1.0',
      DRIVER_INTERFACE: String(options.interfaces),
    };
    const connection = switches('CONNECTION', { CONNECT: false, DISCONNECT: true });
    const info = texts('DRIVER_INFO', information, { perm: 'ro' });
    for (const each of [connection, info, ...(options.before ?? [])]) this.#declare(each);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Serves stdin until it ends, then leaves the process. */
  run(): void {
    const receive = (message: Message) => this.#receive(message);
    const reader = new Reader({ receive, complain: (reason) => this.log(reason) }, { blobBytes: 1 << 20 });
    process.stdin.on('data', (chunk) => reader.push(chunk));
    process.stdin.on('end', () => process.exit(0));
    process.stdout.on('error', () => process.exit(0));
  }

  values(name: string): Values {
    return this.#values.get(name) ?? {};
  }

  define(declared: Declared): void {
    this.#declare(declared);
    this.#say(this.#definition(declared.name));
  }

  remove(name: string): void {
    this.#declared.delete(name);
    this.#values.delete(name);
    this.#say({ type: 'delProperty', device: this.device, name });
  }

  set(name: string, state: State, values: Values = {}, message?: string): void {
    const declared = this.#declared.get(name);
    if (!declared) return;
    const now = { ...this.values(name), ...values };
    this.#declared.set(name, { ...declared, state });
    this.#values.set(name, now);
    const elements = Object.entries(now).map(([key, value]) => ({ name: key, value }));
    const update = { type: 'set', kind: declared.kind, device: this.device, name, state, elements };
    this.#say({ ...update, ...(message !== undefined && { message }) } as SetVector);
  }

  /** Resolves when the other side has read it (protocol 1.7, ping). */
  async sendBlob(name: string, element: string, blob: Blob): Promise<void> {
    const uid = `SetBLOB/${++this.#blobs}`;
    const read = new Promise<void>((resolve) => this.#pings.set(uid, resolve));
    const elements = [{ name: element, value: blob }];
    this.#say({ type: 'set', kind: 'blob', device: this.device, name, state: 'Ok', elements });
    this.#say({ type: 'pingRequest', uid });
    await read;
  }

  log(text: string): void {
    this.#say({ type: 'message', device: this.device, text });
  }

  #receive(message: Message): void {
    if (message.type === 'pingReply') {
      this.#pings.get(message.uid)?.();
      this.#pings.delete(message.uid);
    } else if (message.type === 'getProperties') {
      if (message.device !== undefined && message.device !== this.device) return;
      const names = message.name === undefined ? [...this.#declared.keys()] : [message.name];
      for (const name of names) if (this.#declared.has(name)) this.#say(this.#definition(name));
    } else if (message.type === 'new' && message.device === this.device) {
      this.#command(message).catch((error: Error) => {
        this.log(`[ERROR] ${error.message}`);
        this.set(message.name, 'Alert');
      });
    }
  }

  async #command({ name, elements }: NewVector): Promise<void> {
    const declared = this.#declared.get(name);
    if (!declared) return;
    if (declared.perm === 'ro') return this.log(`[ERROR] ${name} is read only`);
    const given = Object.fromEntries(elements.map(({ name, value }) => [name, value]));
    const others =
      declared.kind === 'switch' && declared.rule !== 'AnyOfMany' && elements.some((e) => e.value);
    const cleared = others
      ? Object.fromEntries(Object.keys(declared.elements).map((key) => [key, false]))
      : {};
    const values = { ...cleared, ...given };
    const perform = this.#options.commands?.[name];
    if (name === 'CONNECTION') this.#connect(values.CONNECT === true);
    else if (perform) await perform(values);
    else this.set(name, 'Ok', values);
  }

  #connect(on: boolean): void {
    if (on && !this.#connected) {
      try {
        this.#options.connect?.();
      } catch (error) {
        this.log(`[ERROR] ${(error as Error).message}`);
        this.set('CONNECTION', 'Alert', { CONNECT: false, DISCONNECT: true });
        return;
      }
    }
    const changed = on !== this.#connected;
    this.#connected = on;
    this.set('CONNECTION', on ? 'Ok' : 'Idle', { CONNECT: on, DISCONNECT: !on });
    if (!changed) return;
    for (const each of this.#options.connected) {
      if (on) this.define(each);
      else this.remove(each.name);
    }
    if (!on) this.#options.disconnect?.();
  }

  #declare(declared: Declared): void {
    this.#declared.set(declared.name, declared);
    this.#values.set(declared.name, valuesOf(declared));
  }

  #definition(name: string): Message {
    const declared = this.#declared.get(name) as Declared;
    const values = this.values(name);
    const definition = definitionOf(this.device, declared);
    const elements = definition.elements.map((one) => ({ ...one, value: values[one.name] ?? one.value }));
    return { ...definition, elements } as Message;
  }

  #say(message: Message): void {
    process.stdout.write(print(message, isoUtc(systemClock.now()).slice(0, 19)));
  }
}
