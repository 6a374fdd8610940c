import type { BayerPattern } from '../../core/bayer.ts';
import type { PixelView } from '../fits-read.ts';
import { seeded } from '../kernels/kernels.fixture.ts';

export interface Painted {
  readonly x: number;
  readonly y: number;
  readonly flux: number;
}

/** A field under way: ADU, and its own chance. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float64Array;
  /** 0 ≤ x < 1. */
  readonly chance: () => number;
}

/** Light at a distance from a star's middle, whole light 1. */
export type Profile = (radius: number) => number;

/** Moffat with β = 3: half of its light lies within 0.6312 of its full width. */
export const moffat = (fwhm: number): Profile => {
  const alpha2 = fwhm ** 2 / 4 / (2 ** (1 / 3) - 1);
  return (radius) => (2 / (Math.PI * alpha2)) * (1 + radius ** 2 / alpha2) ** -3;
};
export const MOFFAT_HFR = Math.sqrt((Math.SQRT2 - 1) / (2 ** (1 / 3) - 1)) / 2;

/** A pupil out of focus, its hole a third of it: half of the light lies within √(5/9) of its radius. */
export const donut = (radius: number): Profile => {
  const light = 9 / (8 * Math.PI * radius ** 2);
  const edge = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance));
  return (r) => light * edge(r - radius) * edge(radius / 3 - r);
};

export function darkField(width: number, height: number, seed: number, sky = 1000): Field {
  const random = seeded(seed);
  const pixels = new Float64Array(width * height).fill(sky);
  return { width, height, pixels, chance: () => random() / 2 ** 32 };
}

/** Adds a star, each pixel the mean of 5 × 5 readings. */
export function paint(
  { width, height, pixels }: Field,
  profile: Profile,
  star: Painted,
  reach: number,
): void {
  const parts = [-0.4, -0.2, 0, 0.2, 0.4];
  for (let y = Math.max(0, Math.floor(star.y - reach)); y <= Math.min(height - 1, star.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(star.x - reach)); x <= Math.min(width - 1, star.x + reach); x++) {
      let sum = 0;
      for (const v of parts)
        for (const u of parts) sum += profile(Math.hypot(x + u - star.x, y + v - star.y));
      pixels[y * width + x]! += (star.flux * sum) / parts.length ** 2;
    }
  }
}

/** Stars of equal light on a grid of that many columns and rows, each somewhere in the middle of its cell. */
export function paintGrid(
  field: Field,
  profile: Profile,
  columns: number,
  rows: number,
  flux: number,
  reach: number,
) {
  const stars = Array.from({ length: columns * rows }, (_, index) => ({
    x: (((index % columns) + 0.35 + 0.3 * field.chance()) * field.width) / columns,
    y: ((Math.floor(index / columns) + 0.35 + 0.3 * field.chance()) * field.height) / rows,
    flux,
  }));
  for (const star of stars) paint(field, profile, star, reach);
  return stars;
}

const BAYER_SHARES = { R: 0.6, G: 1, B: 0.75 } as const;

/** Noise put on, as the camera's 16 bits. */
export function exposed(field: Field, noise: number, bayer?: BayerPattern): PixelView {
  const { width, height, pixels, chance } = field;
  const data = new DataView(new ArrayBuffer(2 * pixels.length));
  pixels.forEach((light, index) => {
    const cell = 2 * (Math.floor(index / width) % 2) + ((index % width) % 2);
    const share = bayer ? BAYER_SHARES[bayer[cell] as keyof typeof BAYER_SHARES] : 1;
    const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
    const value = Math.round(share * light + noise * normal);
    data.setInt16(2 * index, Math.min(65_535, Math.max(0, value)) - 32_768);
  });
  const bytes = new Uint8Array(data.buffer);
  const shape = { width, height, planes: 1, bitpix: 16 as const, zero: 32_768, scale: 1, data: bytes };
  return bayer ? { ...shape, bayer } : shape;
}

/** Those of the painted stars that have a found one nearby, with it. */
export function pairs<Found extends { x: number; y: number }>(
  painted: readonly Painted[],
  found: readonly Found[],
  within: number,
): [Painted, Found][] {
  return painted.flatMap((star) => {
    const near = found.find(({ x, y }) => Math.hypot(x - star.x, y - star.y) < within);
    return near ? [[star, near] as [Painted, Found]] : [];
  });
}
