import type { Thread } from '../../core/thread.ts';
import type { PreviewOptions } from '../encode.ts';
import type { StackFigures, StackJobs } from './jobs.ts';
import type { Stacked } from './live-stack.ts';
import type { StackFacts } from './stack-file.ts';

/**
 * The live stack in the imaging thread, from the outside. Every call but `begin` and `end` throws Fault `gone` once the
 * stack of that name was lost with its thread.
 */
export class StackWorker {
  readonly #thread: Thread<StackJobs>;

  constructor(thread: Thread<StackJobs>) {
    this.#thread = thread;
  }

  /** A new stack in place of the present one. */
  begin(stack: string): Promise<void> {
    return this.#thread.call('stackBegin', { stack });
  }

  /** @throws BadInput for a file that is no FITS image, the signal's reason */
  add(stack: string, file: string, signal: AbortSignal): Promise<Stacked & { figures: StackFigures }> {
    return this.#thread.call('stackAdd', { stack, source: { file } }, { signal });
  }

  /** @throws Fault `refused` while it is empty, here and in `write` */
  preview(stack: string, options: PreviewOptions): Promise<Uint8Array> {
    return this.#thread.call('stackPreview', { stack, options });
  }

  /** As a FITS file of 32-bit reals. @param file must not be there */
  write(stack: string, file: string, facts: Pick<StackFacts, 'seconds' | 'endUtc'>): Promise<void> {
    return this.#thread.call('stackWrite', { stack, file, ...facts });
  }

  end(stack: string): Promise<void> {
    return this.#thread.call('stackEnd', { stack });
  }
}
