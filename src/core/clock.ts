import { setImmediate as immediate } from 'node:timers/promises';

/** Time as a parameter. This file alone touches `Date`, timers and `performance`; all else is handed a Clock. */
export interface Clock {
  readonly simulated: boolean;
  /** UTC in milliseconds since 1970. It may jump when the system's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary start; never jumps. */
  monotonic(): number;
  /** Calls once after the delay; returns the function that cancels. */
  after(milliseconds: number, call: () => void): () => void;
  /** Rejects with the signal's reason if that comes first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Names work done outside simulated time (disk, workers): a simulated clock stands still until it settles. */
  external<T>(work: Promise<T>): Promise<T>;
  /** Lets the event loop turn once, so that long work in slices starves nobody. */
  turn(): Promise<void>;
}

export const systemClock: Clock = {
  simulated: false,
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, Math.max(0, milliseconds));
    return () => clearTimeout(timer);
  },
  sleep: (milliseconds, signal) => sleepOn(systemClock, milliseconds, signal),
  external: (work) => work,
  turn: () => immediate(),
};

interface Sleeper {
  due: number;
  order: number;
  call: () => void;
  live: boolean;
}

/** Turns of the event loop without activity after which everything that could run has run. */
const QUIET_TURNS = 3;

/**
 * Simulated time: jumps to the next sleeper when nothing is pending. Bytes in flight on in-memory links, streams'
 * ticks and immediates are let through first; work outside (`external`) holds it. A handler asleep does not.
 */
export class SimClock implements Clock {
  readonly simulated = true;
  #now: number;
  readonly #start: number;
  readonly #heap: Sleeper[] = [];
  #order = 0;
  #outside = 0;
  #quiet = 0;
  #pumping = false;
  #drivers = 0;
  #deadlock: (() => void) | undefined;
  readonly #pace: number;

  /**
   * @param startUtc UTC milliseconds at which the simulation begins
   * @param pace simulated seconds a real second; default as fast as it goes
   */
  constructor(startUtc: number, pace = Number.POSITIVE_INFINITY) {
    this.#now = startUtc;
    this.#start = startUtc;
    this.#pace = pace;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(milliseconds: number, call: () => void): () => void {
    const sleeper = { due: this.#now + Math.max(0, milliseconds), order: this.#order++, call, live: true };
    push(this.#heap, sleeper);
    this.#stir();
    return () => {
      sleeper.live = false;
    };
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, milliseconds, signal);
  }

  async external<T>(work: Promise<T>): Promise<T> {
    this.#outside++;
    try {
      return await work;
    } finally {
      this.#outside--;
      this.#stir();
    }
  }

  turn(): Promise<void> {
    this.#quiet = 0;
    return immediate();
  }

  /**
   * Lets time run until the work settles. Time only passes while somebody drives it, and a state in which nothing
   * sleeps, nothing is pending and the work is still open is reported as a deadlock.
   */
  async drive<T>(work: Promise<T>): Promise<T> {
    const stuck = new Promise<never>((_, reject) => {
      this.#deadlock = () =>
        reject(new Error('simulated time is deadlocked: nothing sleeps, nothing is pending'));
    });
    this.#drivers++;
    this.#stir();
    try {
      return await Promise.race([work, stuck]);
    } finally {
      this.#drivers--;
    }
  }

  #stir(): void {
    this.#quiet = 0;
    if (this.#pumping || this.#drivers === 0) return;
    this.#pumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    if (this.#drivers === 0 || this.#outside > 0) {
      this.#pumping = false;
      return;
    }
    if (this.#quiet++ >= QUIET_TURNS) {
      this.#quiet = 0;
      const next = this.#next();
      if (!next) {
        this.#pumping = false;
        this.#deadlock?.();
        return;
      }
      const wait = Math.max(0, next.due - this.#now) / this.#pace;
      if (wait >= 1) {
        setTimeout(() => this.#reach(next), wait);
        return;
      }
      this.#reach(next);
      return;
    }
    setImmediate(() => this.#pump());
  }

  #reach(sleeper: Sleeper): void {
    this.#now = Math.max(this.#now, sleeper.due);
    if (sleeper.live) sleeper.call();
    setImmediate(() => this.#pump());
  }

  #next(): Sleeper | undefined {
    for (;;) {
      const sleeper = pop(this.#heap);
      if (!sleeper || sleeper.live) return sleeper;
    }
  }
}

function sleepOn(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const earlier = (a: Sleeper, b: Sleeper) => a.due < b.due || (a.due === b.due && a.order < b.order);

function push(heap: Sleeper[], sleeper: Sleeper): void {
  let index = heap.push(sleeper) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!earlier(sleeper, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = sleeper;
}

function pop(heap: Sleeper[]): Sleeper | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || first === last) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++;
    if (!earlier(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return first;
}

/** `2026-11-22T20:15:03.250Z`. */
export const isoUtc = (utc: number): string => new Date(utc).toISOString();

/** UTC milliseconds of an ISO 8601 text; text without a zone is UTC. NaN when it is no date. */
export function parseUtc(text: string): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || !/\d\d:\d\d/.test(text);
  return new Date(zoned ? text : `${text}Z`).getTime();
}

export interface Calendar {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

/** The Gregorian calendar fields of a UTC instant; month 1–12. */
export function calendarUtc(utc: number): Calendar {
  const date = new Date(utc);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** UTC milliseconds of calendar fields; month 1–12. */
export function utcOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  return Date.UTC(year, month - 1, day, hour, minute, 0) + second * 1000;
}
