import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

export type CoverState = 'open' | 'closed' | 'moving' | 'unknown' | 'fault';

/** A motorized dust cap. */
export interface Cover {
  readonly state: Cell<CoverState>;
  /** Resolves when it is open (closed). */
  open(run: Run): Promise<void>;
  close(run: Run): Promise<void>;
  halt?(): Promise<void>;
}
