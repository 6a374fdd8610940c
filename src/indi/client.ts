import { connect, type Socket } from 'node:net';
import type { Clock } from '../core/clock.ts';
import { asError, Fault } from '../core/errors.ts';
import type { BlobPolicy, Message, NewVector, State } from './message.ts';
import { Mirror, type Seen } from './mirror.ts';
import { print } from './print.ts';
import { Reader } from './reader.ts';

/** The largest image a client takes: 150 Mpx of 16 bits. */
const BLOB_BYTES = 300e6;

/** A small INDI client: for tests, benches and the suites that play the part of other programs. */
export class IndiClient extends Mirror {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #closed = false;

  private constructor(socket: Socket, clock: Clock) {
    super();
    this.#socket = socket;
    this.#clock = clock;
    const reader = new Reader(
      { receive: (message) => this.take(message), complain: (reason) => this.note(reason) },
      { blobBytes: BLOB_BYTES },
    );
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.note(asError(error).message);
        socket.destroy();
      }
    });
    socket.on('close', () => {
      this.#closed = true;
    });
    socket.on('error', (error) => this.note(error.message));
  }

  /** @throws Fault `gone` */
  static connect(clock: Clock, port: number, host = '127.0.0.1'): Promise<IndiClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      const fail = (error: Error) =>
        reject(new Fault('gone', `INDI server ${host}:${port}: ${error.message}`));
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.removeListener('error', fail);
        resolve(new IndiClient(socket, clock));
      });
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  getProperties(device?: string, name?: string): void {
    this.send({
      type: 'getProperties',
      version: '1.7',
      ...(device !== undefined && { device }),
      ...(name !== undefined && { name }),
    });
  }

  enableBlob(policy: BlobPolicy, device: string, name?: string): void {
    this.send({ type: 'enableBLOB', device, ...(name !== undefined && { name }), policy });
  }

  /** The kind of each value says the kind of the vector. */
  set(device: string, name: string, values: Readonly<Record<string, string | number | boolean>>): void {
    const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
    const first = elements[0]?.value;
    const kind = typeof first === 'number' ? 'number' : typeof first === 'boolean' ? 'switch' : 'text';
    this.send({ type: 'new', kind, device, name, elements } as NewVector);
  }

  send(message: Message): void {
    this.sendRaw(print(message, ''));
  }

  sendRaw(text: string | Uint8Array): void {
    if (!this.#closed) this.#socket.write(text);
  }

  /** Stops reading: the socket fills up. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Resolves when a condition holds, asked again after every message. @throws Fault `silent` */
  async until(condition: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
    if (condition()) return;
    let end = () => {};
    const met = new Promise<void>((resolve) => {
      end = this.watch(() => condition() && resolve());
    });
    const over = new AbortController();
    const late = this.#clock.sleep(timeoutMs, over.signal).then(
      () => Promise.reject(new Fault('silent', `${what}: not within ${timeoutMs} ms`)),
      // Only the end of the wait aborts it.
      () => undefined,
    );
    try {
      await Promise.race([met, late]);
    } finally {
      over.abort();
      end();
    }
  }

  async untilState(device: string, name: string, state: State, timeoutMs = 5000): Promise<Seen> {
    const there = () => this.property(device, name)?.state === state;
    await this.until(there, `${device}.${name} ${state}`, timeoutMs);
    return this.property(device, name) as Seen;
  }

  close(): void {
    this.#socket.destroy();
  }
}
