import type { PixelView } from '../fits-read.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type Blob, deblend, wholeBlob } from './deblend.ts';
import type { Defects } from './defects.ts';
import { openPlane, type Plane } from './plane.ts';
import { patchesOf, type Runs, runsAbove } from './runs.ts';
import { type Sky, skyOf } from './sky.ts';
import { smoothedSky, smoothRows, UNITS } from './smooth.ts';
import { medianOf } from './summary.ts';
import type { Trend } from './trend.ts';

export interface Detection {
  readonly plane: Plane;
  readonly defects: Defects;
  readonly sky: Sky;
  /** Of one stored pixel, ADU. */
  readonly noise: number;
  /** Most light first. */
  readonly blobs: readonly Blob[];
}

/** Standard deviations by which a star's summit rises above the saddle to a brighter neighbour. */
const RISE = 4;
/** The smoothed plane's heights end at 2047. */
const HIGHEST = 2046;

/** What rises `sigma` standard deviations above the sky on a plane of that binning: at least the `most` brightest. */
export function detect(
  view: PixelView,
  binning: number,
  { sigma, most, check }: { sigma: number; most: number; check: () => void },
  defects: Defects,
  kernels: Kernels,
  trend?: Trend,
): Detection {
  return kernels.within((room) => {
    const plane = openPlane(view, binning, defects, kernels, room, trend);
    const sky = skyOf(plane, kernels, check);
    const smoothed = smoothRows(plane, sky, kernels, room);
    const { deviation, offset } = smoothedSky(plane, smoothed, kernels);
    const rise = Math.max(4, Math.round(RISE * deviation));
    let threshold = Math.min(HIGHEST, Math.round(offset + sigma * deviation));
    let runs = runsAbove(plane, smoothed, threshold, kernels, check);
    while (!runs && threshold < HIGHEST) {
      threshold = Math.min(HIGHEST, 2 * threshold);
      runs = runsAbove(plane, smoothed, threshold, kernels, check);
    }
    // Where even the highest level holds too much, it is no picture of stars.
    const blobs = runs ? blobsOf(runs, threshold, rise, most, check) : [];
    const noise = medianOf(sky.deviation) / plane.gain / Math.sqrt(plane.samples);
    for (let tile = 0; tile < sky.level.length; tile++) {
      sky.level[tile]! += (offset * sky.deviation[tile]!) / UNITS;
    }
    return { plane, defects, sky, noise, blobs: blobs.sort((a, b) => b.light - a.light) };
  });
}

/** Patches are parted in the order of their light: some will turn out not to be stars. */
const enough = (most: number) => 2 * most + 100;

function blobsOf(runs: Runs, threshold: number, rise: number, most: number, check: () => void): Blob[] {
  const patches = patchesOf(runs).map((patch) => ({ patch, whole: wholeBlob(runs, patch) }));
  patches.sort((a, b) => b.whole.light - a.whole.light);
  return patches.flatMap(({ patch, whole }, index) => {
    if (index % 256 === 0) check();
    return index < enough(most) ? deblend(runs, patch, whole, threshold, rise) : [whole];
  });
}
