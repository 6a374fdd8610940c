import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Cell, cell } from '../core/cell.ts';
import { asError, BadInput, Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { PreviewOptions } from '../imaging/encode.ts';
import type { StackFigures } from '../imaging/stack/jobs.ts';
import type { RejectReason } from '../imaging/stack/live-stack.ts';
import type { StackWorker } from '../imaging/stack/worker-client.ts';
import type { ExposureRow } from '../storage/rows.ts';

/** An exposure that is not in the stack, and why. */
export interface Refusal {
  /** Id. */
  readonly exposure: string;
  readonly reason: RejectReason | 'no-light' | 'other-filter' | 'unreadable';
  readonly message: string;
}

/** How the live stack stands; plain JSON. */
export interface StackState extends StackFigures {
  /** `ended`: it takes no more, but can be looked at; `lost`: with the thread that held it. */
  readonly state: 'none' | 'on' | 'ended' | 'lost';
  /** Of this stack; '' where there is none. */
  readonly id: string;
  /** It takes every light that comes, not only those it was given. */
  readonly following: boolean;
  /** Exposures to be looked at. */
  readonly waiting: number;
  /** Exposure gathered. */
  readonly seconds: number;
  /** UTC milliseconds when the last of its exposures ended; 0 while it is empty. */
  readonly endUtc: number;
  readonly refused: number;
  /** The latest of them, latest last. */
  readonly refusals: readonly Refusal[];
  /** Of the first frame. */
  readonly object?: string;
  readonly filter?: string;
  /** Why it was lost. */
  readonly problem?: string;
}

export interface StackerParts {
  worker: Pick<StackWorker, 'begin' | 'add' | 'preview' | 'write' | 'end'>;
  pathOf(row: ExposureRow): string;
  /** For files on their way out. */
  directory: string;
  log: Log;
}

const NONE: StackState = {
  ...{ state: 'none', id: '', following: false, waiting: 0, seconds: 0, endUtc: 0 },
  ...{ frames: 0, width: 0, height: 0, factor: 1, clippedShare: 0, refused: 0, refusals: [] },
};
const MOST_REFUSALS = 30;

/**
 * The one picture that grows while exposures come: the first that is good enough gives place, camera and filter, the
 * others are laid upon it. It lives in the imaging thread's memory and ends with it; the exposures themselves are stored
 * as always.
 */
export class Stacker {
  readonly #parts: StackerParts;
  readonly #state = cell(NONE);
  #waiting: ExposureRow[] = [];
  #first: ExposureRow | undefined;
  #halt = new AbortController();
  #work: Promise<void> | undefined;

  constructor(parts: StackerParts) {
    this.#parts = parts;
  }

  get state(): Cell<StackState> {
    return this.#state;
  }

  /**
   * Begins a stack in place of one that has ended.
   * @param rows to begin with, in this order
   * @param following takes every light that comes as well
   * @throws Fault `busy` while one is on
   */
  async start(rows: readonly ExposureRow[], following: boolean): Promise<void> {
    if (this.#state.value.state === 'on') throw new Fault('busy', 'a stack is on: stop it first');
    const id = randomUUID();
    this.#halt = new AbortController();
    this.#first = undefined;
    this.#waiting = [...rows];
    this.#state.set({ ...NONE, state: 'on', id, following, waiting: rows.length });
    try {
      await this.#parts.worker.begin(id);
    } catch (thrown) {
      this.#lose(asError(thrown));
      throw thrown;
    }
    this.#go();
  }

  /** A light of the imaging camera has been stored. */
  offer(row: ExposureRow): void {
    const { state, following } = this.#state.value;
    if (state !== 'on' || !following || row.type !== 'light') return;
    this.#waiting.push(row);
    this.#change({ waiting: this.#waiting.length });
    this.#go();
  }

  /** It takes no more; what it is at is given up. Resolves when it rests. */
  async stop(): Promise<void> {
    this.#waiting = [];
    this.#halt.abort(new Fault('refused', 'the stack was stopped'));
    await this.#work;
    if (this.#state.value.state === 'on') this.#change({ state: 'ended', waiting: 0 });
  }

  /** Gives up the stack and its memory. */
  async discard(): Promise<void> {
    await this.stop();
    const { id } = this.#state.value;
    this.#state.set(NONE);
    if (id) await this.#parts.worker.end(id);
  }

  /** Resolves when every exposure that waits was looked at. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** @throws Fault `refused` while it is empty, here and in `write` */
  preview(options: PreviewOptions): Promise<Uint8Array> {
    return this.#parts.worker.preview(this.#filled().id, options);
  }

  /** Writes it as it is. @returns path of a FITS file that is the caller's to delete */
  async write(): Promise<string> {
    const { id, seconds, endUtc } = this.#filled();
    const file = join(this.#parts.directory, `${randomUUID()}.fits`);
    await this.#parts.worker.write(id, file, { seconds, endUtc });
    return file;
  }

  #filled(): StackState {
    const { value } = this.#state;
    if (value.state === 'none') throw new Fault('refused', 'there is no stack: start one');
    if (value.state === 'lost') throw new Fault('gone', `the stack is lost: ${value.problem}`);
    if (value.frames === 0) throw new Fault('refused', 'the stack is still empty');
    return value;
  }

  #go(): void {
    this.#work ??= this.#addAll(this.#halt.signal).finally(() => {
      this.#work = undefined;
      // One may have been offered while the last was ending.
      if (this.#waiting.length > 0) this.#go();
    });
  }

  async #addAll(signal: AbortSignal): Promise<void> {
    for (let row = this.#waiting.shift(); row && !signal.aborted; row = this.#waiting.shift()) {
      try {
        await this.#add(row, signal);
      } catch (thrown) {
        if (!signal.aborted) this.#lose(asError(thrown));
        return;
      }
    }
    const { state, following } = this.#state.value;
    if (state === 'on' && !following && !signal.aborted) this.#change({ state: 'ended' });
  }

  async #add(row: ExposureRow, signal: AbortSignal): Promise<void> {
    const unfit = this.#unfit(row);
    if (unfit) return this.#refuse({ exposure: row.id, ...unfit });
    const { worker, pathOf } = this.#parts;
    try {
      const { figures, ...stacked } = await worker.add(this.#state.value.id, pathOf(row), signal);
      if (!stacked.added) return this.#refuse({ exposure: row.id, ...stacked });
      this.#first ??= row;
      const { object, filter } = this.#first;
      this.#change({
        ...figures,
        ...(object !== undefined && { object }),
        ...(filter !== undefined && { filter }),
        waiting: this.#waiting.length,
        seconds: this.#state.value.seconds + row.seconds,
        endUtc: Math.max(this.#state.value.endUtc, row.startUtc + 1000 * row.seconds),
      });
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof BadInput)) throw thrown;
      this.#refuse({ exposure: row.id, reason: 'unreadable', message: thrown.message });
    }
  }

  #unfit({ type, camera, filter }: ExposureRow): Omit<Refusal, 'exposure'> | undefined {
    if (type !== 'light') return { reason: 'no-light', message: `it is a ${type}` };
    const first = this.#first;
    if (!first) return undefined;
    if (camera !== first.camera) return { reason: 'other-camera', message: 'another camera has taken it' };
    if (filter !== first.filter) {
      const message = `it was taken through ${filter ?? 'no filter'}, the stack is of ${first.filter ?? 'none'}`;
      return { reason: 'other-filter', message };
    }
    return undefined;
  }

  #refuse({ exposure, reason, message }: Refusal): void {
    const { refused, refusals } = this.#state.value;
    this.#change({
      waiting: this.#waiting.length,
      refused: refused + 1,
      refusals: [...refusals, { exposure, reason, message }].slice(-MOST_REFUSALS),
    });
  }

  #lose({ message }: Error): void {
    this.#parts.log.warn(`the live stack is lost: ${message}`);
    this.#waiting = [];
    this.#change({ state: 'lost', waiting: 0, problem: message });
  }

  #change(changes: Partial<StackState>): void {
    this.#state.set({ ...this.#state.value, ...changes });
  }
}
