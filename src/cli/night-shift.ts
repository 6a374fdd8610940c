import { BadInput, Fault } from '../core/errors.ts';
import type { Run, StopReason } from '../core/run.ts';
import { runNight } from '../engine/night.ts';
import { planSchema } from '../engine/plan.ts';
import type { NightParts } from '../engine/steps.ts';

/** The one night that may run on this rig, started and stopped by the page. */
export class NightShift {
  readonly #parts: NightParts;
  #run: Run<void> | undefined;

  constructor(parts: NightParts) {
    this.#parts = parts;
  }

  /** @throws BadInput for an unknown plan, Fault `busy` while a night runs */
  async start(id: string): Promise<void> {
    if (this.#run && !this.#run.ending.value) throw new Fault('busy', `busy: ${this.#run.name}`);
    const stored = await this.#parts.ledger.plans.get(id);
    if (stored === undefined) throw new BadInput(`there is no plan "${id}"`);
    this.#run = runNight(this.#parts, planSchema.parse(stored));
    this.#parts.rig.host.runs.add(this.#run as Run);
  }

  async stop(reason: StopReason = 'user'): Promise<void> {
    this.#run?.stop(reason);
    await this.#run?.outcome.catch(() => {});
  }
}
