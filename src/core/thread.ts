import {
  isMarkedAsUntransferable,
  parentPort,
  receiveMessageOnPort,
  type Transferable,
  Worker,
} from 'node:worker_threads';
import type { Clock } from './clock.ts';
import { asError, BadInput, Fault, type FaultKind } from './errors.ts';

/** Throws when the work is to stop. Long work calls it now and then; it costs next to nothing. */
export type Check = () => void;

/** The work a thread does, by name: each one argument and one result, both cloned between the threads. */
type Jobs<J> = Record<keyof J, (input: never, check: Check) => unknown>;

interface Question {
  id: number;
  job: string;
  input: unknown;
  /** One 32-bit word, set when the answer is no longer wanted: a busy thread reads no messages. */
  halt?: SharedArrayBuffer;
}

interface Wound {
  name: string;
  message: string;
  kind?: FaultKind;
}

type Answer = { id: number; value: unknown } | { id: number; wound: Wound };

/** A worker thread as seen by the one who asks. */
export interface Thread<J extends Jobs<J>> {
  /**
   * Rejects with the job's own Fault or BadInput; Fault `gone` when the thread died of it; with the signal's reason
   * once the job has stopped for it.
   */
  call<K extends keyof J & string>(
    job: K,
    input: Parameters<J[K]>[0],
    options?: CallOptions,
  ): Promise<Awaited<ReturnType<J[K]>>>;
  /** Ends the thread; what is in progress rejects with Fault `gone`. */
  close(): Promise<void>;
}

export interface CallOptions {
  readonly transfer?: readonly Transferable[];
  readonly signal?: AbortSignal;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts a thread at the first call, and again at the first call after it died. An idle one does not keep the
 * process alive.
 * @param data what the entry reads as `workerData`
 */
export function startThread<J extends Jobs<J>>(entry: URL, clock: Clock, data?: unknown): Thread<J> {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let count = 0;
  let closed = false;

  const lose = (dead: Worker, reason: Error) => {
    if (worker !== dead) return;
    worker = undefined;
    const lost = [...pending.values()];
    pending.clear();
    for (const call of lost) call.reject(reason);
  };

  const settle = (answer: Answer) => {
    const call = pending.get(answer.id);
    pending.delete(answer.id);
    if (pending.size === 0) worker?.unref();
    if ('wound' in answer) call?.reject(heal(answer.wound));
    else call?.resolve(answer.value);
  };

  const spawn = () => {
    const fresh = new Worker(entry, { workerData: data });
    fresh.on('message', settle);
    fresh.on('error', (error) => lose(fresh, deathOf(asError(error))));
    fresh.on('exit', () => lose(fresh, new Fault('gone', 'a worker thread ended')));
    fresh.unref();
    worker = fresh;
    return fresh;
  };

  const post = (question: Question, transfer: readonly Transferable[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) throw new Fault('gone', 'the worker thread is closed');
      const thread = worker ?? spawn();
      thread.postMessage(question, [...transfer]);
      pending.set(question.id, { resolve, reject });
      thread.ref();
    });

  const postUntil = async (question: Question, transfer: readonly Transferable[], signal: AbortSignal) => {
    signal.throwIfAborted();
    const halt = new SharedArrayBuffer(4);
    const stop = () => Atomics.store(new Int32Array(halt), 0, 1);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await post({ ...question, halt }, transfer);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  return {
    call(job, input, { transfer = [], signal } = {}) {
      const question = { id: count++, job, input };
      const answer = signal ? postUntil(question, transfer, signal) : post(question, transfer);
      return clock.external(answer) as ReturnType<Thread<J>['call']>;
    },
    async close() {
      closed = true;
      if (worker) await clock.external(worker.terminate());
    },
  };
}

/** An entry that refuses its input says so itself. */
const deathOf = ({ name, message }: Error): Error =>
  name === 'BadInput' ? new BadInput(message) : new Fault('gone', `a worker thread failed: ${message}`);

/**
 * In the thread's entry: does what is asked. Jobs that wait overlap.
 * @param quick jobs of a few milliseconds that wait for nothing: they are done whenever a longer one calls its `check`
 */
export function serveThread<J extends Jobs<J>>(jobs: J, quick: readonly (keyof J & string)[] = []): void {
  if (!parentPort) return;
  const port = parentPort;
  const known = new Map(Object.entries(jobs)) as Map<string, (input: unknown, check: Check) => unknown>;
  const isQuick = new Set<string>(quick);
  const waiting: Question[] = [];

  const look = () => {
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      const question = got.message as Question;
      if (isQuick.has(question.job)) serve(question);
      else waiting.push(question);
    }
  };

  const serve = ({ id, job, input, halt }: Question): void => {
    const flag = halt && new Int32Array(halt);
    const stopIfTold = () => {
      if (flag && Atomics.load(flag, 0) !== 0) throw new Error('stopped');
    };
    const check = () => {
      stopIfTold();
      if (!isQuick.has(job)) look();
    };
    const settle = (answer: Answer) => {
      port.postMessage(answer);
      if (isQuick.has(job)) return;
      for (let next = waiting.shift(); next; next = waiting.shift()) serve(next);
    };
    const fail = (thrown: unknown) => settle({ id, wound: wound(asError(thrown)) });
    try {
      const work = known.get(job);
      if (!work) throw new Fault('unsupported', `this worker knows no ${job}`);
      stopIfTold();
      const value = work(input, check);
      // Not awaited where it need not be: what is quick is answered while the longer job holds the thread.
      if (value instanceof Promise) value.then((settled) => settle({ id, value: settled }), fail);
      else settle({ id, value });
    } catch (thrown) {
      fail(thrown);
    }
  };

  port.on('message', serve);
}

/** Error classes do not survive the clone. */
const wound = (error: Error): Wound => ({
  name: error.name,
  message: error.message,
  ...(error instanceof Fault && { kind: error.kind }),
});

function heal({ name, message, kind }: Wound): Error {
  if (kind) return new Fault(kind, message);
  return name === 'BadInput' ? new BadInput(message) : new Error(message);
}

/**
 * Bytes in a form that changes threads without a copy: shared ones as they are, others given away (the caller's view is
 * then empty). Only what shares its buffer with other data is copied.
 */
export function giveAway(bytes: Uint8Array): { bytes: Uint8Array; transfer: ArrayBuffer[] } {
  const { buffer } = bytes;
  if (buffer instanceof SharedArrayBuffer) return { bytes, transfer: [] };
  const whole = bytes.byteLength > buffer.byteLength / 2 && !isMarkedAsUntransferable(buffer);
  const own = whole ? bytes : new Uint8Array(bytes);
  return { bytes: own, transfer: [own.buffer as ArrayBuffer] };
}
