import type { Catalogue } from '../../hil/sky/catalogue.ts';
import { chance } from '../../hil/sky/random.ts';
import { type FrameSpec, KINDS, type Kind } from './frame-spec.ts';

/** Sensors by their pixels, and the scales they are used at here, arc-seconds a pixel. */
const sensors = {
  small: { width: 1936, height: 1216, scales: [2, 5] },
  medium: { width: 3096, height: 2080, scales: [1.2, 3] },
  square: { width: 3008, height: 3008, scales: [1, 2.4] },
  large: { width: 4656, height: 3520, scales: [0.75, 1.5] },
  full: { width: 6000, height: 4000, scales: [0.5, 1.2] },
} as const;
type Sensor = keyof typeof sensors;

/** Six of each kind, most of them small, for the time that peers take. */
const sizes: readonly Sensor[] = ['small', 'small', 'small', 'medium', 'small', 'square'];
const largeOnes: Readonly<Record<string, Sensor>> = {
  'clean-1': 'full',
  'clean-2': 'full',
  'moon-1': 'full',
  'nebula-1': 'full',
  'bayer-1': 'full',
  'clouds-1': 'large',
  'distorted-1': 'large',
};
/** Places worth a frame of their own: the poles, and right ascension 0. */
const places: Readonly<Record<string, { ra: number; dec: number }>> = {
  'clean-3': { ra: 12, dec: 89.6 },
  'clean-4': { ra: 200, dec: -89.7 },
  'clean-5': { ra: 0.05, dec: 20 },
  'moon-3': { ra: 359.9, dec: 1 },
  'distorted-3': { ra: 80, dec: 88.9 },
  'nebula-3': { ra: 83.8, dec: -5.4 },
  'nebula-4': { ra: 314.75, dec: 44.37 },
};
/** Catalogue stars down to 11.5 that a frame holds at least; down to the last, where it is to have few of them. */
const LEAST = 12;
const TAKEN = Date.UTC(2026, 10, 20, 22);
const SEEN = 11.5;
const FEW = { least: 10, most: 14 };

/** What memory is measured by: 26 Mpx (APS-C) and 61 Mpx (full frame). */
export function largeSpecs(catalogue: Catalogue): FrameSpec[] {
  const [spec] = frameSpecs(catalogue);
  return [
    { ...spec!, name: 'large-26', width: 6248, height: 4176 },
    { ...spec!, name: 'large-62', width: 9576, height: 6388 },
  ];
}

/** The 66 frames, three in ten of them mirrored. */
export function frameSpecs(catalogue: Catalogue): FrameSpec[] {
  return KINDS.flatMap((kind, k) =>
    Array.from({ length: 6 }, (_, i) =>
      specOf(catalogue, kind, { number: i + 1, seed: 1000 * (k + 1) + i, mirrored: (6 * k + i) % 10 < 3 }),
    ),
  );
}

function specOf(
  catalogue: Catalogue,
  kind: Kind,
  { number, seed, mirrored }: { number: number; seed: number; mirrored: boolean },
): FrameSpec {
  const next = chance(seed);
  const between = (low: number, high: number) => low + (high - low) * next();
  const name = `${kind}-${number}`;
  const few = kind === 'few';
  const sensor = sensors[few ? 'small' : (largeOnes[name] ?? sizes[number - 1]!)];
  const { width, height } = sensor;
  const scale = round(few ? between(1.2, 1.9) : between(sensor.scales[0], sensor.scales[1]), 4);
  const full = width === 6000;
  const rotation = round(between(0, 360), 3);
  const seconds = Math.round(full ? between(4, 20) : between(5, 60));
  const fwhm = round(Math.hypot(between(2, 3.6) / scale, between(1.5, 2.4)), 2);
  const defocus = kind === 'defocused' ? round(between(4, 20), 1) : 0;
  const trail = kind === 'trailed' ? round(between(5, 14), 1) : 0;
  const size = between(0.005, 0.03);
  const distortion = kind === 'distorted' ? round(number % 2 ? size : -size, 4) : 0;
  const bayer = kind === 'bayer' ? { bayer: (['RGGB', 'GBRG', 'BGGR'] as const)[number % 3]! } : {};
  const within = (radius: number, place: { ra: number; dec: number }, faintest: number) =>
    catalogue.near(place, (radius * scale) / 3600, faintest).length;
  let place = places[name];
  for (let tries = 0; !place && tries < 2000; tries++) {
    const candidate = { ra: round(360 * next(), 4), dec: round(deg(Math.asin(2 * next() - 1)), 4) };
    // As many as a circle of the frame's area holds; of the others, those that it holds for sure.
    const fits = few
      ? inRange(within(Math.sqrt((width * height) / Math.PI), candidate, 99))
      : within(Math.min(width, height) / 2, candidate, SEEN) >= LEAST;
    if (fits) place = candidate;
  }
  if (!place) throw new Error(`${name}: no place on the sky has the stars that it asks for`);
  return {
    name,
    kind,
    seed,
    width,
    height,
    scale,
    ...place,
    rotation,
    mirrored,
    utc: TAKEN,
    seconds,
    fwhm,
    defocus,
    trail,
    distortion,
    ...bayer,
  };
}

const inRange = (count: number): boolean => count >= FEW.least && count <= FEW.most;
const deg = (radians: number): number => (radians * 180) / Math.PI;
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
