import type { StarField, StarStatistics } from './stars/star.ts';

/** Raised when the figures below mean something else than before: what older versions said is then found out anew. */
export const ANALYSIS_VERSION = 1;

/** The brightest of them give the figures: enough for each ninth of the image, and no more time. */
export const ANALYSED_STARS = 2000;

/** What a part of an image says of its stars; a figure that no star gives is absent. */
export interface Sharpness {
  /** Those counted: neither saturated nor blended. */
  readonly stars: number;
  /** Half-flux radius, pixels. */
  readonly hfr?: number | undefined;
  /** Pixels. */
  readonly fwhm?: number | undefined;
  readonly eccentricity?: number | undefined;
  /** Common direction of the elongation, degrees 0…180 from x towards y. */
  readonly elongationDegrees?: number | undefined;
}

/** What is kept of an image's stars beside its ledger row: plain JSON, rounded to what the figures mean. */
export interface Analysis extends Omit<Sharpness, 'stars'> {
  /** All that were found. */
  readonly stars: number;
  readonly width: number;
  readonly height: number;
  /** Median of the sky and standard deviation of one of its pixels, ADU. */
  readonly background: number;
  readonly noise: number;
  /** Stars that are saturated. */
  readonly saturated: number;
  /** Thirds of width and height, row by row. */
  readonly ninths: readonly Sharpness[];
  /** (worst corner's − best corner's HFR) ÷ the centre's. */
  readonly tilt?: number | undefined;
}

export function analysisOf(field: StarField): Analysis {
  const { stars: _, ...whole } = sharpnessOf(field.whole);
  return {
    stars: field.found,
    ...whole,
    width: field.width,
    height: field.height,
    background: rounded(field.background),
    noise: rounded(field.noise),
    saturated: field.saturated,
    ninths: field.ninths.map(sharpnessOf),
    ...known({ tilt: field.tilt }),
  };
}

const sharpnessOf = ({ stars, ...figures }: StarStatistics): Sharpness => ({ stars, ...known(figures) });

/** JSON has no NaN: what is not known is left out. */
function known<K extends string>(figures: Record<K, number>): { [key in K]?: number } {
  const pairs = Object.entries<number>(figures).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(pairs.map(([name, value]) => [name, rounded(value)])) as { [key in K]?: number };
}

const rounded = (value: number): number => Number(value.toPrecision(5));
