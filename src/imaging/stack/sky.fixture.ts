import type { BayerPattern } from '../../core/bayer.ts';
import { viewOf } from '../fits-read.ts';
import { allocateFrame, pixelsOf } from '../frame.ts';
import { inverse, moved, type Point, type Similarity } from './similarity.ts';

/** Reproducible numbers in [0, 1) (Lehmer's generator). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export interface Light extends Point {
  /** ADU. */
  readonly flux: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Where the stars stand in the reference; outside of it too. */
  readonly lights: readonly Light[];
  /** From this picture's pixels to the reference's. */
  readonly transform?: Similarity;
  readonly sky?: number;
  readonly noise?: number;
  /** Standard deviation of a star's profile, pixels. */
  readonly sigma?: number;
  /** Share of the starlight that arrives. */
  readonly clear?: number;
  readonly bayer?: BayerPattern;
  /** Adds what passes through: ADU at a pixel. */
  readonly passing?: (x: number, y: number) => number;
  readonly seed: number;
}

/** Stars with fluxes as the sky has them, over twice the width and height of the field. */
export function lightsOver(width: number, height: number, count: number, seed: number): Light[] {
  const random = chance(seed);
  return Array.from({ length: 4 * count }, () => ({
    x: (2 * random() - 0.5) * width,
    y: (2 * random() - 0.5) * height,
    flux: Math.min(3e5, 4000 * (1 - random()) ** -1.2),
  }));
}

/** A 16-bit image of round Gaussian stars. */
export function pictureOf(picture: Picture) {
  const { width, height, lights, sky = 1000, noise = 20, sigma = 1.6, clear = 1, passing } = picture;
  const random = chance(picture.seed);
  const plane = new Float32Array(width * height);
  for (let at = 0; at < plane.length; at++) plane[at] = sky + noise * gaussian(random);
  const toPicture = inverse(picture.transform ?? { a: 1, b: 0, dx: 0, dy: 0 });
  for (const light of lights)
    spread(plane, width, height, moved(toPicture, light), light.flux * clear, sigma);
  if (passing) {
    for (let at = 0; at < plane.length; at++) plane[at]! += passing(at % width, Math.floor(at / width));
  }
  const frame = allocateFrame({
    width,
    height,
    format: 'u16',
    ...(picture.bayer && { bayer: picture.bayer }),
  });
  const bytes = pixelsOf(frame);
  for (let at = 0; at < plane.length; at++) {
    const word = Math.max(0, Math.min(65_535, Math.round(plane[at]!))) ^ 0x8000;
    bytes[2 * at] = word >> 8;
    bytes[2 * at + 1] = word & 0xff;
  }
  return viewOf(frame);
}

/** Nearly normal and quick: the sum of four. */
const gaussian = (random: () => number): number =>
  Math.sqrt(3) * (random() + random() + random() + random() - 2);

function spread(
  plane: Float32Array,
  width: number,
  height: number,
  { x, y }: Point,
  flux: number,
  sigma: number,
) {
  const reach = Math.ceil(6 * sigma);
  const [cx, cy] = [Math.round(x), Math.round(y)];
  const peak = flux / (2 * Math.PI * sigma * sigma);
  for (let row = Math.max(0, cy - reach); row <= Math.min(height - 1, cy + reach); row++) {
    for (let column = Math.max(0, cx - reach); column <= Math.min(width - 1, cx + reach); column++) {
      const square = (column - x) ** 2 + (row - y) ** 2;
      plane[row * width + column]! += peak * Math.exp(-square / (2 * sigma * sigma));
    }
  }
}

/** A turn by degrees about the middle of the picture, then a shift. */
export function turn(width: number, height: number, degrees: number, dx = 0, dy = 0): Similarity {
  const [a, b] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return { a, b, dx: x - (a * x - b * y) + dx, dy: y - (b * x + a * y) + dy };
}
