import { derived } from '../../core/cell.ts';
import type { Run } from '../../core/run.ts';
import { signedDegrees } from '../../core/units.ts';
import type { Dome, DomeMotion, RoofState } from '../../device/dome.ts';
import type { Seen } from '../mirror.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import {
  type CommandOptions,
  choose,
  chosenCell,
  chosenIn,
  command,
  elementCell,
  halt,
  has,
  numberCell,
  numberIn,
  send,
  stateCell,
} from './tools.ts';

const AZIMUTH = 'ABS_DOME_POSITION';
/** What is farther from the target is a report of where it was before. */
const NEAR_DEGREES = 5;
/** A held motion has no end of its own; a day is as good as none. */
const HELD_MS = 86_400_000;

/**
 * INDI protocol 1.7, dome: one that knows its azimuth turns. One that does not is a roll-off roof, which is open when
 * it is unparked and closed when it is parked.
 */
export function adoptDome(hosted: Hosted, { clock }: AdoptionParts): Dome | undefined {
  const turns = has(hosted, AZIMUTH);
  const shutter = has(hosted, 'DOME_SHUTTER', 'SHUTTER_OPEN');
  const parks = has(hosted, 'DOME_PARK', 'PARK');
  if (!turns && !shutter && !parks) return undefined;
  const stopping: CommandOptions = has(hosted, 'DOME_ABORT_MOTION')
    ? { halt: () => send(hosted, 'DOME_ABORT_MOTION', { ABORT: true }) }
    : {};
  const switched = (property: string, element: string) => (run: Run) =>
    command(hosted, property, choose(hosted, property, element), run, stopping);
  const park = switched('DOME_PARK', 'PARK');
  const unpark = switched('DOME_PARK', 'UNPARK');
  // Before the state: who hears that it has stopped shall read where.
  const turner = turns && turning(hosted, stopping);
  return {
    motion: motionOf(hosted),
    halt: () => halt(hosted, clock, 'DOME_ABORT_MOTION'),
    ...(parks && { park, unpark }),
    ...turner,
    ...(shutter
      ? {
          roof: elementCell<RoofState>(hosted, 'DOME_SHUTTER', 'unknown', roofBy('SHUTTER_OPEN')),
          openRoof: switched('DOME_SHUTTER', 'SHUTTER_OPEN'),
          closeRoof: switched('DOME_SHUTTER', 'SHUTTER_CLOSE'),
        }
      : !turns && {
          roof: elementCell<RoofState>(hosted, 'DOME_PARK', 'unknown', roofBy('UNPARK')),
          openRoof: unpark,
          closeRoof: park,
        }),
  };
}

function turning(hosted: Hosted, stopping: CommandOptions): Partial<Dome> {
  return {
    azimuth: numberCell(hosted, AZIMUTH, 'DOME_ABSOLUTE_POSITION', 0),
    turnTo(degrees, run) {
      const away = (seen: Seen) => signedDegrees((numberIn(seen, 'DOME_ABSOLUTE_POSITION') ?? 0) - degrees);
      const answered = (seen: Seen) => Math.abs(away(seen)) < NEAR_DEGREES;
      return command(hosted, AZIMUTH, { DOME_ABSOLUTE_POSITION: degrees }, run, { ...stopping, answered });
    },
    ...(has(hosted, 'DOME_SYNC') && {
      sync: (degrees, run) => command(hosted, 'DOME_SYNC', { DOME_SYNC_VALUE: degrees }, run),
    }),
    ...(has(hosted, 'DOME_MOTION', 'DOME_CW') && {
      turn: (direction, run) => {
        const values = choose(hosted, 'DOME_MOTION', direction === 'clockwise' ? 'DOME_CW' : 'DOME_CCW');
        const over = (seen: Seen) => seen.state !== 'Busy' && chosenIn(seen) === undefined;
        return command(hosted, 'DOME_MOTION', values, run, { ...stopping, over, timeoutMs: HELD_MS });
      },
    }),
  };
}

const roofBy =
  (open: string) =>
  (seen: Seen): RoofState => {
    const at = chosenIn(seen);
    if (seen.state === 'Alert') return 'fault';
    if (at === undefined) return 'unknown';
    if (seen.state === 'Busy') return at === open ? 'opening' : 'closing';
    return at === open ? 'open' : 'closed';
  };

function motionOf(hosted: Hosted) {
  const park = stateCell(hosted, 'DOME_PARK');
  const parked = chosenCell(hosted, 'DOME_PARK');
  const azimuth = stateCell(hosted, AZIMUTH);
  const motion = stateCell(hosted, 'DOME_MOTION');
  return derived([park, parked, azimuth, motion], (): DomeMotion => {
    if (park.value === 'Busy') return parked.value === 'PARK' ? 'parking' : 'unparking';
    if (azimuth.value === 'Busy' || motion.value === 'Busy') return 'moving';
    if ([park, azimuth, motion].some(({ value }) => value === 'Alert')) return 'fault';
    return parked.value === 'PARK' ? 'parked' : 'stopped';
  });
}
