import { debayeredRows } from '../debayer.ts';
import { allocateFrame, type Frame, pixelsOf } from '../frame.ts';
import { type Kernels, sharedKernels } from '../kernels/kernels.ts';
import type { Room } from '../kernels/room.ts';
import type { PixelFile } from '../pixel-file.ts';
import type { Pixels } from '../pixels.ts';
import { type RowSource, reducedRows } from '../reduce.ts';
import type { StarField } from '../stars/star.ts';
import { type Alignment, alignStars } from './align.ts';
import { ClippedMean } from './clipped-mean.ts';
import { resample } from './resample.ts';
import { inverse, reducedBy, type Similarity } from './similarity.ts';
import { type Sky, skyOf } from './sky.ts';

export interface StackOptions {
  /** Memory for the pixels of the stack: larger images are stacked in reduced size. */
  readonly mostBytes?: number;
  /** Standard deviations beyond which a value is kept out of the mean. */
  readonly clip?: number;
}

export type RejectReason = 'other-camera' | 'few-stars' | 'trailed' | 'blurred' | 'no-match' | 'clouds';

/** What became of a frame. */
export type Stacked =
  | {
      readonly added: true;
      /** From the frame's pixels to the first frame's. */
      readonly transform: Similarity;
      /** Stars that agree, and how well, pixels; of the first frame itself: all of them, and 0. */
      readonly matched: number;
      readonly rms: number;
    }
  | { readonly added: false; readonly reason: RejectReason; readonly message: string };

/** A colour camera of 26 megapixels is stacked by 4 × 4, and the whole unit stays within 300 MB. */
const MOST_BYTES = 64 * 2 ** 20;
const CLIP = 3;
const FEWEST_STARS = 6;
/** A star twice as long as it is wide. */
const TRAILED = 0.87;
/** Times the usual half-flux radius. */
const BLURRED = 1.5;
/** The stars of a frame that are fainter than this share of the first one's cannot help it. */
const FAINTEST = 0.4;
const UNMOVED: Similarity = { a: 1, b: 0, dx: 0, dy: 0 };

/**
 * A picture that grows with every frame: aligned by stars to the first one that is good enough, brought to its level of
 * sky and starlight, averaged without what does not belong there. Colour of a Bayer camera. It holds no frame, only the
 * means; frames are read in bands.
 */
export class LiveStack {
  readonly #kernels: Kernels;
  readonly #options: Required<StackOptions>;
  #first: { field: StarField; sky: Sky; pixels: ClippedMean; factor: number; shape: string } | undefined;
  readonly #radii: number[] = [];

  constructor(options: StackOptions = {}, kernels: Kernels = sharedKernels()) {
    this.#options = { mostBytes: MOST_BYTES, clip: CLIP, ...options };
    this.#kernels = kernels;
  }

  /** Frames in it. */
  get frames(): number {
    return this.#radii.length;
  }

  /** Side of the square of camera pixels that became one; undefined while it is empty. */
  get factor(): number | undefined {
    return this.#first?.factor;
  }

  /** Share of all values that were kept out. */
  get rejectedShare(): number {
    if (!this.#first) return 0;
    const { width, height, rejected } = this.#first.pixels;
    return rejected / (width * height * this.frames);
  }

  /**
   * Adds a frame or says why not.
   * @param field its stars, as `findStars` gives them
   * @param check called every few milliseconds; when it throws, part of the frame has been added, which harms nothing
   */
  add(view: Pixels, field: StarField, check?: () => void): Stacked {
    const unfit = this.#unfit(view, field);
    if (unfit) return unfit;
    const factor = this.#first?.factor ?? factorFor(view, this.#options.mostBytes);
    return this.#kernels.within((room) => {
      const source = sourceOf(view, factor, this.#kernels, room);
      const sky = skyOf(source, check);
      const first = this.#first ?? this.#begin(view, field, sky, source, factor);
      // Not by the count of frames: the adding of the first one may have been stopped.
      const alignment =
        first.field === field ? itself(field) : alignStars(first.field.stars, field.stars, field, check);
      if (!alignment) {
        return rejected(
          'no-match',
          'its stars are not those of the stack: another field, or too few in common',
        );
      }
      const { brighter, transform, matched, rms } = alignment;
      if (!(brighter < 1 / FAINTEST)) {
        return rejected(
          'clouds',
          `its stars are ${brighter.toFixed(1)} times fainter than those of the stack`,
        );
      }
      const levelling = {
        gain: brighter,
        offsets: first.sky.levels.map((wanted, channel) => wanted - brighter * sky.levels[channel]!),
        sky: mean(first.sky.levels),
        noise: Math.max(first.sky.noise, brighter * sky.noise),
      };
      const { pixels } = first;
      const toSource = reducedBy(inverse(transform), factor);
      resample(
        source,
        { width: pixels.width, height: pixels.height, toSource },
        (y, from, end, values) => pixels.add(y, from, end, values, levelling),
        check,
      );
      this.#radii.push(field.whole.hfr);
      return { added: true, transform, matched, rms } as const;
    });
  }

  /** The mean as it is now, f32, NaN where no frame reached; undefined while it is empty. */
  picture(check?: () => void): Frame | undefined {
    const pixels = this.pixels();
    if (!pixels) return undefined;
    const { width, height } = pixels;
    const frame = allocateFrame({ width, height, planes: pixels.planes === 3 ? 3 : 1, format: 'f32' });
    const bytes = pixelsOf(frame);
    for (let at = 0; at < bytes.length; at += PIECE) {
      check?.();
      pixels.read(at, bytes.subarray(at, at + PIECE));
    }
    return frame;
  }

  /** The same, to be read in pieces: it is not copied, and changes with each frame that is added. */
  pixels(): PixelFile | undefined {
    const pixels = this.#first?.pixels;
    if (!pixels) return undefined;
    const { width, height, means } = pixels;
    return {
      ...{ width, height, planes: means.length, bitpix: -32, zero: 0, scale: 1, header: new Map() },
      read: (start, into) => pixels.read(start, into),
      close() {},
    };
  }

  /** Gives its memory back; it is empty then. */
  release(): void {
    this.#first?.pixels.release();
    this.#first = undefined;
    this.#radii.length = 0;
  }

  #begin(view: Pixels, field: StarField, sky: Sky, { width, height, channels }: RowSource, factor: number) {
    const pixels = new ClippedMean(width, height, channels, this.#options.clip);
    this.#first = { field, sky, pixels, factor, shape: shapeOf(view) };
    return this.#first;
  }

  #unfit(view: Pixels, { stars, whole }: StarField): Stacked | undefined {
    const { stars: counted, eccentricity, hfr } = whole;
    if (this.#first && this.#first.shape !== shapeOf(view)) {
      return rejected('other-camera', `it is ${shapeOf(view)}, the stack is of ${this.#first.shape}`);
    }
    if (stars.length < FEWEST_STARS) {
      return rejected(
        'few-stars',
        `it shows ${stars.length} stars, ${FEWEST_STARS} are needed: clouds, or too short`,
      );
    }
    if (counted >= FEWEST_STARS && eccentricity > TRAILED) {
      return rejected('trailed', 'its stars are lines: the mount was moving, or the guiding lost');
    }
    const usual = median(this.#radii);
    if (hfr > BLURRED * usual) {
      return rejected(
        'blurred',
        `its stars are ${(hfr / usual).toFixed(1)} times as large as usual: focus, or clouds`,
      );
    }
    return undefined;
  }
}

/** Bytes between two looks at whether to stop. */
const PIECE = 1 << 21;

const rejected = (reason: RejectReason, message: string): Stacked => ({ added: false, reason, message });

const itself = ({ stars }: StarField): Alignment => ({
  transform: UNMOVED,
  matched: stars.length,
  rms: 0,
  brighter: 1,
});

const shapeOf = ({ width, height, planes, bayer }: Pixels): string =>
  `${width} × ${height} pixels${bayer ? ` ${bayer}` : planes >= 3 ? ' in colour' : ''}`;

const sourceOf = (view: Pixels, factor: number, kernels: Kernels, room: Room): RowSource =>
  view.bayer && factor === 1 ? debayeredRows(view, kernels, room) : reducedRows(view, factor, kernels, room);

/** The smallest of 1, 2, 4 … with which the stack fits. */
function factorFor({ width, height, planes, bayer }: Pixels, mostBytes: number): number {
  const channels = bayer || planes >= 3 ? 3 : 1;
  let factor = 1;
  while (ClippedMean.bytes(Math.floor(width / factor), Math.floor(height / factor), channels) > mostBytes) {
    factor *= 2;
  }
  return factor;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const median = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return known[known.length >> 1] ?? Number.POSITIVE_INFINITY;
};
