import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';
import type { Direction } from '../sky/direction.ts';

/**
 * The side of the pier on which the telescope is: a mechanical state read from the mount, never derived from the
 * hour angle. `west` = west of the pier, normally looking east.
 */
export type PierSide = 'east' | 'west' | 'unknown';

export type MountMotion = 'stopped' | 'tracking' | 'slewing' | 'moving' | 'parking' | 'parked' | 'fault';
export type TrackingRate = 'sidereal' | 'solar' | 'lunar';
export type Compass = 'north' | 'south' | 'east' | 'west';

/** The place to which a mount goes to park, in the coordinates in which it keeps it. */
export interface ParkPosition {
  readonly axes: 'azimuth and altitude' | 'hour angle and declination';
  /** Degrees, in the order of the axes. */
  readonly at: Cell<readonly [number, number]>;
  set?(at: readonly [number, number], run: Run): Promise<void>;
}

export interface Mount {
  /** Where the mount says it points, as ICRS. */
  readonly position: Cell<Direction>;
  readonly pierSide: Cell<PierSide>;
  readonly motion: Cell<MountMotion>;
  /** Paddle rates, slow to fast, as multiples of sidereal or the maker's words. */
  readonly rates: readonly string[];
  readonly trackingRate?: Cell<TrackingRate>;
  /** Resolves when it has arrived and tracks. Stopped: the mount has been halted before it rejects. */
  slewTo(target: Direction, run: Run): Promise<void>;
  sync(target: Direction, run: Run): Promise<void>;
  setTracking(on: boolean, run: Run): Promise<void>;
  setTrackingRate?(rate: TrackingRate, run: Run): Promise<void>;
  /** Resolves when the mount reports parked and has stopped. */
  park(run: Run): Promise<void>;
  unpark(run: Run): Promise<void>;
  readonly parkPosition?: ParkPosition;
  /** Parks from now on where it is at present. */
  parkHere?(run: Run): Promise<void>;
  /** Goes to its home position, or looks for its index marks. */
  home?(run: Run): Promise<void>;
  findHome?(run: Run): Promise<void>;
  /** Declares the present position to be home. */
  setHome?(run: Run): Promise<void>;
  /** Moves until the Run is stopped: the Run is the finger on the paddle. @param rate index into `rates` */
  move(direction: Compass, rate: number, run: Run): Promise<void>;
  /** Halts every motion at once, tracking excepted. Always allowed. */
  halt(): Promise<void>;
}
