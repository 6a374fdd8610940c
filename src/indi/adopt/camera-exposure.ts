import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Blob } from '../message.ts';
import type { Chip } from './camera-chip.ts';
import { isOfStream } from './camera-stream.ts';
import type { Hosted } from './hosted.ts';
import { command, halt, has } from './tools.ts';

/** From the end of the exposure to its image, should the image come second; and if the end is said to be an abort. */
const [IMAGE_MS, ENDED_MS] = [30_000, 2000];
/** An aborted exposure that is Busy for longer is not waited for. */
const REST_MS = 2000;
const PROGRESS_MS = 500;
/** Read-out and download on top of the exposure itself; the host's deadline is the one that counts. */
const READING_MS = 600_000;

/** An image of ours, until it is let go. */
interface Caught {
  readonly blob: Blob;
  letGo(): void;
}

/** Takes images of one chip, one after the other, and knows which of them is whose. */
export class Exposures {
  readonly #hosted: Hosted;
  readonly #chip: Chip;
  /** Until then (monotonic) the image of an aborted exposure may still be on its way. */
  #owedUntil = Number.NEGATIVE_INFINITY;

  constructor(hosted: Hosted, chip: Chip) {
    this.#hosted = hosted;
    this.#chip = chip;
  }

  /**
   * Exposes, and resolves with the image once the chip is free. A run that is stopped, or a fault on the way, aborts.
   * @throws Fault `refused` with the driver's words, `silent` when it does not answer or no image comes, `gone`
   */
  async take(seconds: number, run: Run): Promise<Caught> {
    run.signal.throwIfAborted();
    const { exposure, seconds: element } = this.#chip;
    const image = this.#catch(seconds, run);
    try {
      await command(this.#hosted, exposure, { [element]: seconds }, run, {
        timeoutMs: seconds * 1000 + READING_MS,
        answered: () => image.caught() !== undefined,
      });
      const ended = this.#hosted.property(exposure)?.state === 'Idle';
      const caught = await image.within(ended ? ENDED_MS : IMAGE_MS);
      this.#owedUntil = Number.NEGATIVE_INFINITY;
      return caught;
    } catch (error) {
      // Refused or gone: there is nothing to abort.
      const over = error instanceof Fault && error.kind !== 'silent';
      if (!over) await this.abort(run.clock);
      throw error;
    } finally {
      image.end();
    }
  }

  /** Throws away what is being exposed, whoever asked for it, and waits until the chip is free, 4 s at most. */
  async abort(clock: Clock): Promise<void> {
    const { abort, exposure } = this.#chip;
    this.#owedUntil = clock.monotonic() + IMAGE_MS;
    if (!has(this.#hosted, abort)) return;
    // Why the exposure ended says more than why its end went wrong.
    await halt(this.#hosted, clock, abort).catch(() => undefined);
    await this.#until(clock, exposure, () => !this.busy, REST_MS);
  }

  get busy(): boolean {
    return this.#hosted.property(this.#chip.exposure)?.state === 'Busy';
  }

  /** Resolves too when the time is over, the program gone or the run stopped. */
  #until(
    clock: Clock,
    property: string,
    reached: () => boolean,
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve) => {
      if (reached()) return resolve();
      const finish = () => {
        signal?.removeEventListener('abort', finish);
        cancel();
        for (const end of ends) end();
        resolve();
      };
      const cancel = clock.after(milliseconds, finish);
      const look = () => reached() && finish();
      const ends = [
        this.#hosted.watch(property, look),
        this.#hosted.watchBlobs(property, look),
        this.#hosted.alive.watch(finish),
      ];
      signal?.addEventListener('abort', finish, { once: true });
    });
  }

  /**
   * The next image that can be this exposure's. While one of an aborted exposure may still come, that is one after the
   * driver has taken up the new exposure, and not before half of it is over.
   */
  #catch(seconds: number, run: Run) {
    const { exposure, image } = this.#chip;
    const { clock } = run;
    let begunAt: number | undefined;
    let caught: Caught | undefined;
    let given = false;
    const elapsedMs = () => (begunAt === undefined ? 0 : clock.monotonic() - begunAt);
    const report = () => {
      run.report({ fraction: Math.min(1, elapsedMs() / Math.max(1, seconds * 1000)) });
      cancel = clock.after(PROGRESS_MS, report);
    };
    let cancel = () => {};
    const ends = [
      this.#hosted.watch(exposure, (seen) => {
        if (seen?.state !== 'Busy' || begunAt !== undefined) return;
        begunAt = clock.monotonic();
        report();
      }),
      this.#hosted.watchBlobs(image, (blob, hold) => {
        if (isOfStream(blob) || blob.bytes.length === 0 || caught) return;
        const owed = clock.monotonic() < this.#owedUntil;
        if (owed && (begunAt === undefined || elapsedMs() < seconds * 500)) return;
        caught = { blob, letGo: hold() };
      }),
    ];
    return {
      caught: () => caught,
      within: async (milliseconds: number) => {
        await this.#until(clock, image, () => caught !== undefined, milliseconds, run.signal);
        run.signal.throwIfAborted();
        if (caught) {
          given = true;
          return caught;
        }
        const { device } = this.#hosted;
        if (milliseconds === ENDED_MS)
          throw new Fault('refused', `${device}: somebody else ended the exposure`);
        throw new Fault('silent', `${device}: the exposure ended, but no image came`);
      },
      end: () => {
        cancel();
        for (const end of ends) end();
        if (!given) caught?.letGo();
      },
    };
  }
}
