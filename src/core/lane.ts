import type { Clock } from './clock.ts';
import { Fault } from './errors.ts';
import { Run } from './run.ts';

/** Who may take an actuator from whom: a later rank supersedes an earlier one. */
export const ranks = ['client', 'night', 'person', 'safety'] as const;
export type Rank = (typeof ranks)[number];

/** Who asks. All INDI connections are one actor, the phone another, a running night a third. */
export interface Actor {
  readonly name: string;
  readonly rank: Rank;
}

/** A claim on a lane between operations: a running night keeps its roles from clients by it. */
export interface Lease {
  readonly actor: Actor;
  /** Aborted when a higher rank takes the lane. */
  readonly lost: AbortSignal;
  release(): void;
}

interface Held {
  lease: Lease;
  lose: () => void;
}

/**
 * One actuator, one holder. A higher rank supersedes, the same actor may supersede its own operation, everybody
 * else is told who is busy with what. Stopping is not an operation: it passes always, from anyone.
 */
export class Lane {
  #run: Run | undefined;
  #actor: Actor | undefined;
  #held: Held | undefined;

  get current(): Run | undefined {
    return this.#run;
  }

  /** @throws Fault `busy` naming the holder */
  check(actor: Actor): void {
    if (this.#run && this.#actor && !passes(actor, this.#actor))
      throw new Fault('busy', `busy: ${this.#run.name}`);
    if (this.#held && !passes(actor, this.#held.lease.actor)) {
      throw new Fault('busy', `busy: ${this.#held.lease.actor.name}`);
    }
  }

  /** @throws Fault `busy` */
  lease(actor: Actor): Lease {
    this.check(actor);
    this.#held?.lose();
    const lost = new AbortController();
    const lease: Lease = {
      actor,
      lost: lost.signal,
      release: () => {
        if (this.#held?.lease === lease) this.#held = undefined;
      },
    };
    this.#held = { lease, lose: () => lost.abort() };
    return lease;
  }

  /** Ends what is in progress, whoever asks, and resolves when its cleanup is done. */
  async stop(detail: string): Promise<void> {
    const run = this.#run;
    run?.stop('user', detail);
    await run?.outcome.catch(() => {});
  }

  /**
   * Starts the body as the one holder of all the lanes, once the cleanup of what it supersedes is done.
   * @throws Fault `busy`, before anything was superseded
   */
  static start<T>(
    lanes: readonly Lane[],
    actor: Actor,
    clock: Clock,
    name: string,
    body: (run: Run<T>) => Promise<T>,
  ): Run<T> {
    for (const lane of lanes) lane.check(actor);
    const before = lanes.flatMap((lane) => (lane.#run ? [lane.#run] : []));
    for (const lane of lanes) {
      if (lane.#held && lane.#held.lease.actor.name !== actor.name) {
        lane.#held.lose();
        lane.#held = undefined;
      }
    }
    for (const superseded of before) superseded.stop('superseded', `${name} by ${actor.name}`);
    const run = Run.start<T>(clock, name, async (own) => {
      for (const superseded of before) await superseded.outcome.catch(() => {});
      own.signal.throwIfAborted();
      return body(own);
    });
    for (const lane of lanes) {
      lane.#run = run;
      lane.#actor = actor;
    }
    const free = () => {
      for (const lane of lanes) {
        if (lane.#run !== run) continue;
        lane.#run = undefined;
        lane.#actor = undefined;
      }
    };
    run.outcome.then(free, free);
    return run;
  }
}

function passes(actor: Actor, holder: Actor): boolean {
  return actor.name === holder.name || ranks.indexOf(actor.rank) > ranks.indexOf(holder.rank);
}
