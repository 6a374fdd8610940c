import type { Bayer } from '../../hil/sky/optics.ts';

export const KINDS = [
  'clean',
  'moon',
  'clouds',
  'trailed',
  'defocused',
  'few',
  'satellite',
  'nebula',
  'distorted',
  'columns',
  'bayer',
] as const;
export type Kind = (typeof KINDS)[number];

/** All that makes a frame: the same spec is the same file, byte for byte. */
export interface FrameSpec {
  readonly name: string;
  readonly kind: Kind;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Arc-seconds a pixel. */
  readonly scale: number;
  /** ICRS degrees of the centre of the frame. */
  readonly ra: number;
  readonly dec: number;
  /** Position angle of up, the first row on top; degrees from north through east. */
  readonly rotation: number;
  readonly mirrored: boolean;
  /** Milliseconds; stars stand where their proper motion has taken them. */
  readonly utc: number;
  readonly seconds: number;
  /** Of seeing and optics, pixels. */
  readonly fwhm: number;
  /** Radius of the defocused pupil, pixels; 0 in focus. */
  readonly defocus: number;
  /** Length of the trail, pixels; 0 guided. */
  readonly trail: number;
  /** A star at the frame's corner stands further out by this share of its distance (nearer where negative). */
  readonly distortion: number;
  readonly bayer?: Bayer;
}

/** A star as it was drawn. */
export interface TrueStar {
  /** 0-based pixels, centres at integers, rows as stored. */
  readonly x: number;
  readonly y: number;
  readonly ra: number;
  readonly dec: number;
  readonly magnitude: number;
  /** ADU in all. */
  readonly flux: number;
  /** Of the best possible measurement in this sky: flux over its deviation with the star's own shape as the weight. */
  readonly snr: number;
  /** It stands in the catalogue that solvers are given; the others are field stars fainter than it. */
  readonly catalogued: boolean;
  readonly saturated: boolean;
}

export interface FrameTruth {
  readonly spec: FrameSpec;
  /** Catalogued stars well inside the frame with an SNR of 10 or more. */
  readonly visible: number;
  /** Half-flux radius of a star's light as pixels gather it, pixels. */
  readonly hfr: number;
  /** Median sky, ADU above the offset, and its deviation in one pixel. */
  readonly background: number;
  readonly noise: number;
  /** Those with an SNR of 3 or more, brightest first. */
  readonly stars: readonly TrueStar[];
}
