import { type Cell, when } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Mount, MountMotion } from '../../device/mount.ts';
import type { Hosted } from './hosted.ts';
import { type CommandOptions, choose, chosenIn, command, has, send } from './tools.ts';

const PARK = 'TELESCOPE_PARK';
const HOME = 'TELESCOPE_HOME';
/** From the answer to PARK until it rests. */
const REST_MS = 300_000;

type Parking = Pick<Mount, 'park' | 'unpark' | 'parkHere' | 'home' | 'findHome' | 'setHome'>;

/** TELESCOPE_PARK, TELESCOPE_PARK_OPTION and TELESCOPE_HOME. */
export function parkingOf(hosted: Hosted, motion: Cell<MountMotion>): Parking {
  const halt = () => send(hosted, 'TELESCOPE_ABORT_MOTION', { ABORT: true });
  const switched = (property: string, element: string, options?: CommandOptions) => (run: Run) =>
    command(hosted, property, choose(hosted, property, element), run, options);
  const needPark = () => {
    if (!has(hosted, PARK, 'PARK')) throw new Fault('unsupported', `${hosted.device} cannot park`);
  };
  return {
    async park(run) {
      needPark();
      if (motion.value === 'parked') return;
      await switched(PARK, 'PARK', { halt })(run);
      await atRest(run);
    },
    async unpark(run) {
      needPark();
      if (chosenIn(hosted.property(PARK)) === 'UNPARK') return;
      await switched(PARK, 'UNPARK', { halt })(run);
      if (chosenIn(hosted.property(PARK)) === 'PARK')
        throw new Fault('refused', `${hosted.device} remains parked`);
    },
    ...(has(hosted, 'TELESCOPE_PARK_OPTION', 'PARK_CURRENT') && {
      async parkHere(run) {
        await switched('TELESCOPE_PARK_OPTION', 'PARK_CURRENT')(run);
        await switched('TELESCOPE_PARK_OPTION', 'PARK_WRITE_DATA')(run);
      },
    }),
    ...(has(hosted, HOME, 'GO') && { home: switched(HOME, 'GO', { halt }) }),
    ...(has(hosted, HOME, 'FIND') && { findHome: switched(HOME, 'FIND', { halt }) }),
    ...(has(hosted, HOME, 'SET') && { setHome: switched(HOME, 'SET') }),
  };

  /** Parked is what the mount says when it has stopped there. */
  async function atRest(run: Run): Promise<void> {
    const late = new AbortController();
    const cancel = run.clock.after(REST_MS, () =>
      late.abort(new Fault('silent', `${hosted.device} says that it is parked and does not come to rest`)),
    );
    try {
      const now = await when(
        motion,
        (value) => value !== 'parking',
        AbortSignal.any([run.signal, late.signal]),
      );
      if (now !== 'parked') throw new Fault('refused', `${hosted.device} did not park: it is ${now}`);
    } catch (error) {
      if (run.signal.aborted) halt();
      throw error;
    } finally {
      cancel();
    }
  }
}
