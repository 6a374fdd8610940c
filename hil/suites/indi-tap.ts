import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { systemClock } from '../../src/core/clock.ts';
import { asError } from '../../src/core/errors.ts';
import { type Child, Cutter, command, type Element, type Kind, type Values, verb } from './indi-wire.ts';

/** What to look for among what was heard. */
export interface Sought {
  /** `def`, `set`, `new`, or the whole name of an element. */
  verb?: string;
  device?: string;
  name?: string;
  state?: string;
}

const WAIT_MS = 5000;
/** How long silence has to last to be believed. */
export const SILENCE_MS = 200;

/** A client that says what it is told to and keeps all that it hears. */
export class Tap {
  readonly heard: Element[] = [];
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();
  #fault: Error | undefined;
  #closed = false;
  #pings = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    const cutter = new Cutter((element) => this.heard.push(element));
    socket.on('data', (chunk) => {
      try {
        cutter.push(decoder.write(chunk));
      } catch (thrown) {
        this.#fault = asError(thrown);
        socket.destroy();
      }
      this.#wake();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** @param path of a UNIX socket, where it is not TCP */
  static open(to: { port: number } | { path: string }): Promise<Tap> {
    return new Promise((resolve, reject) => {
      const socket = connect('port' in to ? { host: '127.0.0.1', ...to } : to);
      socket.setNoDelay(true);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Tap(socket));
      });
    });
  }

  /** By the other side or by itself. */
  get closed(): boolean {
    return this.#closed;
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  getProperties(device?: string, name?: string): void {
    const named = [device && ` device='${device}'`, name && ` name='${name}'`].filter(Boolean).join('');
    this.say(`<getProperties version='1.7'${named}/>`);
  }

  enableBlob(policy: string, device: string, name?: string): void {
    this.say(`<enableBLOB device='${device}'${name ? ` name='${name}'` : ''}>${policy}</enableBLOB>`);
  }

  set(kind: Kind, device: string, name: string, values: Values): void {
    this.say(command(kind, device, name, values));
  }

  /** A command, and the first update of that property since. */
  async ask(kind: Kind, device: string, name: string, values: Values): Promise<Element> {
    const from = this.heard.length;
    this.set(kind, device, name, values);
    return this.next({ verb: 'set', device, name }, from);
  }

  all(sought: Sought, from = 0): Element[] {
    return this.heard.slice(from).filter(matching(sought));
  }

  /** The first of those heard since then. @throws Error when there is none in time */
  next(sought: Sought, from: number, milliseconds = WAIT_MS): Promise<Element> {
    const look = () => this.all(sought, from)[0];
    return this.until(look, JSON.stringify(sought), milliseconds);
  }

  /** The latest that was said of a property: its definition or an update. */
  latest(device: string, name: string): Element | undefined {
    return this.heard.findLast(
      (element) =>
        ['def', 'set'].includes(verb(element)) &&
        element.attributes.device === device &&
        element.attributes.name === name,
    );
  }

  async until<T>(look: () => T | undefined | false, what: string, milliseconds = WAIT_MS): Promise<T> {
    const deadline = systemClock.monotonic() + milliseconds;
    for (;;) {
      if (this.#fault) throw this.#fault;
      const found = look();
      if (found !== undefined && found !== false) return found;
      const left = deadline - systemClock.monotonic();
      if (left <= 0) throw new Error(`not within ${milliseconds} ms: ${what}`);
      if (this.#closed) throw new Error(`hung up on, waiting for ${what}`);
      await this.#stirred(left);
    }
  }

  /** Resolves when the server has answered, with how long that took. */
  async ping(milliseconds = WAIT_MS): Promise<number> {
    const uid = `tap-${++this.#pings}`;
    const from = this.heard.length;
    const start = systemClock.monotonic();
    this.say(`<pingRequest uid='${uid}'/>`);
    const answered = () =>
      this.heard.slice(from).some(({ tag, attributes }) => tag === 'pingReply' && attributes.uid === uid);
    await this.until(answered, `pingReply ${uid}`, milliseconds);
    return systemClock.monotonic() - start;
  }

  /** Stops reading: what it is told piles up. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye and still listens. */
  end(): void {
    this.#socket.end();
  }

  close(how: 'politely' | 'at once' = 'politely'): void {
    if (how === 'at once') this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #stirred(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#watchers.delete(done);
        resolve();
      };
      const cancel = systemClock.after(milliseconds, done);
      this.#watchers.add(done);
    });
  }
}

const matching =
  ({ verb: wanted, device, name, state }: Sought) =>
  (element: Element): boolean =>
    (wanted === undefined || verb(element) === wanted || element.tag === wanted) &&
    (device === undefined || element.attributes.device === device) &&
    (name === undefined || element.attributes.name === name) &&
    (state === undefined || element.attributes.state === state);

/** The text of one of its elements, without the white space round it. */
export const textOf = (
  element: { children: readonly Child[] } | undefined,
  name: string,
): string | undefined => element?.children.find(({ attributes }) => attributes.name === name)?.text.trim();

/** The names that are On. */
export const on = (element: { children: readonly Child[] } | undefined): string[] =>
  (element?.children ?? []).flatMap(({ attributes, text }) =>
    text.trim() === 'On' ? [attributes.name ?? ''] : [],
  );
