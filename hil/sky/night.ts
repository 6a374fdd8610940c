/** The light of the night: airmass, extinction, sky brightness with Moon and twilight. Magnitudes, degrees. */
import { clamp, radians } from '../../src/core/units.ts';

/** Kasten and Young (1989), good to the horizon. */
export function airmass(altitude: number): number {
  const height = Math.max(0, altitude);
  return 1 / (Math.sin(radians(height)) + 0.50572 * (height + 6.07995) ** -1.6364);
}

const EXTINCTION = 0.2;

/** The share of starlight that arrives, clouds (0–1) included; none from below the horizon. */
export function transparency(altitude: number, clouds: number): number {
  if (altitude < 0) return 0;
  return 10 ** (-0.4 * EXTINCTION * airmass(altitude)) * (1 - clamp(clouds, 0, 1)) ** 2;
}

/** Magnitudes a square arc-second ↔ nanolamberts (Krisciunas and Schaefer 1991, equation 1). */
const nanolamberts = (magnitude: number) => 34.08 * Math.exp(20.7233 - 0.92104 * magnitude);
const magnitudes = (nanolambert: number) => (20.7233 - Math.log(nanolambert / 34.08)) / 0.92104;

/** Without Moon and Sun, at the zenith. */
const DARKEST = 21.4;

/** Sky brightness by the Sun's altitude: [degrees, magnitude]. */
const twilight: readonly (readonly [number, number])[] = [
  [-18, 23],
  [-15, 20.8],
  [-12, 18.3],
  [-9, 15.2],
  [-6, 12],
  [-3, 9.2],
  [0, 6.8],
  [10, 4],
];

export interface Lights {
  sunAltitude: number;
  moonAltitude: number;
  /** 0–1. */
  moonIllumination: number;
  /** Degrees from the direction looked at. */
  moonDistance: number;
  clouds: number;
}

/** Magnitudes a square arc-second in a direction. */
export function skyMagnitude(altitude: number, lights: Lights): number {
  const air = airmass(altitude);
  const dark = nanolamberts(DARKEST) * (0.7 + 0.3 * air);
  const total = dark + moonlight(air, lights) + nanolamberts(sunlit(lights.sunAltitude));
  // Clouds throw light back rather than hide it.
  return magnitudes(total * (1 + 1.5 * lights.clouds));
}

/** Krisciunas and Schaefer 1991, equations 3, 15, 20, 21. */
function moonlight(air: number, { moonAltitude, moonIllumination, moonDistance }: Lights): number {
  if (moonAltitude < 0) return 0;
  const phase = (Math.acos(clamp(2 * moonIllumination - 1, -1, 1)) * 180) / Math.PI;
  const strength = 10 ** (-0.4 * (3.84 + 0.026 * phase + 4e-9 * phase ** 4));
  const distance = Math.max(1, moonDistance);
  const scatter = 10 ** 5.36 * (1.06 + Math.cos(radians(distance)) ** 2) + 10 ** (6.15 - distance / 40);
  const through = 10 ** (-0.4 * EXTINCTION * airmass(moonAltitude));
  return scatter * strength * through * (1 - 10 ** (-0.4 * EXTINCTION * air));
}

function sunlit(altitude: number): number {
  const next = twilight.findIndex(([degrees]) => altitude < degrees);
  if (next === 0) return 30;
  if (next < 0) return twilight.at(-1)![1];
  const [[from, bright], [to, dim]] = [twilight[next - 1]!, twilight[next]!];
  return bright + ((altitude - from) / (to - from)) * (dim - bright);
}
