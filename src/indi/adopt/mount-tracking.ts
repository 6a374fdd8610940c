import type { Cell } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Mount, MountMotion, TrackingRate } from '../../device/mount.ts';
import type { Seen } from '../mirror.ts';
import type { Hosted } from './hosted.ts';
import { caughtUp, choose, chosenIn, command, elementCell, has } from './tools.ts';

const STATE = 'TELESCOPE_TRACK_STATE';
const MODE = 'TELESCOPE_TRACK_MODE';
/** To be told what they do anyway, some do not answer (OnStep's driver). */
const REPEATED_MS = 1500;
const rates = { sidereal: 'TRACK_SIDEREAL', solar: 'TRACK_SOLAR', lunar: 'TRACK_LUNAR' } as const;

/** TELESCOPE_TRACK_STATE, which remains Busy while it tracks (libindi), and TELESCOPE_TRACK_MODE. */
export function trackingOf(hosted: Hosted, motion: Cell<MountMotion>) {
  const setTracking = (on: boolean, run: Run): Promise<void> => {
    const element = on ? 'TRACK_ON' : 'TRACK_OFF';
    if (!has(hosted, STATE, element))
      throw new Fault('unsupported', `${hosted.device} cannot be told to track or not`);
    const over = (seen: Seen) => chosenIn(seen) === element;
    const already = chosenIn(hosted.property(STATE)) === element;
    const times = { answerMs: already ? REPEATED_MS : 10_000, timeoutMs: 10_000 };
    return command(hosted, STATE, choose(hosted, STATE, element), run, { over, ...times }).catch((error) => {
      if (!(already && error instanceof Fault && error.kind === 'silent')) throw error;
    });
  };
  const members: Pick<Mount, 'setTracking' | 'trackingRate' | 'setTrackingRate'> = {
    setTracking: async (on, run) => setTracking(on, run),
    ...(has(hosted, MODE, 'TRACK_SIDEREAL') && {
      trackingRate: elementCell<TrackingRate>(hosted, MODE, 'sidereal', rateIn),
      setTrackingRate: async (rate: TrackingRate, run: Run) => {
        if (!has(hosted, MODE, rates[rate]))
          throw new Fault('unsupported', `${hosted.device} has no ${rate} rate`);
        await command(hosted, MODE, choose(hosted, MODE, rates[rate]), run);
      },
    }),
  };
  return {
    members,
    /** After a slew: waits until it says that it tracks, and tells it to when it does not by itself. */
    async resume(run: Run): Promise<void> {
      await caughtUp(hosted, motion, (now) => now === 'tracking', run);
      if (motion.value !== 'tracking' && has(hosted, STATE)) await setTracking(true, run);
    },
  };
}

const rateIn = (seen: Seen): TrackingRate | undefined =>
  (Object.keys(rates) as TrackingRate[]).find((rate) => rates[rate] === chosenIn(seen));
