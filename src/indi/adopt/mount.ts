import { type Cell, derived } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Mount, PierSide } from '../../device/mount.ts';
import { separation } from '../../sky/angle.ts';
import { fromApparent, toApparent } from '../../sky/apparent.ts';
import { apparentPlace, type Direction } from '../../sky/direction.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { motionOf } from './mount-motion.ts';
import { paddleOf } from './mount-paddle.ts';
import { parkingOf } from './mount-park.ts';
import { trackingOf } from './mount-tracking.ts';
import { choose, chosenCell, chosenIn, command, elementCell, halt, has, numberIn, send } from './tools.ts';

/** A slew that ends farther from its target did not arrive: somebody stopped it. */
const ARRIVED_DEGREES = 1;
const SLEW_MS = 900_000;

/**
 * INDI protocol 1.7, telescope: by coordinates of date, else by those of J2000. Mounts that know only altitude and
 * azimuth are left to the clients.
 */
export function adoptMount(hosted: Hosted, { clock }: AdoptionParts): Mount | undefined {
  const places = placesOf(hosted, clock);
  if (!places) return undefined;
  const { property, position, valuesOf } = places;
  const motion = motionOf(hosted, clock, property, position);
  const tracking = trackingOf(hosted, motion);
  const stopping = { halt: () => send(hosted, 'TELESCOPE_ABORT_MOTION', { ABORT: true }) };
  const side = chosenCell(hosted, 'TELESCOPE_PIER_SIDE');
  const apart = (target: Direction) => separation(position.value, target);
  return {
    position,
    motion,
    pierSide: derived([side], () => sides[side.value ?? ''] ?? 'unknown'),
    async slewTo(target, run) {
      if (motion.value === 'parked')
        throw new Fault('refused', `${hosted.device} is parked: unpark it first`);
      await mode(hosted, has(hosted, 'ON_COORD_SET', 'TRACK') ? 'TRACK' : 'SLEW', run);
      await command(hosted, property, valuesOf(target), run, {
        ...stopping,
        timeoutMs: SLEW_MS,
        answered: () => apart(target) < ARRIVED_DEGREES,
      });
      const left = apart(target);
      if (left > ARRIVED_DEGREES)
        throw new Fault('refused', `${hosted.device} ended its slew ${left.toFixed(1)}° from the target`);
      await tracking.resume(run);
    },
    async sync(target, run) {
      await mode(hosted, 'SYNC', run);
      try {
        const answered = () => apart(target) < ARRIVED_DEGREES;
        await command(hosted, property, valuesOf(target), run, { answered });
      } finally {
        // Whoever writes coordinates next means a slew.
        if (has(hosted, 'ON_COORD_SET', 'TRACK'))
          send(hosted, 'ON_COORD_SET', choose(hosted, 'ON_COORD_SET', 'TRACK'));
      }
    },
    ...tracking.members,
    ...parkingOf(hosted, motion),
    ...paddleOf(hosted),
    halt: () => halt(hosted, clock, 'TELESCOPE_ABORT_MOTION'),
  };
}

const sides: Readonly<Record<string, PierSide>> = { PIER_WEST: 'west', PIER_EAST: 'east' };

interface Places {
  /** The property that says where it points and takes where to go. */
  property: string;
  position: Cell<Direction>;
  valuesOf(target: Direction): { RA: number; DEC: number };
}

function placesOf(hosted: Hosted, clock: Clock): Places | undefined {
  const ofDate = has(hosted, 'EQUATORIAL_EOD_COORD', 'RA');
  const property = ofDate ? 'EQUATORIAL_EOD_COORD' : 'EQUATORIAL_COORD';
  if (!has(hosted, property, 'RA')) return undefined;
  const position = elementCell<Direction>(hosted, property, { ra: 0, dec: 90 }, (seen) => {
    const hours = numberIn(seen, 'RA');
    const dec = numberIn(seen, 'DEC');
    if (hours === undefined || dec === undefined) return undefined;
    return ofDate ? fromApparent(apparentPlace(hours * 15, dec), clock.now()) : { ra: hours * 15, dec };
  });
  return {
    property,
    position,
    valuesOf(target) {
      const { ra, dec } = ofDate ? toApparent(target, clock.now()) : target;
      return { RA: ra / 15, DEC: dec };
    },
  };
}

/** What the next coordinates mean. A mount that only slews has no such choice. */
async function mode(hosted: Hosted, element: 'TRACK' | 'SLEW' | 'SYNC', run: Run): Promise<void> {
  if (!has(hosted, 'ON_COORD_SET', element)) {
    if (element === 'SYNC') throw new Fault('unsupported', `${hosted.device} cannot be told where it points`);
    return;
  }
  if (chosenIn(hosted.property('ON_COORD_SET')) === element) return;
  await command(hosted, 'ON_COORD_SET', choose(hosted, 'ON_COORD_SET', element), run);
}
