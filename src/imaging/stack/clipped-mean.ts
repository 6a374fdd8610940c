/** How a frame is brought to the level of the first: value × gain + offset of each channel. */
export interface Levelling {
  readonly gain: number;
  readonly offsets: readonly number[];
  /** Mean of the channels of the first frame's sky, ADU. */
  readonly sky: number;
  /** Standard deviation of a pixel of the levelled frame where no star is, ADU, of the mean of the channels. */
  readonly noise: number;
}

/** What is expected of a pixel's scatter before it is seen counts as much as so many frames. */
const PRIOR_FRAMES = 4;
/** Share of its light above the sky by which a pixel may scatter besides: seeing and what alignment leaves. */
const SEEING = 0.25;
const MOST_FRAMES = 65_535;

/**
 * A running mean of each pixel, from which values that lie too many standard deviations off are kept out: satellites,
 * aircraft, cosmic rays, hot pixels of a camera that moves. Welford's mean and variance; as two frames show no variance,
 * what is expected of it (the noise of the sky, and seeing in stars) has the say of some frames. Colours are judged
 * together by their mean, so that none is left behind. 10 bytes a pixel, 18 in colour.
 */
export class ClippedMean {
  readonly width: number;
  readonly height: number;
  /** One or three planes. */
  readonly means: readonly Float32Array[];
  /** Frames that have a say in each pixel. */
  readonly counts: Uint16Array;
  /**
   * Sum of squared deviations of the mean of the channels. Below zero, in pixels of one frame: how far above its value a
   * rival lies, that did not agree with it.
   */
  readonly #squares: Float32Array;
  readonly #clip: number;
  /** Values kept out so far. */
  rejected = 0;

  /** @param clip standard deviations */
  constructor(width: number, height: number, channels: 1 | 3, clip: number) {
    this.width = width;
    this.height = height;
    this.means = Array.from({ length: channels }, () => new Float32Array(width * height));
    this.counts = new Uint16Array(width * height);
    this.#squares = new Float32Array(width * height);
    this.#clip = clip;
  }

  static bytes(width: number, height: number, channels: 1 | 3): number {
    return width * height * (4 * channels + 6);
  }

  /** Fills `into` with the means as FITS stores them (BITPIX −32, NaN where there is none), from byte `start` of all planes. */
  read(start: number, into: Uint8Array): void {
    const bytes = new DataView(into.buffer, into.byteOffset, into.length);
    const size = this.counts.length;
    for (let at = start / 4, to = 0; to < into.length; ) {
      const plane = this.means[Math.floor(at / size)]!;
      const first = at % size;
      const end = Math.min(size, first + (into.length - to) / 4);
      for (let from = first; from < end; from++, to += 4) {
        bytes.setFloat32(to, this.counts[from] === 0 ? Number.NaN : plane[from]!);
      }
      at += end - first;
    }
  }

  /** Gives the memory back at once: the collector sees only some small objects. Nothing may be asked of it after. */
  release(): void {
    for (const { buffer } of [...this.means, this.counts, this.#squares]) (buffer as ArrayBuffer).transfer(0);
  }

  /** Values of pixels first…end − 1 of a row; NaN has no weight. */
  add(y: number, first: number, end: number, values: readonly Float32Array[], levelling: Levelling): void {
    const row = {
      from: y * this.width + first,
      values: values.map((channel) => channel.subarray(first, end)),
    };
    const { gain, offsets, sky, noise } = levelling;
    const judge = { gain, offsets, sky, expected: PRIOR_FRAMES * noise ** 2, clip: this.#clip ** 2 };
    this.rejected += this.means.length === 1 ? this.#addGrey(row, judge) : this.#addColour(row, judge);
  }

  #addGrey({ from, values: [values] }: Row, { gain, offsets: [offset], sky, expected, clip }: Judge): number {
    const to = from + values!.length;
    const means = this.means[0]!.subarray(from, to);
    const [counts, squares] = [this.counts.subarray(from, to), this.#squares.subarray(from, to)];
    let rejected = 0;
    for (let x = 0; x < means.length; x++) {
      const value = values![x]! * gain + offset!;
      const count = counts[x]!;
      const mean = means[x]!;
      const known = squares[x]!;
      const deviation = value - mean;
      if (fits(deviation, count, known, mean - sky, expected, clip)) {
        const change = deviation / (count + 1);
        means[x] = mean + change;
        // The first value deviates from nothing.
        if (count > 0) squares[x] = Math.max(known, 0) + deviation * (deviation - change);
        if (count < MOST_FRAMES) counts[x] = count + 1;
      } else if (!Number.isNaN(value)) {
        rejected++;
        if (count > 1) continue;
        const wins = outvotes(deviation, known, mean - sky, expected, clip);
        if (wins) means[x] = value;
        squares[x] = rivalAfter(deviation, wins);
      }
    }
    return rejected;
  }

  #addColour(
    { from, values: [reds, greens, blues] }: Row,
    { gain, offsets, sky, expected, clip }: Judge,
  ): number {
    const to = from + reds!.length;
    const [red, green, blue] = this.means.map((plane) => plane.subarray(from, to)) as Planes;
    const [counts, squares] = [this.counts.subarray(from, to), this.#squares.subarray(from, to)];
    const [r0, g0, b0] = offsets as [number, number, number];
    let rejected = 0;
    for (let x = 0; x < red.length; x++) {
      const r = reds![x]! * gain + r0 - red[x]!;
      const g = greens![x]! * gain + g0 - green[x]!;
      const b = blues![x]! * gain + b0 - blue[x]!;
      const deviation = (r + g + b) / 3;
      const count = counts[x]!;
      const known = squares[x]!;
      const light = (red[x]! + green[x]! + blue[x]!) / 3 - sky;
      const fit = fits(deviation, count, known, light, expected, clip);
      if (!fit) {
        if (Number.isNaN(deviation)) continue;
        rejected++;
        if (count > 1) continue;
        const wins = outvotes(deviation, known, light, expected, clip);
        squares[x] = rivalAfter(deviation, wins);
        if (!wins) continue;
      }
      const share = fit ? 1 / (count + 1) : 1;
      red[x] = red[x]! + r * share;
      green[x] = green[x]! + g * share;
      blue[x] = blue[x]! + b * share;
      if (!fit) continue;
      if (count > 0) squares[x] = Math.max(known, 0) + deviation * deviation * (1 - share);
      if (count < MOST_FRAMES) counts[x] = count + 1;
    }
    return rejected;
  }
}

type Planes = [Float32Array, Float32Array, Float32Array];

/** Values of each channel, and the pixel to which the first of them belongs. */
interface Row {
  readonly from: number;
  readonly values: readonly Float32Array[];
}

interface Judge {
  readonly gain: number;
  readonly offsets: readonly number[];
  readonly sky: number;
  /** Variance of the sky, with the weight of what is expected. */
  readonly expected: number;
  /** Square of the standard deviations beyond which a value is kept out. */
  readonly clip: number;
}

/**
 * Whether a value belongs to a pixel with that many others; NaN never does.
 * @param light of the mean, above the sky
 */
function fits(
  deviation: number,
  count: number,
  squares: number,
  light: number,
  expected: number,
  clip: number,
): boolean {
  if (count === 0) return !Number.isNaN(deviation);
  // A single value may be the one that is too bright.
  const believed = count === 1 && deviation < 0 ? light + deviation : light;
  const seeing = SEEING * Math.max(believed, 0);
  const variance = expected + PRIOR_FRAMES * seeing * seeing + Math.max(squares, 0);
  return deviation * deviation * (PRIOR_FRAMES - 1 + count) * count <= clip * variance * (count + 1);
}

/**
 * Whether a value takes the place of a single one that it disagrees with. Of two the fainter is believed, for what passes
 * through a field is bright; of three those two that agree.
 */
const outvotes = (deviation: number, rival: number, light: number, expected: number, clip: number): boolean =>
  deviation < 0 || (rival < 0 && fits(deviation + rival, 1, 0, light - rival, expected, clip));

/** The rival that stays: the value that had to go, or did not get in; none where two have agreed. */
const rivalAfter = (deviation: number, wins: boolean): number =>
  deviation < 0 ? deviation : wins ? 0 : -deviation;
