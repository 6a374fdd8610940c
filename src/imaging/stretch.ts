/** Where the sky's background is put, and how far below it black begins: the field's usual screen transfer. */
const BACKGROUND = 0.25;
const SHADOWS = -2.8;
/** The standard deviation of a normal distribution over its median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;
/** Of the range: without any spread (a blank image) black would fall on the background itself. */
const SPREAD_OF_BLANK = 1e-4;

/** The midtones transfer function: 0 → 0, m → ½, 1 → 1 (PixInsight reference, HistogramTransformation). */
export const midtones = (m: number, x: number): number =>
  x <= 0 ? 0 : x >= 1 ? 1 : ((m - 1) * x) / ((2 * m - 1) * x - m);

/** In physical values. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How physical values come to the screen. */
export interface Transfer {
  /** Values that become black and white. */
  readonly black: number;
  readonly white: number;
  /** Balance of what lies between, 0…1: this part of the way becomes mid grey. */
  readonly midtones: number;
}

export interface Background {
  readonly median: number;
  readonly sigma: number;
}

/** @param samples finite values; they are reordered */
export function backgroundOf(samples: Float32Array): Background {
  if (samples.length === 0) return { median: 0, sigma: 0 };
  const median = middleOf(samples);
  for (let index = 0; index < samples.length; index++) samples[index] = Math.abs(samples[index]! - median);
  return { median, sigma: SIGMA_PER_MAD * middleOf(samples) };
}

const middleOf = (samples: Float32Array): number => samples.sort()[samples.length >> 1]!;

/** Puts the background on a dark grey, whatever it is. */
export function autoTransfer({ median, sigma }: Background, { low, high }: Range): Transfer {
  const spread = sigma || SPREAD_OF_BLANK * (high - low);
  const black = Math.max(low, median + SHADOWS * spread);
  return { black, white: high, midtones: midtones(BACKGROUND, (median - black) / (high - black || 1)) };
}

/** As the pixels are. */
export const linearTransfer = ({ low, high }: Range): Transfer => ({
  black: low,
  white: high,
  midtones: 0.5,
});
