import type { PixelView } from '../fits-read.ts';
import { type Kernels, sharedKernels } from '../kernels/kernels.ts';
import { defectsOf } from './defects.ts';
import { type Detection, detect } from './detect.ts';
import { measureAll, sharperThan, type Typical, typicalOf } from './select.ts';
import type { Star, StarField } from './star.ts';
import { medianOf, ninthsOf, statisticsOf, tellingOf, tiltOf } from './summary.ts';
import { levelsOf, trendOf } from './trend.ts';

export interface FindOptions {
  /** Only the brightest; default all. */
  most?: number;
  /** A star's smoothed light is so many standard deviations of the sky's; default 5.5. */
  sigma?: number;
  /**
   * Looked for on every pixel or on 2 × 2 of them (measured on all); `auto`: by the size of the image; `coarse`: on as
   * large ones as still show the `most` brightest, to know where they are in the least time.
   */
  binning?: 'auto' | 'coarse' | 1 | 2;
  /** ADU at which a pixel is full; default: what the image shows. */
  saturation?: number;
  /** Called every few milliseconds; throws when the work is to stop. */
  check?: () => void;
}

const SIGMA = 5.5;
/** Pixels above which the brightest stars are looked for on 2 × 2, and samples that a coarse look has at most. */
const LARGE = 8e6;
const COARSE_LOOK = 1e6;
/** Blobs to each star wanted: with fewer, a finer look may show more of them. */
const PLENTY = 1.3;
/** Samples along the shorter side with which the mesh has tiles enough to follow what is slow in a sky. */
const MESH_FOLLOWS = 1280;
/** Samples across a star beyond which larger ones see it better. */
const BROAD = 4.5;
const COARSEST = 16;

/** The stars of an image: found where its smoothed light rises above the sky's noise, measured on its own pixels. */
export function findStars(
  view: PixelView,
  options: FindOptions = {},
  kernels: Kernels = sharedKernels(),
): StarField {
  const { width, height } = view;
  const { most = Number.POSITIVE_INFINITY, sigma = SIGMA, check = () => {} } = options;
  const defects = defectsOf(view);
  const looking = { sigma, most, check };
  const looks = new Map<number, Look>();
  const at = (binning: number): Look => {
    const known = looks.get(binning);
    if (known) return known;
    const [finest] = [...looks.values()]
      .filter((look) => look.binning < binning)
      .sort((a, b) => a.binning - b.binning);
    const alone = Math.min(width, height) / binning >= MESH_FOLLOWS;
    const trend = finest && !alone ? trendOf(finest.detection, width, height) : undefined;
    const detection = detect(view, binning, looking, defects, kernels, trend);
    const look = { binning, detection, typical: typicalOf(view, detection, check) };
    looks.set(binning, look);
    return look;
  };
  let least = leastBinning(width * height, most, options.binning);
  if (options.binning === 'coarse') {
    while (least > 1 && at(least).detection.blobs.length < PLENTY * most) least /= 2;
  }
  const sharper = (look: Look) =>
    sharperThan(BROAD * look.binning, view, look.detection, look.typical, check);
  const starsOf = ({ detection, typical }: Look) =>
    measureAll(view, detection, typical, { most: FEW, check }).stars;
  const { detection, typical } = sharpest(at, { sharper, starsOf }, least, Math.min(width, height));
  const { stars, single, found } = measureAll(view, detection, typical, { ...options, most, check });
  const counting = tellingOf(single.filter(({ saturated }) => !saturated));
  const ninths = ninthsOf(counting, width, height);
  return {
    width,
    height,
    stars,
    found,
    background: medianOf(levelsOf(detection)),
    noise: detection.noise,
    saturated: stars.filter(({ saturated }) => saturated).length,
    whole: statisticsOf(counting),
    ninths,
    tilt: tiltOf(ninths),
  };
}

/** Where looking begins. */
function leastBinning(pixels: number, most: number, wanted: FindOptions['binning'] = 'auto'): number {
  if (wanted === 'auto') return pixels > LARGE && Number.isFinite(most) ? 2 : 1;
  if (wanted !== 'coarse') return wanted;
  let binning = 1;
  while (binning < 4 && pixels / (binning * binning) > COARSE_LOOK) binning *= 2;
  return binning;
}

interface Look {
  readonly binning: number;
  readonly detection: Detection;
  readonly typical: Typical;
}

/** Fewer blobs may be the tops of broad, faint stars, unless most of them are sharp and bright stars themselves. */
const FEW = 10;
const SURE_STARS = 2;
const SURE_SNR = 10;
const SURE_ALONE = 30;

/** Whether few blobs are the stars of a sparse field: a coarser plane shows more, but of a sky that is not flat. */
function isSparse({ binning, detection, typical }: Look, stars: readonly Star[]): boolean {
  const sure = stars.filter(({ snr }) => snr >= SURE_SNR).length;
  const enough = sure >= SURE_STARS || stars.some(({ snr }) => snr >= SURE_ALONE);
  return typical.fwhm <= BROAD * binning && enough && 2 * sure >= detection.blobs.length;
}

interface Judges {
  /** What the sharper stars say, where the brightest are no measure for the others. */
  readonly sharper: (look: Look) => Typical | undefined;
  /** What of a look with few blobs are stars. */
  readonly starsOf: (look: Look) => readonly Star[];
}

/** The finest plane that still sees stars as a whole: broad ones fall apart on a fine one, or vanish in its noise. */
function sharpest(
  at: (binning: number) => Look,
  { sharper, starsOf }: Judges,
  least: number,
  side: number,
): Look {
  let best = at(least);
  for (let binning = 2 * least; binning <= COARSEST && 32 * binning <= side; binning *= 2) {
    const few = best.detection.blobs.length < FEW;
    const stars = few ? starsOf(best) : [];
    if (few ? isSparse(best, stars) : best.typical.fwhm <= BROAD * best.binning) break;
    const typical = few ? undefined : sharper(best);
    if (typical) return { ...best, typical };
    const next = at(binning);
    if (few ? starsOf(next).length > stars.length : next.detection.blobs.length > 0) best = next;
  }
  return best;
}
