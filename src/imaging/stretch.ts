/** Where the sky's background is put, and how far below it black begins: the field's usual screen transfer. */
const BACKGROUND = 0.25;
const SHADOWS = -2.8;
/** The standard deviation of a normal distribution over its median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;

/** The midtones transfer function: 0 → 0, m → ½, 1 → 1 (PixInsight reference, HistogramTransformation). */
export const midtones = (m: number, x: number): number =>
  x <= 0 ? 0 : x >= 1 ? 1 : ((m - 1) * x) / ((2 * m - 1) * x - m);

export interface Transfer {
  /** Value, 0…1, that becomes black. */
  readonly shadows: number;
  /** Midtones balance of what lies above, 0…1. */
  readonly midtones: number;
}

/** @param median and @param mad of pixels scaled to 0…1 */
export function autoTransfer(median: number, mad: number): Transfer {
  // Without any spread (a blank image) black would fall on the background itself.
  const sigma = Math.max(SIGMA_PER_MAD * mad, 1e-4);
  const shadows = Math.max(0, median + SHADOWS * sigma);
  return { shadows, midtones: midtones(BACKGROUND, (median - shadows) / (1 - shadows || 1)) };
}

const STEPS = 65_536;

/** The range of a pixel format to its eight bits on the screen. */
export interface Screen {
  readonly low: number;
  readonly high: number;
  readonly levels: Uint8Array;
}

/** Stretches by the pixels' own statistics. @param high the value of white, saturation */
export function screenOf(pixels: Float32Array, low: number, high: number): Screen {
  const histogram = new Uint32Array(STEPS);
  const scale = (STEPS - 1) / (high - low || 1);
  for (let index = 0; index < pixels.length; index++) histogram[step((pixels[index]! - low) * scale)]!++;
  const median = quantile(histogram, pixels.length);
  const deviations = new Uint32Array(STEPS);
  histogram.forEach((count, value) => {
    deviations[Math.abs(value - median)]! += count;
  });
  const mad = quantile(deviations, pixels.length);
  const transfer = autoTransfer(median / (STEPS - 1), mad / (STEPS - 1));
  const range = 1 - transfer.shadows || 1;
  const levels = Uint8Array.from({ length: STEPS }, (_, value) => {
    const x = (value / (STEPS - 1) - transfer.shadows) / range;
    return Math.round(255 * midtones(transfer.midtones, x));
  });
  return { low, high, levels };
}

/** Writes every `stride`th byte of `into`, from `offset`. */
export function stretch(
  pixels: Float32Array,
  screen: Screen,
  into: Uint8Array,
  offset = 0,
  stride = 1,
): void {
  const scale = (STEPS - 1) / (screen.high - screen.low || 1);
  for (let index = 0, at = offset; index < pixels.length; index++, at += stride) {
    into[at] = screen.levels[step((pixels[index]! - screen.low) * scale)]!;
  }
}

const step = (value: number): number => (value <= 0 ? 0 : value >= STEPS - 1 ? STEPS - 1 : (value + 0.5) | 0);

/** The step by which half of the `total` is reached. */
function quantile(histogram: Uint32Array, total: number): number {
  let below = 0;
  return Math.max(
    0,
    histogram.findIndex((count) => {
      below += count;
      return below * 2 >= total;
    }),
  );
}
