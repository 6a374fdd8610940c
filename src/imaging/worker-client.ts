import type { Clock } from '../core/clock.ts';
import { giveAway, startThread, type Thread } from '../core/thread.ts';
import type { RawLayout } from './arrange.ts';
import type { Frame, FrameShape } from './frame.ts';
import type { ImageSource, ImagingJobs, PreviewOptions } from './jobs.ts';
import type { UnpackedRaw } from './raw.ts';
import type { PixelStatistics } from './statistics.ts';

/** The imaging thread, from the outside: all work on pixels that takes longer than 5 ms. */
export class ImagingWorker {
  readonly #thread: Thread<ImagingJobs>;

  /** @param entry `src/worker.ts`, or its bundle */
  constructor(entry: URL, clock: Clock) {
    this.#thread = startThread<ImagingJobs>(entry, clock);
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
    return this.#thread.call('preview', { source: pixelsOf(source), options });
  }

  /** @param saturation ADU, default 65 535 */
  statistics(source: ImageSource, saturation = 65_535): Promise<PixelStatistics> {
    return this.#thread.call('statistics', { source: pixelsOf(source), saturation });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Without the camera's own file, which would be copied. */
function pixelsOf(source: ImageSource): ImageSource {
  if ('file' in source) return source;
  const { native, ...frame } = source;
  return frame;
}
