import { Fault } from '../../core/errors.ts';
import type { GuidePort } from '../../device/guide-port.ts';
import type { Compass } from '../../device/mount.ts';
import type { Hosted } from './hosted.ts';
import { MOST_PULSE_MS } from './motion.ts';
import { command, elementCell, has, numberIn, writable } from './tools.ts';

const pulses = {
  north: ['TELESCOPE_TIMED_GUIDE_NS', 'TIMED_GUIDE_N', 'TIMED_GUIDE_S'],
  south: ['TELESCOPE_TIMED_GUIDE_NS', 'TIMED_GUIDE_S', 'TIMED_GUIDE_N'],
  west: ['TELESCOPE_TIMED_GUIDE_WE', 'TIMED_GUIDE_W', 'TIMED_GUIDE_E'],
  east: ['TELESCOPE_TIMED_GUIDE_WE', 'TIMED_GUIDE_E', 'TIMED_GUIDE_W'],
} as const satisfies Record<Compass, readonly [string, string, string]>;

/** How much later than asked a pulse may end. */
const LATE_MS = 2000;

/** INDI protocol 1.7, guider: Busy while the pulse lasts. */
export function adoptGuidePort(hosted: Hosted): GuidePort | undefined {
  if (!has(hosted, 'TELESCOPE_TIMED_GUIDE_NS') && !has(hosted, 'TELESCOPE_TIMED_GUIDE_WE')) return undefined;
  return {
    async pulse(direction, milliseconds, run) {
      const [property, wanted, other] = pulses[direction];
      if (!(milliseconds >= 1 && milliseconds <= MOST_PULSE_MS))
        throw new Fault('refused', `a pulse of ${milliseconds} ms is outside 1…${MOST_PULSE_MS}`);
      const end = run.clock.monotonic() + milliseconds;
      const bound = milliseconds + LATE_MS;
      await command(hosted, property, { [wanted]: milliseconds, [other]: 0 }, run, {
        answerMs: bound,
        timeoutMs: bound,
      });
      // Some say Ok when the pulse has begun.
      const left = end - run.clock.monotonic();
      if (left > 0) await run.sleep(left);
    },
    ...(has(hosted, 'GUIDE_RATE', 'GUIDE_RATE_WE') && guideRate(hosted)),
  };
}

function guideRate(hosted: Hosted): Pick<GuidePort, 'rate' | 'setRate'> {
  const rate = elementCell(hosted, 'GUIDE_RATE', { ra: 0.5, dec: 0.5 }, (seen) => {
    const ra = numberIn(seen, 'GUIDE_RATE_WE');
    return ra === undefined ? undefined : { ra, dec: numberIn(seen, 'GUIDE_RATE_NS') ?? ra };
  });
  if (!writable(hosted, 'GUIDE_RATE')) return { rate };
  const both = has(hosted, 'GUIDE_RATE', 'GUIDE_RATE_NS');
  return {
    rate,
    setRate: ({ ra, dec }, run) =>
      command(hosted, 'GUIDE_RATE', { GUIDE_RATE_WE: ra, ...(both && { GUIDE_RATE_NS: dec }) }, run),
  };
}
