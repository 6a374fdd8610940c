import { type Cell, cell, derived } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { MountMotion } from '../../device/mount.ts';
import { separation } from '../../sky/angle.ts';
import type { Direction } from '../../sky/direction.ts';
import type { Hosted } from './hosted.ts';
import { chosenCell, has, stateCell } from './tools.ts';

const STEADY_MS = 2000;
/** A mount that stands still drifts by 15″/s in right ascension; what is faster moves. */
const DRIFT_DEGREES_PER_MS = 30 / 3600 / 1000;
const NOISE_DEGREES = 30 / 3600;

/**
 * What the mount does, from what it says. PARK Ok alone is not parked: some say so when they have accepted the command
 * (OnStep), while they still say that they stand or track; it must have been at rest for 2 s as well.
 */
export function motionOf(
  hosted: Hosted,
  clock: Clock,
  property: string,
  position: Cell<Direction>,
): Cell<MountMotion> {
  const state = stateCell(hosted, property);
  const park = stateCell(hosted, 'TELESCOPE_PARK');
  const parking = chosenCell(hosted, 'TELESCOPE_PARK');
  const northSouth = chosenCell(hosted, 'TELESCOPE_MOTION_NS');
  const westEast = chosenCell(hosted, 'TELESCOPE_MOTION_WE');
  const track = chosenCell(hosted, 'TELESCOPE_TRACK_STATE');
  const told = derived([parking, park], () => parking.value === 'PARK' && park.value !== 'Busy');
  const steady = steadiness(clock, position, told);

  const tracks = () =>
    has(hosted, 'TELESCOPE_TRACK_STATE') ? track.value === 'TRACK_ON' : state.value === 'Ok';
  const now = (): MountMotion => {
    if (parking.value === 'PARK' && park.value !== 'Alert') {
      return told.value && state.value !== 'Busy' && steady.value ? 'parked' : 'parking';
    }
    if (northSouth.value || westEast.value) return 'moving';
    if (state.value === 'Busy') return 'slewing';
    if (state.value === 'Alert') return 'fault';
    return tracks() ? 'tracking' : 'stopped';
  };
  return derived([state, park, parking, northSouth, westEast, track, steady], now);
}

/**
 * True when it has not moved for 2 s, but by the drift of the sky.
 * @param told when it becomes true, a motion may be about to begin
 */
function steadiness(clock: Clock, position: Cell<Direction>, told: Cell<boolean>): Cell<boolean> {
  const steady = cell(true);
  let anchor = { at: clock.monotonic(), place: position.value };
  let cancel = () => {};
  const wait = () => {
    anchor = { at: clock.monotonic(), place: position.value };
    steady.set(false);
    cancel();
    cancel = clock.after(STEADY_MS, () => steady.set(true));
  };
  told.watch((now) => now && wait());
  position.watch((place) => {
    const moved = separation(anchor.place, place);
    if (moved > NOISE_DEGREES + DRIFT_DEGREES_PER_MS * (clock.monotonic() - anchor.at)) wait();
  });
  return steady;
}
