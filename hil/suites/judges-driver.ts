import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import type { Message, NewVector, State } from '../../src/indi/message.ts';
import { print } from '../../src/indi/print.ts';
import { Reader } from '../../src/indi/reader.ts';

/** What the driver last said of one property. */
export interface Said {
  state: State;
  values: Readonly<Record<string, unknown>>;
}

type Values = Readonly<Record<string, boolean | number | string>>;

/** A driver executable of INDI as a child, spoken to as indiserver would. */
export interface IndiDriver {
  readonly device: string;
  said(property: string): Said | undefined;
  /** Whether its latest messages hold this. */
  heard(words: string): boolean;
  /** The kind of the vector follows from the type of the values. */
  send(property: string, values: Values): void;
  /** Resolves when it holds. @throws Error naming what was awaited, and the last words of the driver */
  until(what: string, holds: () => unknown, seconds?: number): Promise<void>;
  /** @throws Error when it does not say that it is connected */
  connect(to: { port: number } | { path: string }): Promise<void>;
  close(): Promise<void>;
}

/** How often a condition that no message announces is looked at. */
const LOOK_MS = 50;
const LAST_WORDS = 12;
/** Drops the right to set the clock, which only root has to give away: `env` is what nobody else needs. */
const withoutClock: readonly [string, ...string[]] =
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-sys_time', '--inh-caps', '-sys_time', '--']
    : ['env'];

/**
 * Never with the right to set the system's clock, which some drivers would use; with a home of its own, where they
 * keep what they remember. @param preload a shared object put before the C library
 */
export async function launch(executable: string, clock: Clock, preload?: string): Promise<IndiDriver> {
  const home = await mkdtemp(join(tmpdir(), 'nightjar-judge-'));
  const child = spawn(withoutClock[0], [...withoutClock.slice(1), executable], {
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: home,
      TZ: 'UTC',
      LC_ALL: 'C',
      ...(preload ? { LD_PRELOAD: preload } : {}),
    },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let running = true;
  child.once('error', () => {
    running = false;
  });
  ended.then(() => {
    running = false;
  });
  child.stdin.on('error', () => {
    running = false;
  });

  const properties = new Map<string, Said>();
  const words: string[] = [];
  let device = '';
  const note = (text: string) => {
    words.push(text.trim());
    words.splice(0, words.length - LAST_WORDS);
  };
  child.stderr.setEncoding('utf8').on('data', note);

  function take(message: Message): void {
    if (message.type === 'message') note(message.text);
    if (message.type === 'delProperty' && message.name) properties.delete(message.name);
    if (message.type !== 'def' && message.type !== 'set') return;
    if (message.message) note(message.message);
    if (message.type === 'def') device ||= message.device;
    const before = properties.get(message.name);
    const values = Object.fromEntries(message.elements.map(({ name, value }) => [name, value]));
    properties.set(message.name, {
      state: message.state ?? before?.state ?? 'Idle',
      values: { ...before?.values, ...values },
    });
  }
  const reader = new Reader({ receive: take, complain: note }, { blobBytes: 1 << 20 });
  child.stdout.on('data', (bytes: Buffer) => reader.push(bytes));

  const write = (message: Message) => {
    if (running) child.stdin.write(print(message, ''));
  };
  const driver: IndiDriver = {
    get device() {
      return device;
    },
    said: (property) => properties.get(property),
    heard: (part) => words.some((text) => text.includes(part)),
    send(name, values) {
      write(commandOf(device, name, values));
    },
    async until(what, holds, seconds = 15) {
      const deadline = clock.monotonic() + seconds * 1000;
      while (!holds()) {
        if (!running) throw new Error(`${executable} ended before ${what}: ${words.join(' | ')}`);
        if (clock.monotonic() > deadline) {
          throw new Error(`${executable}: not within ${seconds} s: ${what}; it said: ${words.join(' | ')}`);
        }
        await clock.sleep(LOOK_MS);
      }
    },
    async connect(to) {
      write({ type: 'getProperties', version: '1.7' });
      await driver.until('its definitions', () => driver.said('CONNECTION') && driver.said('DEVICE_PORT'));
      // Left on, it would try other ports, with somebody's real device on it.
      if (driver.said('DEVICE_AUTO_SEARCH')) driver.send('DEVICE_AUTO_SEARCH', { INDI_DISABLED: true });
      if ('port' in to) {
        driver.send('CONNECTION_MODE', { CONNECTION_TCP: true });
        await driver.until('the TCP properties', () => driver.said('DEVICE_ADDRESS'));
        driver.send('DEVICE_ADDRESS', { ADDRESS: '127.0.0.1', PORT: String(to.port) });
      } else driver.send('DEVICE_PORT', { PORT: to.path });
      driver.send('CONNECTION', { CONNECT: true });
      await driver.until('connected', () => isOn(driver, 'CONNECTION', 'CONNECT'), 30);
    },
    async close() {
      if (isOn(driver, 'CONNECTION', 'CONNECT')) driver.send('CONNECTION', { DISCONNECT: true });
      await endOf(child, ended, clock);
      await rm(home, { recursive: true, force: true });
    },
  };
  return driver;
}

/** State Ok and the switch on. */
export function isOn(driver: IndiDriver, property: string, element: string): boolean {
  const said = driver.said(property);
  return said?.state === 'Ok' && said.values[element] === true;
}

function commandOf(device: string, name: string, values: Values): NewVector {
  const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
  const kind = ({ boolean: 'switch', number: 'number', string: 'text' } as const)[
    typeof elements[0]?.value as 'boolean' | 'number' | 'string'
  ];
  return { type: 'new', kind, device, name, elements } as NewVector;
}

/** A driver ends by itself when its input ends. */
async function endOf(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<void>,
  clock: Clock,
): Promise<void> {
  child.stdin.end();
  const kill = clock.after(3000, () => child.kill('SIGKILL'));
  await ended;
  kill();
}
