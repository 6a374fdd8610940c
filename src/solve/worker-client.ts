import type { Clock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import type { Thread } from '../core/thread.ts';
import { type ImageSource, sendable } from '../imaging/source.ts';
import type { SolveJobs, SolveOrder, Suffices } from './jobs.ts';
import { solveWithPeer } from './peers.ts';
import type { Solution } from './solution.ts';
import { displayedBottomUp } from './solve-image.ts';
import type { SolverName } from './solver-name.ts';

/** The solver in the imaging thread, from the outside; other programs run as children beside it. */
export class SolveWorker {
  readonly #thread: Thread<SolveJobs>;
  readonly #clock: Clock;

  constructor(thread: Thread<SolveJobs>, clock: Clock) {
    this.#thread = thread;
    this.#clock = clock;
  }

  /**
   * Where an image lies. That it cannot be said is a value, with the reason.
   * @throws BadInput for a file that is no FITS image or a program that is not installed, Fault `unsupported` without a
   * catalogue, the signal's reason
   */
  async solve(
    source: ImageSource,
    order: SolveOrder = {},
    { by = 'builtin', signal }: { by?: SolverName; signal?: AbortSignal } = {},
  ): Promise<Solution> {
    const options = signal ? { signal } : {};
    if (by === 'builtin') return this.#thread.call('solve', { source: sendable(source), order }, options);
    if (!('file' in source)) throw new BadInput(`${by} solves files only`);
    const { width, height, bottomUp, attempts } = await this.#thread.call(
      'prospect',
      { file: source.file, order },
      options,
    );
    let told: Solution | undefined;
    for (const hints of attempts) {
      const size = { width, height };
      const solution: Solution = await this.#clock.external(
        solveWithPeer(by, source.file, size, hints, { clock: this.#clock, ...options }),
      );
      if (solution.solved) return bottomUp ? displayedBottomUp(solution) : solution;
      told ??= solution;
    }
    return told!;
  }

  /** Whether the catalogue has the stars for fields of this size, degrees. @throws BadInput, Fault as `solve` */
  suffices(width: number, height: number): Promise<Suffices> {
    return this.#thread.call('suffices', { width, height });
  }
}
