import { giveAway, type Thread } from '../core/thread.ts';
import type { Analysis } from './analysis.ts';
import type { RawLayout } from './arrange.ts';
import type { PreviewOptions } from './encode.ts';
import type { Frame, FrameShape } from './frame.ts';
import type { ImagingJobs } from './jobs.ts';
import type { UnpackedRaw } from './raw.ts';
import { type ImageSource, sendable } from './source.ts';
import type { StarField } from './stars/star.ts';
import type { PixelStatistics } from './statistics.ts';

/** The imaging thread, from the outside: all work on pixels that takes longer than 5 ms. */
export class ImagingWorker {
  readonly #thread: Thread<ImagingJobs>;

  /** @param thread of `src/worker.ts`, or of its bundle; whoever has started it ends it */
  constructor(thread: Thread<ImagingJobs>) {
    this.#thread = thread;
  }

  /**
   * Fills the frame from a device's bytes and returns it with its data sum.
   * @param raw given away: unless its buffer is shared, it is empty afterwards
   * @throws Fault `garbled` for the wrong number of bytes or values the format cannot hold
   */
  async arrange(raw: Uint8Array, layout: RawLayout, frame: Frame): Promise<Frame> {
    const { bytes, transfer } = giveAway(raw);
    const dataSum = await this.#thread.call('arrange', { raw: bytes, layout, frame }, { transfer });
    return dataSum === undefined ? frame : { ...frame, dataSum };
  }

  /** Fills a frame of the file's shape from a whole FITS file, which is given away like `raw` above. */
  async adopt(file: Uint8Array, frame: Frame): Promise<Frame> {
    const { bytes, transfer } = giveAway(file);
    const dataSum = await this.#thread.call('adopt', { file: bytes, frame }, { transfer });
    return dataSum === undefined ? frame : { ...frame, dataSum };
  }

  /** The shape of the frame for a picture file. @throws BadInput for bytes that are no picture */
  measure(file: Uint8Array): Promise<FrameShape> {
    return this.#thread.call('measure', { file });
  }

  /** Fills a frame of that shape from the picture file. */
  async adoptPicture(file: Uint8Array, frame: Frame): Promise<Frame> {
    const dataSum = await this.#thread.call('adoptPicture', { file, frame });
    return dataSum === undefined ? frame : { ...frame, dataSum };
  }

  /** The mosaic in a photo camera's raw file, which is copied, not given away. @throws BadInput */
  unpackRaw(file: Uint8Array): Promise<UnpackedRaw> {
    return this.#thread.call('unpackRaw', { file });
  }

  /** A stretched picture, JPEG or WebP. @throws BadInput for a file that is no readable FITS image */
  preview(source: ImageSource, options: PreviewOptions): Promise<Uint8Array> {
    return this.#thread.call('preview', { source: sendable(source), options });
  }

  /** @param saturation ADU, default 65 535 */
  statistics(source: ImageSource, saturation = 65_535): Promise<PixelStatistics> {
    return this.#thread.call('statistics', { source: sendable(source), saturation });
  }

  /** The image's stars, brightest first. @param most in the list */
  stars(source: ImageSource, most: number): Promise<StarField> {
    return this.#thread.call('stars', { source: sendable(source), most });
  }

  /** What its stars say of the image. @throws the signal's reason */
  analyse(source: ImageSource, options: { signal?: AbortSignal } = {}): Promise<Analysis> {
    return this.#thread.call('analyse', { source: sendable(source) }, options);
  }
}
