import type { Patch } from './measure.ts';

/** How light grows with the radius, for stars of one image: shares of the whole at radii in steps of `STEP` HFR. */
export type Wings = Float64Array;

const STEP = 0.25;
const REACH = 8;
/** Rings of an aperture: so many, or fewer where they would be thinner than what fills them evenly. */
const RINGS = 28;
const THINNEST = 0.15;

/** Of a Moffat profile with β = 3, close to what seeing gives: until the image's own stars tell better. */
export const MOFFAT_WINGS: Wings = Float64Array.from({ length: REACH / STEP + 1 }, (_, index) => {
  const radius = index * STEP * 0.6436;
  return 1 - (1 + radius * radius) ** -2;
});

/** Light within growing circles; `light` is used again for the next star unless it is copied. */
export interface Growth {
  readonly aperture: number;
  readonly rings: number;
  /** In each of the rings. */
  readonly light: Float64Array;
  readonly flux: number;
}

const sums = new Float64Array(RINGS);
const counts = new Float64Array(RINGS);
const light = new Float64Array(RINGS);

/** Of its own memory. */
export const copyOf = (growth: Growth): Growth => ({ ...growth, light: growth.light.slice() });

/**
 * Each ring counts as its mean times its area, so that samples left out are replaced by the rest of their ring.
 */
export function growthOf({ side, pixels, x, y }: Patch, aperture: number): Growth {
  const rings = Math.max(1, Math.min(RINGS, Math.floor(aperture / THINNEST)));
  const width = aperture / rings;
  sums.fill(0);
  counts.fill(0);
  const reach = aperture + 0.7;
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(side - 1, y + reach); row++) {
    for (let column = Math.max(0, Math.ceil(x - reach)); column <= Math.min(side - 1, x + reach); column++) {
      const value = pixels[row * side + column]!;
      if (Number.isNaN(value)) continue;
      const [dx, dy] = [column - x, row - y];
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance > 2.2) alongRadius(value, distance, width, rings);
      else inParts(value, dx, dy, width, rings);
    }
  }
  let flux = 0;
  for (let ring = 0; ring < rings; ring++) {
    const area = Math.PI * width * width * (2 * ring + 1);
    light[ring] = counts[ring]! > 0 ? (sums[ring]! / counts[ring]!) * area : 0;
    flux += light[ring]!;
  }
  return { aperture, rings, light, flux };
}

/** A sample spread evenly over the half a sample before and behind it. */
function alongRadius(value: number, distance: number, width: number, rings: number): void {
  const inner = (distance - 0.5) / width;
  const outer = Math.min(rings, (distance + 0.5) / width);
  for (let ring = Math.floor(inner); ring < outer; ring++) {
    const share = (Math.min(ring + 1, outer) - Math.max(ring, inner)) * width;
    sums[ring]! += value * share;
    counts[ring]! += share;
  }
}

/** Near the middle circles curve within a sample: it is parted. */
function inParts(value: number, dx: number, dy: number, width: number, rings: number): void {
  const parts = width > 0.25 ? 5 : 7;
  const share = 1 / (parts * parts);
  for (let i = 0; i < parts; i++) {
    const py = dy - 0.5 + (i + 0.5) / parts;
    for (let j = 0; j < parts; j++) {
      const px = dx - 0.5 + (j + 0.5) / parts;
      const ring = (Math.sqrt(px * px + py * py) / width) | 0;
      if (ring >= rings) continue;
      sums[ring]! += value * share;
      counts[ring]! += share;
    }
  }
}

/** The radius that holds so much light; the aperture where it holds less. */
export function radiusOf({ aperture, rings, light }: Growth, wanted: number): number {
  let within = 0;
  let ring = 0;
  while (ring < rings && within + light[ring]! < wanted) within += light[ring++]!;
  if (ring === rings) return aperture;
  // Within a ring, light grows with the area.
  const part = (wanted - within) / light[ring]!;
  return (Math.sqrt(ring * ring + part * (2 * ring + 1)) * aperture) / rings;
}

/**
 * A star's whole light and half-light radius, when its aperture is narrow to keep out noise and the wings beyond are
 * those of the image's stars; undefined where it is no star.
 */
export function completed(growth: Growth, wings: Wings): { flux: number; hfr: number } | undefined {
  if (!(growth.flux > 0)) return undefined;
  let flux = growth.flux;
  let hfr = radiusOf(growth, flux / 2);
  for (let round = 0; round < 4; round++) {
    flux = growth.flux / Math.max(0.6, shareWithin(wings, growth.aperture / hfr));
    hfr = radiusOf(growth, flux / 2);
  }
  return { flux, hfr };
}

function shareWithin(wings: Wings, radius: number): number {
  const place = Math.min(wings.length - 1, radius / STEP);
  const index = Math.min(wings.length - 2, Math.floor(place));
  return wings[index]! + (place - index) * (wings[index + 1]! - wings[index]!);
}

/** Stars of one aperture, at least one, as one: each counts by its light, up to a limit. */
export function stacked(stars: readonly { readonly growth: Growth; readonly snr: number }[]): Growth {
  const { aperture, rings } = stars[0]!.growth;
  const light = new Float64Array(rings);
  let flux = 0;
  for (const { growth, snr } of stars) {
    // Divided by its own flux, a faint star would count the more the less of its wings the noise had left.
    const weight = Math.min(1, 100 / snr);
    flux += weight * growth.flux;
    for (let ring = 0; ring < rings; ring++) light[ring]! += weight * growth.light[ring]!;
  }
  return { aperture, rings, light, flux };
}

/**
 * How the light of stars measured in wide apertures grows, all as one; where they are faint, partly as expected.
 * @param snr of one of them: what is wrong with the sky does not even out over many
 */
export function wingsOf(growth: Growth, snr: number): Wings {
  const hfr = radiusOf(growth, growth.flux / 2);
  const trust = snr ** 2 / (snr ** 2 + UNSURE ** 2);
  return MOFFAT_WINGS.map((expected, index) => {
    const seen = lightWithin(growth, index * STEP * hfr) / growth.flux;
    return expected + trust * (seen - expected);
  });
}

/** SNR at which wings are as uncertain as the expected ones. */
const UNSURE = 40;

function lightWithin({ aperture, rings, light, flux }: Growth, radius: number): number {
  const place = (radius / aperture) * rings;
  if (place >= rings) return flux;
  const ring = Math.floor(place);
  let within = 0;
  for (let i = 0; i < ring; i++) within += light[i]!;
  return within + (light[ring]! * (place * place - ring * ring)) / (2 * ring + 1);
}

/** Flux-weighted mean of the radii within the aperture. */
export function meanRadiusOf({ aperture, rings, light, flux }: Growth): number {
  let sum = 0;
  for (let ring = 0; ring < rings; ring++) sum += light[ring]! * (ring + 0.5);
  return (sum * aperture) / rings / flux;
}
