import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';

export interface FilterWheel {
  /** 1…slots; undefined while it turns or before it knows. */
  readonly slot: Cell<number | undefined>;
  readonly slots: number;
  /** Names the device itself keeps; absent: the owner's names in the settings serve. */
  readonly names?: Cell<readonly string[]>;
  /** Resolves when the filter is in place. @throws Fault `refused` for a slot that is not there */
  select(slot: number, run: Run): Promise<void>;
}
