import { Fault } from '../../core/errors.ts';
import type { Compass, Mount } from '../../device/mount.ts';
import type { Seen } from '../mirror.ts';
import type { Hosted } from './hosted.ts';
import { choose, chosenIn, command, has, labelOf, send } from './tools.ts';

const RATE = 'TELESCOPE_SLEW_RATE';
const motions = {
  north: ['TELESCOPE_MOTION_NS', 'MOTION_NORTH'],
  south: ['TELESCOPE_MOTION_NS', 'MOTION_SOUTH'],
  west: ['TELESCOPE_MOTION_WE', 'MOTION_WEST'],
  east: ['TELESCOPE_MOTION_WE', 'MOTION_EAST'],
} as const satisfies Record<Compass, readonly [string, string]>;
/** A held motion has no end of its own; a day is as good as none. */
const HELD_MS = 86_400_000;

/** TELESCOPE_MOTION_NS and _WE: On while the Run lasts, Off with its stop. */
export function paddleOf(hosted: Hosted): Pick<Mount, 'rates' | 'move'> {
  const speeds = Object.keys(hosted.property(RATE)?.values ?? {});
  return {
    rates: speeds.map((element) => labelOf(hosted, RATE, element)),
    async move(direction, rate, run) {
      const [property, element] = motions[direction];
      if (!has(hosted, property, element))
        throw new Fault('unsupported', `${hosted.device} cannot be moved ${direction}`);
      const speed = speeds[rate];
      if (speed !== undefined && chosenIn(hosted.property(RATE)) !== speed)
        await command(hosted, RATE, choose(hosted, RATE, speed), run);
      const off = Object.fromEntries(
        Object.keys(choose(hosted, property, element)).map((name) => [name, false]),
      );
      await command(hosted, property, choose(hosted, property, element), run, {
        over: (seen: Seen) => seen.state !== 'Busy' && chosenIn(seen) === undefined,
        timeoutMs: HELD_MS,
        halt: () => send(hosted, property, off),
      });
    },
  };
}
