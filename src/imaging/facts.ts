import type { Card } from './fits-card.ts';

/**
 * All that is known about one exposure, as plain data: gathered by `device/exposure.ts`, written into the FITS
 * header, read back from it when a file without a ledger row is adopted. Absent = not known, and then not written.
 */
export interface ExposureFacts {
  /** UUID chosen before the shutter opened. */
  id: string;
  plan?: { plan: string; set: string };
  type: 'light' | 'dark' | 'bias' | 'flat' | 'darkflat';
  /** Taken by hand, not by a plan: filed under SNAPSHOT. */
  snapshot: boolean;
  object?: string;
  /** UTC milliseconds when the shutter opened. */
  startUtc: number;
  /** Where the clock's time came from; absent: not trusted. */
  timeSource?: string;
  /** Minutes east of UTC of the civil day by which nights are named. */
  zoneMinutes: number;
  seconds: number;
  camera: {
    id: string;
    name: string;
    /** Unbinned micrometres. */
    pixelMicrons: { x: number; y: number };
    binning: number;
    gain?: number;
    offset?: number;
    electronsPerAdu?: number;
    readout?: string;
    temperatureCelsius?: number;
    setpointCelsius?: number;
    /** Unbinned pixels from the top left. */
    region: { x: number; y: number; width: number; height: number };
  };
  telescope?: { name: string; focalLengthMm?: number; apertureMm?: number };
  mount?: {
    /** ICRS degrees at mid-exposure. */
    ra: number;
    dec: number;
    altitude?: number;
    azimuth?: number;
    airmass?: number;
    pierSide?: 'east' | 'west';
  };
  focuser?: { position: number; temperatureCelsius?: number };
  filter?: string;
  rotatorDegrees?: number;
  skyMagnitude?: number;
  site?: { latitude: number; longitude: number; elevationMetres: number };
  observer?: string;
  /** What a client wants written, in place of what the unit itself would say. */
  keywords?: readonly Card[];
  software: string;
}
