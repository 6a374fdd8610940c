import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

export type DomeMotion = 'stopped' | 'moving' | 'parking' | 'unparking' | 'parked' | 'fault';
export type RoofState = 'open' | 'closed' | 'opening' | 'closing' | 'unknown' | 'fault';
export type DomeTurn = 'clockwise' | 'counterclockwise';

/** A dome that turns, a roof that opens, or both. */
export interface Dome {
  readonly motion: Cell<DomeMotion>;
  /** Of the slit, degrees from north through east; absent: it does not turn. */
  readonly azimuth?: Cell<number>;
  /** Slit or roll-off roof; absent: it has none to open. */
  readonly roof?: Cell<RoofState>;
  /** Resolves on arrival. Stopped: halted before it rejects. */
  turnTo?(degrees: number, run: Run): Promise<void>;
  /** Turns until the Run is stopped. */
  turn?(direction: DomeTurn, run: Run): Promise<void>;
  sync?(degrees: number, run: Run): Promise<void>;
  /** Resolves when the roof says that it is open (closed). */
  openRoof?(run: Run): Promise<void>;
  closeRoof?(run: Run): Promise<void>;
  park?(run: Run): Promise<void>;
  unpark?(run: Run): Promise<void>;
  /** Halts dome and roof at once. Always allowed. */
  halt(): Promise<void>;
}
