import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Hosted } from '../adopt/hosted.ts';
import type { NewVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

/** A driver that has said nothing for so long is not going to: what follows it lets go. */
const ANSWER_MS = 10_000;
/** For so long after a command, a routine report may still speak of the time before it. */
const STALE_MS = 2000;

/**
 * What a state other than Busy means before the first Busy: the answer; the answer, or a routine report that is older
 * than the command; nothing, for motion that is held lasts until it is released.
 */
export type Calm = 'answers' | 'reports' | 'says nothing';

/** What a command has set in motion, until it is over. */
export interface Followed {
  /** Resolves when the property has left Busy. @throws Fault `refused` at Alert, `gone` */
  readonly over: Promise<void>;
  forget(): void;
}

/** Follows a property from before a command is sent to the end of what the command begins. */
export function follow(hosted: Hosted, clock: Clock, command: NewVector, calm: Calm): Followed {
  let forget = () => {};
  const over = new Promise<void>((resolve, reject) => {
    const start = clock.monotonic();
    let busy = false;
    const finish = (fault?: Fault) => {
      forget();
      if (fault) reject(fault);
      else resolve();
    };
    const look = (seen: Seen | undefined, message?: string) => {
      if (!seen || !hosted.alive.value) return finish(new Fault('gone', `${hosted.device} is gone`));
      if (seen.state === 'Alert') return finish(new Fault('refused', message ?? `${command.name} failed`));
      if (seen.state === 'Busy') {
        busy = true;
        return;
      }
      const late = clock.monotonic() - start >= STALE_MS;
      if (busy || calm === 'answers' || (calm === 'reports' && (late || arrived(seen, command)))) finish();
    };
    const ends = [
      clock.after(ANSWER_MS, () => busy || calm === 'says nothing' || finish()),
      hosted.watch(command.name, (seen, update) => look(seen, update?.message)),
      hosted.alive.watch((alive) => alive || look(undefined)),
    ];
    forget = () => {
      for (const end of ends) end();
    };
  });
  // Whoever stops following does not want to know.
  over.catch(() => {});
  return { over, forget: () => forget() };
}

/** The property is what the command asked it to be; less than a thousandth is a matter of formats. */
const arrived = (seen: Seen, command: NewVector): boolean =>
  command.elements.every(({ name, value }) => {
    const now = seen.values[name];
    return typeof value === 'number' && typeof now === 'number'
      ? Math.abs(now - value) < 1e-3
      : now === value;
  });
