import type { Clock } from '../core/clock.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Run } from '../core/run.ts';
import { ANALYSED_STARS, ANALYSIS_VERSION, analysisOf } from '../imaging/analysis.ts';
import type { StarField } from '../imaging/stars/star.ts';
import type { ImagingWorker } from '../imaging/worker-client.ts';
import type { SolveOrder } from '../solve/jobs.ts';
import type { Solution } from '../solve/solution.ts';
import type { SolverName } from '../solve/solver-name.ts';
import type { SolveWorker } from '../solve/worker-client.ts';
import type { Ledger } from '../storage/ledger.ts';
import type { ExposureRow } from '../storage/rows.ts';

export interface ExaminerParts {
  imaging: Pick<ImagingWorker, 'stars' | 'analyse'>;
  solver: Pick<SolveWorker, 'solve'>;
  ledger: Pick<Ledger, 'unseen' | 'analyse' | 'solve' | 'pathOf'>;
  clock: Clock;
  log: Log;
}

/** Lights of this time are looked at by themselves; older ones when somebody asks for their stars. */
const RECENT_MS = 24 * 3_600_000;

/** They take turns; who asks for more is in error. */
const MOST_SOLVES = 8;

/**
 * What becomes known of exposures after they are stored: how sharp they are, by itself, and where they point, when
 * asked. The ledger is the queue: a light without an analysis is one that is waiting, after whatever end.
 */
export class Examiner {
  readonly #parts: ExaminerParts;
  readonly #listeners = new Set<(id: string) => void>();
  readonly #stop = new AbortController();
  readonly #solving = new Map<string, Run<Solution>>();
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(parts: ExaminerParts) {
    this.#parts = parts;
  }

  /** Calls with the exposure's id after each change of its row. */
  watch(listener: (id: string) => void): () => void {
    const own = (id: string) => listener(id);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** There may be lights that nobody has looked at: the latest comes first, one at a time. */
  look(): void {
    if (this.#stop.signal.aborted) return;
    this.#again = true;
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
      // Somebody may have called while the last one was ending.
      if (this.#again) this.look();
    });
  }

  /** Resolves when every recent light has its analysis. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  /** The stars of an exposure, brightest first; what they say of it is kept where nothing was. @param most in the list */
  async stars(row: ExposureRow, most: number): Promise<StarField> {
    const { imaging, ledger } = this.#parts;
    const field = await imaging.stars({ file: ledger.pathOf(row) }, Math.max(most, ANALYSED_STARS));
    if (row.analysis?.version !== ANALYSIS_VERSION) await this.#keep(row.id, analysisOf(field));
    return { ...field, stars: field.stars.slice(0, most) };
  }

  /**
   * Finds out where an exposure points; the answer, whatever it is, is kept in its row. A later question about the same
   * exposure supersedes the earlier one.
   * @throws Fault `busy` when too many are waiting
   */
  solve(row: ExposureRow, order: SolveOrder, by?: SolverName): Run<Solution> {
    const { clock, solver, ledger } = this.#parts;
    this.#solving.get(row.id)?.stop('superseded');
    if (!this.#solving.has(row.id) && this.#solving.size >= MOST_SOLVES)
      throw new Fault('busy', 'busy: other exposures are being solved');
    const run = Run.start<Solution>(clock, 'plate solving', async ({ signal }) => {
      const solution = await solver.solve({ file: ledger.pathOf(row) }, order, { signal, ...(by && { by }) });
      await ledger.solve(row.id, solution);
      this.#tell(row.id);
      return solution;
    });
    this.#solving.set(row.id, run);
    const end = () => {
      if (this.#solving.get(row.id) === run) this.#solving.delete(row.id);
    };
    run.outcome.then(end, end);
    return run;
  }

  /** Stops looking; what was not looked at waits for the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    const solving = [...this.#solving.values()];
    for (const run of solving) run.stop('shutdown');
    await Promise.allSettled([this.#looking, ...solving.map(({ outcome }) => outcome)]);
  }

  async #lookAtAll(): Promise<void> {
    const { ledger, clock, log } = this.#parts;
    try {
      while (this.#again && !this.#stop.signal.aborted) {
        this.#again = false;
        const since = clock.now() - RECENT_MS;
        const [row] = await ledger.unseen({ version: ANALYSIS_VERSION, since, limit: 1 });
        if (!row) continue;
        this.#again = true;
        await this.#lookAt(row);
      }
    } catch (thrown) {
      this.#again = false;
      if (!this.#stop.signal.aborted) log.warn(`exposures are not analysed: ${asError(thrown).message}`);
    }
  }

  /** Once, whatever comes of it: a file that the worker dies of must not kill it again and again. */
  async #lookAt(row: ExposureRow): Promise<void> {
    const { imaging, ledger, log } = this.#parts;
    const { signal } = this.#stop;
    const analysis = await imaging.analyse({ file: ledger.pathOf(row) }, { signal }).catch((thrown) => {
      signal.throwIfAborted();
      const problem = asError(thrown).message;
      log.warn({ exposure: row.id }, `not analysed: ${problem}`);
      return { problem };
    });
    await this.#keep(row.id, analysis);
  }

  async #keep(id: string, result: object): Promise<void> {
    await this.#parts.ledger.analyse(id, ANALYSIS_VERSION, result);
    this.#tell(id);
  }

  #tell(id: string): void {
    for (const listener of [...this.#listeners]) listener(id);
  }
}
