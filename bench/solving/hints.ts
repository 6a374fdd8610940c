import type { SolveHints } from '../../src/solve/solution.ts';
import type { Framing } from './camera.ts';

/** What a solver may know beforehand: place and scale, the scale, nothing. */
export type Hint = 'near' | 'scale' | 'blind';

/** A hinted solve looks so far around, is told a place so far off, and the scale to ±10 %. */
export const HINT_RADIUS = 2;
const OFF = 0.35;

/** Where a mount believes it points: off in declination by a third of what it is trusted. */
export const nearby = ({ ra, dec }: { ra: number; dec: number }, radius = HINT_RADIUS) => ({
  ra,
  dec: dec > 0 ? dec - OFF * radius : dec + OFF * radius,
});

export const scales = ({ scale }: { scale: number }) => ({ low: scale * 0.9, high: scale * 1.1 });

/** The same for our own solver, and when the frame was taken, as its header says. */
export function hintsFor(
  framing: Pick<Framing, 'ra' | 'dec' | 'scale'> & { readonly utc?: number },
  hint: Hint,
  radius = HINT_RADIUS,
): SolveHints {
  return {
    ...(framing.utc === undefined ? {} : { utc: framing.utc }),
    ...(hint === 'blind' ? {} : { scale: scales(framing) }),
    ...(hint === 'near' ? { near: { centre: nearby(framing, radius), radiusDegrees: radius } } : {}),
  };
}
