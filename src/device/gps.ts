import type { Cell } from '../core/cell.ts';
import type { Run } from '../core/run.ts';
import type { Site } from '../sky/site.ts';

export interface GpsFix {
  readonly site: Site;
  /** UTC milliseconds the fix is of; absent: place only. */
  readonly utc?: number;
  /** By `clock.monotonic()`, when it came. */
  readonly heardAt: number;
}

export interface Gps {
  /** The latest; undefined before the first, and once it was lost. */
  readonly fix: Cell<GpsFix | undefined>;
  refresh?(run: Run): Promise<void>;
}
