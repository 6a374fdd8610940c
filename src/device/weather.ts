import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

/** What a station thinks of a night under this sky. */
export type Verdict = 'safe' | 'warning' | 'unsafe' | 'unknown';

export const readingKinds = [
  'temperature',
  'humidity',
  'dewPoint',
  'pressure',
  'windSpeed',
  'windGust',
  'rain',
  'cloudCover',
  'skyTemperature',
  'skyQuality',
  'light',
  'other',
] as const;
export type ReadingKind = (typeof readingKinds)[number];

export interface Reading {
  /** Stable, `[a-z0-9-]+`. */
  readonly id: string;
  readonly label: string;
  readonly kind: ReadingKind;
  /** As the device counts: °C, %, hPa, m/s or km/h by its label, mag/arcsec². */
  readonly unit: string;
  readonly value: Cell<number | undefined>;
  /** Where the station judges this reading by itself. */
  readonly verdict?: Cell<Verdict>;
}

/** A weather station or a safety monitor (which has a verdict and no readings). */
export interface Weather {
  readonly verdict: Cell<Verdict>;
  readonly readings: readonly Reading[];
  refresh?(run: Run): Promise<void>;
}
