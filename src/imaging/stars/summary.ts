import type { Star, StarStatistics } from './star.ts';

/** NaN of none. */
export const medianOf = (values: ArrayLike<number>): number => {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/** Below this share of the stars pointing one way their directions are chance. */
const ALIGNED = 0.25;
/** Fewer in a corner say nothing of its sharpness. */
const FEW = 3;

/** Noise alone makes a faint star look long: an eccentricity of 0.3 at SNR 50, of 0.5 at 20. */
const TELLING = [50, 20];
const SUFFICE = 30;

/** Those bright enough to tell of their shape, where there are enough of them. */
export function tellingOf(stars: readonly Star[]): readonly Star[] {
  for (const least of TELLING) {
    const bright = stars.filter(({ snr }) => snr >= least);
    if (bright.length >= SUFFICE) return bright;
  }
  return stars;
}

export function statisticsOf(stars: readonly Star[]): StarStatistics {
  let [along, across] = [0, 0];
  for (const { elongationDegrees } of stars) {
    along += Math.cos((elongationDegrees * Math.PI) / 90);
    across += Math.sin((elongationDegrees * Math.PI) / 90);
  }
  const aligned = Math.hypot(along, across) / stars.length;
  const common = (Math.atan2(across, along) * 90) / Math.PI;
  return {
    stars: stars.length,
    hfr: medianOf(stars.map(({ hfr }) => hfr)),
    fwhm: medianOf(stars.map(({ fwhm }) => fwhm)),
    eccentricity: medianOf(stars.map(({ eccentricity }) => eccentricity)),
    elongationDegrees:
      stars.length >= FEW && aligned > Math.max(ALIGNED, 2 / Math.sqrt(stars.length))
        ? common < 0
          ? common + 180
          : common
        : Number.NaN,
  };
}

export function ninthsOf(stars: readonly Star[], width: number, height: number): StarStatistics[] {
  const third = (at: number, length: number) =>
    Math.min(2, Math.max(0, Math.floor((3 * (at + 0.5)) / length)));
  const parts: Star[][] = Array.from({ length: 9 }, () => []);
  for (const star of stars) parts[3 * third(star.y, height) + third(star.x, width)]!.push(star);
  return parts.map(statisticsOf);
}

export function tiltOf(ninths: readonly StarStatistics[]): number {
  const corners = [0, 2, 6, 8].map((index) => ninths[index]!);
  if (corners.some(({ stars }) => stars < FEW) || ninths[4]!.stars < FEW) return Number.NaN;
  const radii = corners.map(({ hfr }) => hfr);
  return (Math.max(...radii) - Math.min(...radii)) / ninths[4]!.hfr;
}
