import { type Cell, cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Run } from '../../core/run.ts';
import type { GetProperties, Message } from '../message.ts';
import type { Parcel } from '../outbox.ts';
import { print } from '../print.ts';
import type { Images } from './images.ts';
import type { Life, Start } from './life.ts';
import { Notices } from './notices.ts';
import { type Usage, usageOf } from './usage.ts';
import { Vigil } from './vigil.ts';

/** How a program is, for people. */
export interface ProgramState {
  /** `waiting`: for its next start. */
  state: 'starting' | 'running' | 'waiting' | 'stopped';
  /** Why it does not run. */
  message?: string;
  pid?: number;
  cpuSeconds?: number;
  /** Of one core, over the last five seconds. */
  cpuPercent?: number;
  residentBytes?: number;
  /** Since it was added. */
  restarts: number;
  /** The latest lines of its stderr, oldest first. */
  lastWords: readonly string[];
}

export interface ProgramParts {
  id: string;
  start: Start;
  clock: Clock;
  log: Log;
  images: Images;
  /** A second, for ten seconds in a row. */
  mostMessages?: number | undefined;
  /** What it says, but for its pings; messages to people at a pace for people. */
  hear(message: Message): void;
  /** Something it will answer; undefined: nothing is known of it. */
  question(): GetProperties | undefined;
  /** A life of it has ended, or could not begin. */
  died(reason: string): void;
}

/** Seconds to the next start; the last one repeats. */
const BACK_OFF_SECONDS = [1, 2, 5, 10, 30];
/** A life that lasted so long was a good one: the next failure is the first. */
const GOOD_LIFE_MS = 60_000;
const LOOK_MS = 1000;
const USAGE_LOOKS = 5;
const LAST_WORDS = 20;
/** Of stderr, a second; more are not kept. */
const MOST_LINES = 50;
/** It has stopped reading: the rest would only pile up. */
const MOST_WAITING_BYTES = 16 << 20;

/** Keeps one program alive. */
export class Program {
  readonly id: string;
  readonly #parts: ProgramParts;
  readonly #state = cell<ProgramState>({ state: 'starting', restarts: 0, lastWords: [] });
  readonly #notices: Notices;
  readonly #keeper: Run;
  #life: Life | undefined;
  /** Why we ended it ourselves. */
  #verdict: string | undefined;
  #hurry = new AbortController();
  #messages = 0;
  #lines = 0;
  #commandedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ProgramParts) {
    this.id = parts.id;
    this.#parts = { ...parts, log: parts.log.child({ program: parts.id }) };
    this.#notices = new Notices(parts.clock, (notice) => parts.hear(notice));
    this.#keeper = Run.start(parts.clock, `program ${parts.id}`, (run) => this.#keep(run));
  }

  get state(): Cell<ProgramState> {
    return this.#state;
  }

  /** Whether there is somebody to talk to. */
  get running(): boolean {
    return this.#life !== undefined;
  }

  say(message: Message): void {
    if (message.type === 'new') this.#commandedAt = this.#parts.clock.monotonic();
    this.write(Buffer.from(print(message, '')));
  }

  write(text: Buffer): void {
    this.#life?.write(text);
    if ((this.#life?.waitingBytes ?? 0) > MOST_WAITING_BYTES)
      this.#condemn('it does not read what it is told');
  }

  writeImage(parcel: Parcel): void {
    if (this.#life) this.#life.writeImage(parcel);
    else parcel.done();
  }

  /** A line of its stderr, or a word of ours about it. */
  note(line: string): void {
    if (++this.#lines > MOST_LINES) return;
    const { lastWords } = this.#state.value;
    this.#show({ lastWords: [...lastWords, line].slice(-LAST_WORDS) });
    this.#parts.log.info(line);
  }

  /** Ends its present life, if it has one, and begins the next without waiting. */
  restart(): void {
    this.#hurry.abort();
    // Without a life, the words would be those of the next one's end.
    if (!this.#life) return;
    this.#verdict ??= 'it is started anew';
    this.#life.close();
  }

  async close(): Promise<void> {
    this.#keeper.stop('shutdown');
    await this.#keeper.outcome.catch(() => {});
    this.#notices.close();
    this.#state.set({
      state: 'stopped',
      restarts: this.#state.value.restarts,
      lastWords: this.#state.value.lastWords,
    });
  }

  async #keep(run: Run): Promise<never> {
    const { clock, died } = this.#parts;
    for (let failures = 0; ; failures++) {
      const begun = clock.monotonic();
      this.#hurry = new AbortController();
      const reason = await this.#live(run);
      if (clock.monotonic() - begun >= GOOD_LIFE_MS) failures = 0;
      const hurried = this.#hurry.signal.aborted;
      if (hurried) failures = -1;
      const wait = hurried
        ? 0
        : (BACK_OFF_SECONDS[Math.min(failures, BACK_OFF_SECONDS.length - 1)] as number);
      const message = hurried ? reason : `${reason}; it is started again in ${wait} s`;
      this.#state.set({
        state: 'waiting',
        message,
        restarts: this.#state.value.restarts + 1,
        lastWords: this.#state.value.lastWords,
      });
      this.#parts.log.warn(message);
      died(message);
      await this.#wait(run, wait * 1000);
    }
  }

  async #wait(run: Run, milliseconds: number): Promise<void> {
    const either = AbortSignal.any([run.signal, this.#hurry.signal]);
    await run.clock.sleep(milliseconds, either).catch(() => run.signal.throwIfAborted());
  }

  /** From a start to its end. @returns why it ended; it throws only when the keeper is stopped */
  async #live(run: Run): Promise<string> {
    this.#show({ state: 'starting' });
    this.#verdict = undefined;
    this.#messages = 0;
    this.#lines = 0;
    let life: Life;
    try {
      life = await this.#parts.start({
        receive: (message) => this.#receive(message),
        note: (line) => this.note(line),
        memory: (bytes) => this.#parts.images.memory(bytes),
      });
    } catch (error) {
      run.signal.throwIfAborted();
      return asError(error).message;
    }
    this.#life = life;
    const stop = () => void life.close();
    run.signal.addEventListener('abort', stop, { once: true });
    if (run.signal.aborted) stop();
    const { message: _, ...state } = this.#state.value;
    this.#state.set({ ...state, state: 'running', ...(life.pid !== undefined && { pid: life.pid }) });
    this.say({ type: 'getProperties', version: '1.7' });
    const endWatch = this.#watch(life);
    try {
      const reason = await life.ended;
      run.signal.throwIfAborted();
      return this.#verdict ?? reason;
    } finally {
      endWatch();
      this.#life = undefined;
      run.signal.removeEventListener('abort', stop);
    }
  }

  #receive(message: Message): void {
    this.#messages++;
    const { images, hear } = this.#parts;
    if (message.type === 'pingRequest') {
      const asking = this.#life;
      images.whenRoom(() => {
        if (asking === this.#life) this.say({ type: 'pingReply', uid: message.uid });
      });
    } else if (message.type === 'message') this.#notices.take(message);
    else if (message.type !== 'pingReply') hear(message);
  }

  /** Looks at a life once a second; returns the end of it. */
  #watch(life: Life): () => void {
    const { clock, mostMessages, question } = this.#parts;
    const ask = () => {
      const asked = question();
      if (asked) this.say(asked);
      return asked !== undefined;
    };
    const vigil = new Vigil(clock.monotonic(), ask, mostMessages);
    let last: Usage | undefined;
    let looks = 0;
    let cancel = () => {};
    const look = () => {
      cancel = clock.after(LOOK_MS, look);
      const wrong = vigil.look({
        now: clock.monotonic(),
        messages: this.#messages,
        bytesRead: life.bytesRead,
        commandedAt: this.#commandedAt,
      });
      this.#messages = 0;
      this.#lines = 0;
      if (wrong) this.#condemn(wrong);
      if (life.pid !== undefined && looks++ % USAGE_LOOKS === 0) {
        this.#weigh(life, life.pid, last).then(
          (usage) => {
            last = usage;
          },
          (error) => this.#parts.log.debug(asError(error).message),
        );
      }
    };
    look();
    return () => cancel();
  }

  async #weigh(life: Life, pid: number, last: Usage | undefined): Promise<Usage | undefined> {
    const usage = await usageOf(pid);
    if (!usage || this.#life !== life) return usage;
    const used = last && (usage.cpuSeconds - last.cpuSeconds) / ((USAGE_LOOKS * LOOK_MS) / 1000);
    this.#show({ ...usage, ...(used !== undefined && { cpuPercent: Math.round(used * 100) }) });
    return usage;
  }

  #condemn(reason: string): void {
    if (!this.#life || this.#verdict !== undefined) return;
    this.#verdict = reason;
    this.#life.kill();
  }

  #show(changes: Partial<ProgramState>): void {
    this.#state.set({ ...this.#state.value, ...changes });
  }
}
