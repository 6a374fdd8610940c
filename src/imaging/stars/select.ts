import type { PixelView } from '../fits-read.ts';
import type { Blob } from './deblend.ts';
import type { Detection } from './detect.ts';
import { fullFrom } from './full.ts';
import { copyOf, MOFFAT_WINGS, radiusOf, stacked, type Wings, wingsOf } from './growth.ts';
import { type Conditions, type Measured, measure, NARROW, type Spot, WIDE, withoutBlur } from './measure.ts';
import { neighboursAmong } from './neighbours.ts';
import { type PatchReader, patchReader } from './patch.ts';
import { meshAt } from './sky.ts';
import type { Star } from './star.ts';
import { medianOf } from './summary.ts';

/** What the image's brighter stars say of all. */
export interface Typical {
  /** Stored pixels; twice the half-flux radius, which donuts have too. */
  readonly fwhm: number;
  readonly eccentricity: number;
  readonly wings: Wings;
  /** Of the brighter stars, where they are wider than the others, as in a stretched photograph; else `fwhm`. */
  readonly widest: number;
}

/** Blobs that are asked, brightest first; stars that suffice, more of them where they are faint. */
const ASKED = 500;
const ENOUGH = 30;
const SIGNIFICANT = 600;
/** A hot pixel has no light about it; the sharpest star that a pixel can hold has a tenth. */
const SOFT = 0.07;

/** Samples across a star that measure it well. */
const ACROSS = 2.5;

/** Pixels of broad stars are measured in blocks, so that each costs about the same; of sharp ones all. */
function readerFor(
  view: PixelView,
  { plane, defects }: Detection,
  fwhm = Number.POSITIVE_INFINITY,
): PatchReader {
  let binning = Math.max(1, plane.binning / 2);
  while (binning > 1 && fwhm < ACROSS * binning) binning /= 2;
  return patchReader(view, binning, defects, plane.trend);
}

/** Where a blob lies in the patches, and the sky there. */
function spotOf(blob: Blob, { plane, sky }: Detection, scale: number): Spot {
  const level = meshAt(sky.level, sky, blob.x, blob.y);
  return {
    x: (blob.x + 0.5) * scale - 0.5,
    y: (blob.y + 0.5) * scale - 0.5,
    sky: plane.adu(level, blob.x, blob.y),
  };
}

export function typicalOf(view: PixelView, detection: Detection, check: () => void): Typical {
  const { plane, noise, blobs } = detection;
  const reader = readerFor(view, detection);
  const scale = plane.binning / reader.binning;
  const neighbours = neighboursAmong(blobs);
  const common = { noise: noise / reader.binning, saturation: Number.POSITIVE_INFINITY, wings: MOFFAT_WINGS };
  const asked = (fwhm: number, aperture: number): Measured[] => {
    const [alone, crowded]: [Measured[], Measured[]] = [[], []];
    let [asking, significance] = [0, 0];
    for (const blob of blobs.slice(0, ASKED)) {
      if (alone.length >= ENOUGH && significance > SIGNIFICANT ** 2) break;
      if (asking++ % 16 === 0) check();
      if (blob.onLine) continue;
      const spot = spotOf(blob, detection, scale);
      const star = measure(reader, spot, { ...common, fwhm, aperture }, neighbours.maskOf(blob, scale));
      if (!star || (fwhm <= 5 && star.softness < SOFT)) continue;
      const bothers = (other: Blob) => other !== blob && 20 * other.light > blob.light;
      const near = neighbours.near(blob.x, blob.y, (aperture * fwhm) / scale);
      if (blob.blended || !standsOut(star) || near.some(bothers))
        crowded.push({ ...star, growth: copyOf(star.growth) });
      else {
        alone.push({ ...star, growth: copyOf(star.growth) });
        significance += star.snr ** 2;
      }
    }
    return alone.length > Math.max(4, crowded.length / 10) ? alone : [...alone, ...crowded].slice(0, ENOUGH);
  };
  // First as wide as the plane sees well, then as wide as they are.
  const rough = asked(3 * scale, NARROW + 1);
  if (rough.length === 0) return typicalWith(3 * plane.binning, 0);
  const width = widthOf(rough, reader);
  const stars = width > 6 * scale ? [] : asked(width, WIDE);
  const eccentricity = medianOf((stars.length > 0 ? stars : rough).map((star) => star.eccentricity));
  if (stars.length === 0) return typicalWith(width * reader.binning, eccentricity);
  const wings = wingsOf(stacked(stars), medianOf(stars.map(({ snr }) => snr)));
  return typicalWith(widthOf(stars, reader) * reader.binning, eccentricity, wings);
}

const typicalWith = (fwhm: number, eccentricity: number, wings = MOFFAT_WINGS): Typical => ({
  fwhm,
  eccentricity,
  wings,
  widest: fwhm,
});

/** Blobs of every brightness that are asked how wide they are, and how many small ones are no pieces of broad ones. */
const SAMPLED = 200;
const SMALL_ONES = 25;
/** Trails are as long as that where they are bright, and fall into small pieces where they are faint. */
const TRAILED = 0.9;

/**
 * What the sharper of all blobs say, bright and faint, where the brighter stars look broad: bloated ones and the knots of a
 * nebula are the brightest of a photograph whose other stars are small. Undefined where few of them are small.
 * @param broad stored pixels
 */
export function sharperThan(
  broad: number,
  view: PixelView,
  detection: Detection,
  typical: Typical,
  check: () => void,
): Typical | undefined {
  if (typical.eccentricity > TRAILED) return undefined;
  const { plane, noise, blobs } = detection;
  const reader = readerFor(view, detection);
  const scale = plane.binning / reader.binning;
  const neighbours = neighboursAmong(blobs);
  const conditions: Conditions = {
    ...{ fwhm: 3 * scale, noise: noise / reader.binning, aperture: NARROW },
    ...{ saturation: Number.POSITIVE_INFINITY, wings: MOFFAT_WINGS },
  };
  const widths: number[] = [];
  const step = Math.max(1, blobs.length / SAMPLED);
  for (let at = 0; at < blobs.length; at += step) {
    if (widths.length % 16 === 0) check();
    const blob = blobs[Math.floor(at)]!;
    if (blob.onLine) continue;
    const spot = spotOf(blob, detection, scale);
    const star = measure(reader, spot, conditions, neighbours.maskOf(blob, scale));
    if (star && star.softness >= SOFT) widths.push(2 * star.hfr * reader.binning);
  }
  const small = widths.filter((width) => width <= broad);
  if (small.length < Math.max(SMALL_ONES, widths.length / 4)) return undefined;
  return { ...typicalWith(medianOf(small), 0), widest: typical.fwhm };
}

/** Twice the half-light radius of the stars as one, without those that differ much from most. */
function widthOf(stars: readonly Measured[], { blur }: PatchReader): number {
  const middle = medianOf(stars.map(({ hfr }) => hfr));
  const alike = stars.filter(({ hfr }) => hfr < 1.7 * middle && hfr > middle / 1.7);
  // Of two that differ, neither is like their middle.
  const growth = stacked(alike.length > 0 ? alike : stars);
  return Math.max(1.5, 2 * withoutBlur(radiusOf(growth, growth.flux / 2), blur));
}

interface MeasureOptions {
  most: number;
  saturation?: number;
  check: () => void;
}

const fullOf = (view: PixelView, detection: Detection, fwhm: number): number => {
  const reader = readerFor(view, detection, fwhm);
  const scale = detection.plane.binning / reader.binning;
  const highest = detection.blobs.toSorted((a, b) => b.height - a.height).slice(0, ENOUGH);
  const spots = highest.map((blob) => spotOf(blob, detection, scale));
  return fullFrom(view, reader, spots, fwhm / reader.binning);
};

/** Blobs looked at beyond those wanted, for some are no stars and light is first known roughly. */
const SPARE = 1.2;

/** The stars among the blobs, brightest first, and those of them that share their light with no other. */
export function measureAll(
  view: PixelView,
  detection: Detection,
  typical: Typical,
  { most, saturation, check }: MeasureOptions,
): { stars: Star[]; single: Star[]; found: number } {
  const { plane, noise, blobs } = detection;
  const reader = readerFor(view, detection, typical.fwhm);
  const scale = plane.binning / reader.binning;
  const neighbours = neighboursAmong(blobs);
  const conditions: Conditions = {
    fwhm: Math.max(1.5, typical.fwhm / reader.binning),
    noise: noise / reader.binning,
    saturation: saturation ?? fullOf(view, detection, typical.fwhm),
    wings: typical.wings,
    aperture: NARROW,
  };
  const stars: Measured[] = [];
  const blended = new Set<Measured>();
  let looked = 0;
  for (const blob of blobs) {
    if (looked++ % 64 === 0) check();
    if (stars.length >= SPARE * most + 8) break;
    const star = measure(reader, spotOf(blob, detection, scale), conditions, neighbours.maskOf(blob, scale));
    if (!star || !isStar(star, blob, conditions, typical)) continue;
    stars.push(star);
    if (blob.blended) blended.add(star);
  }
  const found = Math.round((stars.length * blobs.length) / Math.max(1, looked));
  const brightest = stars.sort((a, b) => b.flux - a.flux).slice(0, Math.min(most, stars.length));
  const stored = brightest.map((star) => inStored(star, reader));
  return {
    stars: stored,
    single: stored.filter((_, index) => !blended.has(brightest[index]!)),
    found,
  };
}

/** Knots of a nebula are little brighter than what lies about them. */
const standsOut = ({ flux, hfr, unrest }: Measured): boolean =>
  flux / (2 * Math.PI * hfr ** 2) > 2.5 * unrest;

const FAINTEST = 3.5;

function isStar(star: Measured, blob: Blob, { fwhm }: Conditions, typical: Typical): boolean {
  const widening = typical.widest / typical.fwhm;
  if (star.snr < FAINTEST) return false;
  if (fwhm <= 5 && star.softness < SOFT) return false;
  if (star.saturated) return true;
  if (!standsOut(star)) return false;
  if (typical.eccentricity < 0.75 && isStretched(star, blob, fwhm)) return false;
  if (fwhm < 6 && star.snr > 10 && star.fwhm > 3.5 * widening * fwhm) return false;
  // The radius of a faint star is uncertain.
  const size = (2 * star.hfr) / fwhm;
  return size < 2.2 * widening * (1 + 1 / star.snr) && size > 0.45 / (1 + 6 / star.snr);
}

/** A piece of a trail or of a column: stars are as round as the others. */
const isStretched = ({ eccentricity, snr, hfr }: Measured, { onLine }: Blob, fwhm: number): boolean =>
  eccentricity > (onLine ? 0.85 : snr > 20 ? 0.9 : snr > 8 ? 0.975 : 1) ||
  (snr > 8 && eccentricity > 0.8 && hfr > 0.9 * fwhm);

function inStored(
  { growth: _growth, softness: _softness, unrest: _unrest, ...star }: Measured,
  reader: PatchReader,
): Star {
  const { binning, origin } = reader;
  return {
    ...star,
    x: star.x * binning + origin,
    y: star.y * binning + origin,
    flux: star.flux * binning * binning,
    hfr: star.hfr * binning,
    meanRadius: star.meanRadius * binning,
    fwhm: star.fwhm * binning,
  };
}
