import type { Message } from '../message.ts';
import type { Parcel } from '../outbox.ts';
import { Reader } from '../reader.ts';
import type { Hearing, Life, Start } from './life.ts';

/** A program in memory for the tests: what it is told is kept, what it says is written in the test. */
export class FakeProgram {
  readonly lives: FakeLife[] = [];
  /** Said at the beginning of each life. */
  greeting: string;
  /** What it says to a message. */
  answer: (message: Message) => string = () => '';
  /** Instead of the next start. */
  failure: Error | undefined;

  constructor(greeting = '') {
    this.greeting = greeting;
  }

  readonly start: Start = async (hearing) => {
    if (this.failure) throw this.failure;
    const life = new FakeLife(hearing, (message) => this.answer(message));
    this.lives.push(life);
    // After whoever starts it has it in hand, as a child would.
    queueMicrotask(() => queueMicrotask(() => life.say(this.greeting)));
    return life;
  };

  /** The present one. */
  get life(): FakeLife {
    const life = this.lives.at(-1);
    if (!life) throw new Error('it was never started');
    return life;
  }
}

export class FakeLife implements Life {
  readonly heard: Message[] = [];
  readonly ended: Promise<string>;
  readonly waitingBytes = 0;
  bytesRead = 0;
  closed = false;
  #end: (reason: string) => void = () => {};
  readonly #told: Reader;
  readonly #said: Reader;

  constructor(hearing: Hearing, answer: (message: Message) => string) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const complain = (reason: string) => hearing.note(reason);
    this.#said = new Reader(
      { receive: (message) => hearing.receive(message), complain },
      { blobBytes: 4e6, memory: (bytes) => hearing.memory(bytes) },
    );
    const receive = (message: Message) => {
      this.heard.push(message);
      this.say(answer(message));
    };
    this.#told = new Reader({ receive, complain }, { blobBytes: 1e6 });
  }

  say(xml: string): void {
    this.bytesRead += xml.length;
    this.#said.push(Buffer.from(xml));
  }

  /** The commands it was told, as `property element=value …`. */
  get commands(): string[] {
    return this.heard.flatMap((message) =>
      message.type === 'new'
        ? [[message.name, ...message.elements.map(({ name, value }) => `${name}=${value}`)].join(' ')]
        : [],
    );
  }

  write(text: Buffer): void {
    this.#told.push(text);
  }

  writeImage({ head, bytes, tail, done }: Parcel): void {
    this.write(Buffer.from(head + Buffer.from(bytes).toString('base64') + tail));
    done();
  }

  die(reason: string): void {
    this.#end(reason);
  }

  kill(): void {
    this.#end('killed');
  }

  async close(): Promise<void> {
    this.closed = true;
    this.#end('closed');
  }
}

const switches = (names: readonly string[], on: string, tag: string) =>
  names.map((name) => `<${tag} name='${name}'>${name === on ? 'On' : 'Off'}</${tag}>`).join('');

export const defSwitch = (
  device: string,
  name: string,
  names: readonly string[],
  on: string,
  rule = 'OneOfMany',
) =>
  `<defSwitchVector device='${device}' name='${name}' state='Idle' perm='rw' rule='${rule}'>` +
  `${switches(names, on, 'defSwitch')}</defSwitchVector>`;

export const setSwitch = (
  device: string,
  name: string,
  names: readonly string[],
  on: string,
  state: string,
) =>
  `<setSwitchVector device='${device}' name='${name}' state='${state}'>${switches(names, on, 'oneSwitch')}</setSwitchVector>`;

export const defNumber = (device: string, name: string, element: string, value: number, perm = 'rw') =>
  `<defNumberVector device='${device}' name='${name}' state='Idle' perm='${perm}'>` +
  `<defNumber name='${element}' format='%g' min='0' max='100' step='1'>${value}</defNumber></defNumberVector>`;

export const setNumber = (device: string, name: string, element: string, value: number, state: string) =>
  `<setNumberVector device='${device}' name='${name}' state='${state}'>` +
  `<oneNumber name='${element}'>${value}</oneNumber></setNumberVector>`;

export const defText = (device: string, name: string, element: string, value: string) =>
  `<defTextVector device='${device}' name='${name}' state='Idle' perm='rw'>` +
  `<defText name='${element}'>${value}</defText></defTextVector>`;

const connection = ['CONNECT', 'DISCONNECT'];

/** What a focuser driver says first: how to connect it. Connected, it has a position and a speed. */
export const focuserGreeting = (device: string) =>
  defSwitch(device, 'CONNECTION', connection, 'DISCONNECT') +
  defText(device, 'DEVICE_PORT', 'PORT', '/dev/x');

/** How such a driver answers. */
export const focuserAnswer = (device: string) => (message: Message) => {
  if (message.type !== 'new') return '';
  const [first] = message.elements;
  if (message.name === 'DEVICE_PORT') {
    return `<setTextVector device='${device}' name='DEVICE_PORT' state='Ok'><oneText name='PORT'>${first?.value}</oneText></setTextVector>`;
  }
  if (message.name === 'SPEED') return setNumber(device, 'SPEED', 'VALUE', Number(first?.value), 'Ok');
  if (message.name !== 'CONNECTION') return '';
  return first?.name === 'CONNECT' && first.value === true
    ? setSwitch(device, 'CONNECTION', connection, 'CONNECT', 'Ok') +
        defNumber(device, 'POSITION', 'STEPS', 10) +
        defNumber(device, 'SPEED', 'VALUE', 1)
    : setSwitch(device, 'CONNECTION', connection, 'DISCONNECT', 'Idle') +
        `<delProperty device='${device}' name='POSITION'/><delProperty device='${device}' name='SPEED'/>`;
};
