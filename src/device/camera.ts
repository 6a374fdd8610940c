import type { BayerPattern } from '../core/bayer.ts';
import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';
import type { Frame } from '../imaging/frame.ts';

/** Unbinned pixels, from the top left. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type FrameType = 'light' | 'dark' | 'bias' | 'flat' | 'darkflat';

export interface Sensor {
  readonly name: string;
  /** Unbinned pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelMicrons: { readonly x: number; readonly y: number };
  readonly bitsPerPixel: number;
  readonly bayer?: BayerPattern;
  /** Saturation in stored ADU. */
  readonly maxAdu: number;
  /** e⁻/ADU as stored, where it is known. */
  readonly electronsPerAdu?: number;
}

/** Gain, offset or a readout mode: a number in a range, with words for the values where it has them. */
export interface Control {
  readonly value: Cell<number>;
  readonly min: number;
  readonly max: number;
  /** Labels of min, min+1, … */
  readonly names?: readonly string[];
  set(value: number, run: Run): Promise<void>;
}

export interface Cooler {
  readonly setpoint: Cell<number | undefined>;
  /** Percent. */
  readonly power?: Cell<number | undefined>;
  readonly on: Cell<boolean>;
  /** Regulates to a temperature in Celsius; undefined switches the cooler off. Ramps are host code. */
  regulate(celsius: number | undefined, run: Run): Promise<void>;
}

export interface ExposureRequest {
  seconds: number;
  type: FrameType;
  /** Unbinned; default the whole sensor. */
  region?: Region;
  /** Default 1. */
  binning?: number;
  gain?: number;
  offset?: number;
}

/** One picture of a live stream: never stored, dropped when nobody is quick enough. */
export interface StreamFrame {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  /** Row by row, 16 bits little-endian; or a JPEG as it came. */
  readonly encoding: 'raw' | 'jpeg';
  /** Never written to again: slow clients are still being sent it when the next one comes. */
  readonly bytes: Uint8Array;
}

/** Live video, for finding and focusing by eye. */
export interface VideoStream {
  readonly on: Cell<boolean>;
  readonly framesPerSecond: Cell<number | undefined>;
  readonly latest: Cell<StreamFrame | undefined>;
  setOn(on: boolean, run: Run): Promise<void>;
}

export type CameraState = 'idle' | 'exposing' | 'reading' | 'error';

export interface Camera {
  readonly sensor: Sensor;
  /** Square factors, 1 first. */
  readonly binnings: readonly number[];
  readonly exposureSeconds: { readonly min: number; readonly max: number };
  readonly state: Cell<CameraState>;
  readonly gain?: Control;
  readonly offset?: Control;
  readonly readout?: Control;
  /** Celsius. */
  readonly temperature?: Cell<number | undefined>;
  readonly cooler?: Cooler;
  readonly stream?: VideoStream;
  /**
   * Resolves with the downloaded frame. A stopped run aborts the exposure and discards it; the host adds the
   * deadline. @throws Fault `refused` for a request outside the camera's ranges
   */
  expose(request: ExposureRequest, run: Run): Promise<Frame>;
  /** Ends the exposure now and keeps what was gathered; absent: cannot. */
  finish?(): Promise<void>;
}
