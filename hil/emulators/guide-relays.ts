import type { Clock } from '../../src/core/clock.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from '../sky/mount-body.ts';
import type { World } from '../sky/world.ts';
import { invalidValue } from './alpaca.ts';

const GUIDE_RATE = 0.5 * SIDEREAL_DEGREES_PER_SECOND;
const [NORTH, SOUTH, EAST, WEST] = [0, 1, 2, 3];

/** A camera's guide port, wired to the world's mount: four relays that know motors, not the sky. */
export function createRelays(clock: Clock, { mount, site }: World) {
  let until = 0;
  return {
    /** Alpaca's directions. North is toward the elevated pole with the tube west of the pier, and away with it east. */
    pulse(direction: number, milliseconds: number): void {
      if (!(milliseconds >= 0 && milliseconds <= 60_000)) {
        throw invalidValue(`a pulse of ${milliseconds} ms`);
      }
      const north = site.latitude >= 0 ? -GUIDE_RATE : GUIDE_RATE;
      if (direction === NORTH) mount.dec.pulse(north, milliseconds);
      else if (direction === SOUTH) mount.dec.pulse(-north, milliseconds);
      else if (direction === EAST) mount.ra.pulse(-GUIDE_RATE, milliseconds);
      else if (direction === WEST) mount.ra.pulse(GUIDE_RATE, milliseconds);
      else throw invalidValue(`direction ${direction}`);
      until = Math.max(until, clock.now() + milliseconds);
    },
    busy: () => clock.now() < until,
  };
}
