import { cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import type { Ending, Run } from '../core/run.ts';

const HOUR_MS = 3_600_000;
/** A guider pulses every second; the book keeps the latest and no more. */
const MOST = 2000;

/** A run as the book shows it; of one that ended only the words are left: pixels must not stay for the hour. */
export type BookedRun = Pick<Run, 'id' | 'name' | 'startedUtc' | 'progress' | 'ending' | 'stop'>;

interface Entry {
  run: BookedRun;
  device?: string;
  endedUtc?: number;
}

/** Everything in progress, and what ended within the hour. */
export class RunBook {
  readonly #clock: Clock;
  readonly #runs = new Map<string, Entry>();
  readonly #listeners = new Set<(run: BookedRun) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(run: Run, device?: string): void {
    const entry: Entry = device === undefined ? { run } : { run, device };
    this.#runs.set(run.id, entry);
    const tell = () => {
      for (const listener of this.#listeners) listener(entry.run);
    };
    const forward = run.progress.watch(tell);
    const end = () => {
      forward();
      entry.endedUtc = this.#clock.now();
      entry.run = lightened(run);
      tell();
      this.#forget();
    };
    run.outcome.then(end, end);
    tell();
    this.#forget();
  }

  find(id: string): BookedRun | undefined {
    return this.#runs.get(id)?.run;
  }

  /** Oldest first. */
  list(): readonly Readonly<Entry>[] {
    this.#forget();
    return [...this.#runs.values()];
  }

  /** Calls at every start, change of progress and end. */
  watch(listener: (run: BookedRun) => void): () => void {
    const own = (run: BookedRun) => listener(run);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #forget(): void {
    const now = this.#clock.now();
    const before = now - HOUR_MS;
    for (const [id, { endedUtc }] of this.#runs) {
      if (endedUtc === undefined) continue;
      if (endedUtc >= before && this.#runs.size <= MOST) break;
      this.#runs.delete(id);
    }
  }
}

/** The same words without the pixels: of a shot its facts stay. */
function lightened({ id, name, startedUtc, progress, ending }: BookedRun): BookedRun {
  const kept: Ending<unknown> | undefined =
    ending.value?.state === 'returned'
      ? { state: 'returned', value: factsOf(ending.value.value) }
      : ending.value;
  return { id, name, startedUtc, progress: cell(progress.value), ending: cell(kept), stop() {} };
}

function factsOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'facts' in value ? { facts: value.facts } : undefined;
}
