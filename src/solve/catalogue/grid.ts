import { degrees, radians } from '../../core/units.ts';

/**
 * Cells of the sky: `bands` bands of equal height in declination, each cut into cells of equal width in right
 * ascension, about as wide as high. Cells are numbered by band from the south, then by right ascension from 0.
 */
export interface Grid {
  readonly bands: number;
  readonly cells: number;
  /** The number of the first cell of each band, and after the last. */
  readonly starts: Uint32Array;
}

/** A part of a band: cells `first + from … first + to` modulo the `inBand` of it. */
export interface Strip {
  readonly band: number;
  readonly first: number;
  readonly inBand: number;
  readonly from: number;
  readonly to: number;
}

/** Band b holds ⌈2·bands·cos δ⌉ cells, δ its declination nearest to the equator. */
export function gridOf(bands: number): Grid {
  const starts = new Uint32Array(bands + 1);
  for (let band = 0; band < bands; band++) {
    const low = -90 + (180 * band) / bands;
    const nearest = band < bands / 2 ? low + 180 / bands : low;
    starts[band + 1] = starts[band]! + Math.max(1, Math.ceil(2 * bands * Math.cos(radians(nearest)) - 1e-9));
  }
  return { bands, cells: starts[bands]!, starts };
}

/** The strips that a cone touches: a few cells too many, none too few. Degrees. */
export function stripsOf(grid: Grid, centre: { ra: number; dec: number }, radius: number): Strip[] {
  const height = 180 / grid.bands;
  const lowest = Math.max(0, Math.floor((centre.dec - radius + 90) / height));
  const highest = Math.min(grid.bands - 1, Math.floor((centre.dec + radius + 90) / height));
  const reach = reachInRa(centre.dec, radius);
  const strips: Strip[] = [];
  for (let band = lowest; band <= highest; band++) {
    const first = grid.starts[band]!;
    const inBand = grid.starts[band + 1]! - first;
    const from = Math.floor(((centre.ra - reach) * inBand) / 360);
    const to = Math.min(Math.floor(((centre.ra + reach) * inBand) / 360), from + inBand - 1);
    strips.push({ band, first, inBand, from, to });
  }
  return strips;
}

/** Half the width in right ascension of a cone; half the circle when it holds a pole. */
export function reachInRa(dec: number, radius: number): number {
  if (Math.abs(dec) + radius >= 90) return 180;
  return degrees(Math.asin(Math.sin(radians(radius)) / Math.cos(radians(dec))));
}
