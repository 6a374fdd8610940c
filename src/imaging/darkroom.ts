import { describeFile } from './adopt-fits.ts';
import type { RawLayout } from './arrange.ts';
import type { FrameBudget } from './budget.ts';
import type { Header } from './fits-header.ts';
import type { Frame, FrameShape } from './frame.ts';
import type { ImagingWorker } from './worker-client.ts';

/** Makes frames of what cameras send. */
export interface Darkroom {
  /**
   * Waits for room, then arranges the bytes in the imaging thread. The frame has one user, the caller.
   * @param raw given away: unless its buffer is shared, it is empty afterwards
   * @throws Fault `garbled` for bytes that are not this shape's, `refused` for a frame larger than the budget
   */
  develop(shape: FrameShape, raw: Uint8Array, layout: RawLayout, signal?: AbortSignal): Promise<Frame>;
  /**
   * A foreign camera's FITS file as a frame, with its header. The file is given away too.
   * @throws BadInput for bytes that are no FITS image
   */
  developFits(file: Uint8Array, signal?: AbortSignal): Promise<{ frame: Frame; header: Header }>;
  /**
   * A JPEG, PNG or TIFF picture of 8 bits as a frame, its rows as they are stored. The file is not given away.
   * @throws BadInput for bytes that are no picture
   */
  developPicture(file: Uint8Array, signal?: AbortSignal): Promise<Frame>;
  /**
   * A photo camera's raw file (CR2, NEF, ARW …) as a frame: the visible part of its mosaic. The file stays the caller's.
   * @throws BadInput for bytes that are no raw file
   */
  developRaw(file: Uint8Array, signal?: AbortSignal): Promise<Frame>;
  /** One more user of a developed frame. */
  retain(frame: Frame): void;
  release(frame: Frame): void;
}

export function createDarkroom(parts: {
  worker: Pick<ImagingWorker, 'arrange' | 'adopt' | 'measure' | 'adoptPicture' | 'unpackRaw'>;
  budget: FrameBudget;
}): Darkroom {
  const { worker, budget } = parts;
  const fill = async (
    shape: FrameShape,
    signal: AbortSignal | undefined,
    by: (frame: Frame) => Promise<Frame>,
  ) => {
    const frame = await budget.allocate(shape, signal);
    try {
      return await by(frame);
    } catch (error) {
      budget.release(frame);
      throw error;
    }
  };
  return {
    develop: (shape, raw, layout, signal) =>
      fill(shape, signal, (frame) => worker.arrange(raw, layout, frame)),
    async developFits(file, signal) {
      const { header, shape } = describeFile(file);
      return { frame: await fill(shape, signal, (frame) => worker.adopt(file, frame)), header };
    },
    async developPicture(file, signal) {
      const shape = await worker.measure(file);
      return fill(shape, signal, (frame) => worker.adoptPicture(file, frame));
    },
    async developRaw(file, signal) {
      const { width, height, bayer, pixels } = await worker.unpackRaw(file);
      const shape: FrameShape = { width, height, format: 'u16', ...(bayer && { bayer }) };
      const layout: RawLayout = { element: 'u16', order: 'row-major' };
      return fill(shape, signal, (frame) => worker.arrange(pixels, layout, frame));
    },
    retain: (frame) => budget.retain(frame),
    release: (frame) => budget.release(frame),
  };
}
