import type { Run } from '../../core/run.ts';
import { MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import type { Origin, Property } from '../property.ts';

const LIMIT = 'MOTION_HOLD_LIMIT';
/** INDI clients send no keep-alive: a paddle nobody lets go of lets go by itself. */
const MOST_HELD_SECONDS = 60;

/** The dead man's setting of a device; several of its motions share it. @returns the limit in seconds, as it is now */
export function projectHoldLimit(panel: Panel): () => number {
  const seconds = () => Number(panel.properties.get(LIMIT)?.values.SECONDS ?? MOST_HELD_SECONDS);
  if (panel.properties.has(LIMIT)) return seconds;
  const elements = { SECONDS: number('Seconds', '%.f', 1, 600, 1) };
  const initial = { SECONDS: MOST_HELD_SECONDS };
  const longest = panel.numbers(LIMIT, 'Longest Held Motion', MAIN, elements, initial, {
    perm: 'rw',
    kept: true,
  });
  longest.onWrite((values) => longest.show(values, 'Ok'));
  return seconds;
}

export interface Held {
  motion: Property<'switch', string>;
  lanes: readonly string[];
  /** The motion itself: it is stopped when it is let go. */
  run: Run<void>;
  /** Whose finger it is. */
  origin: Origin;
  /** At most. */
  seconds: number;
  /** Takes the switch back. */
  rest(): void;
}

/**
 * Motion that lasts while it is held. Whatever happens once it has begun, it has an end: the switch, an abort, its
 * client's disappearance, the limit.
 * @returns lets go
 */
export function hold(panel: Panel, { motion, lanes, run, origin, seconds, rest }: Held): () => void {
  const stop = () => {
    motion.release();
    run.stop('user', 'the paddle was let go');
  };
  const cancel = panel.clock.after(seconds * 1000, stop);
  const unwatch = origin.watchClosely(() => motion.publish());
  origin.gone.addEventListener('abort', stop);
  const ended = () => {
    cancel();
    unwatch();
    origin.gone.removeEventListener('abort', stop);
    rest();
  };
  panel.command(motion, lanes, () => run, ended);
  if (origin.gone.aborted) stop();
  return stop;
}
