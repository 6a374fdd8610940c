import { type Cell, cell } from '../../core/cell.ts';
import { changedLimits, type MountLimits, safeLimits } from './mount-limits.ts';

/** The owner's words on limits. Whoever keeps them over the night watches `settings` and gives them back by `change`. */
export class LimitBook {
  readonly #settings = cell<Readonly<Record<string, MountLimits>>>({});
  readonly #solar = cell(false);

  /** By the id of the mount's device; those that nobody has changed are not in it. */
  get settings(): Cell<Readonly<Record<string, MountLimits>>> {
    return this.#settings;
  }

  /** Somebody has said that there is a filter before the telescope. Never kept: it ends with the process. */
  get solarMode(): Cell<boolean> {
    return this.#solar;
  }

  of(device: string): MountLimits {
    return this.#settings.value[device] ?? safeLimits;
  }

  /** @throws BadInput */
  change(device: string, changes: Partial<MountLimits>): MountLimits {
    const limits = changedLimits(this.of(device), changes);
    this.#settings.set({ ...this.#settings.value, [device]: limits });
    return limits;
  }

  setSolarMode(on: boolean): void {
    this.#solar.set(on);
  }
}
