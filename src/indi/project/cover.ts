import type { Cover, CoverState } from '../../device/cover.ts';
import type { Device } from '../../device/device.ts';
import { indi, MAIN } from '../actor.ts';
import type { State } from '../message.ts';
import { only, type Panel } from '../panel.ts';
import { projectAbort } from './switches.ts';

const LANES = ['cover'];

const states: Record<CoverState, State> = {
  open: 'Ok',
  closed: 'Ok',
  moving: 'Busy',
  unknown: 'Idle',
  fault: 'Alert',
};

/** INDI protocol 1.7, dust cap: parked is closed. */
export function projectCover(panel: Panel, device: Device, { state, halt }: Cover): void {
  const words = { PARK: 'Park(ed)', UNPARK: 'UnPark(ed)' };
  const park = panel.switches('CAP_PARK', 'Parking Mode', MAIN, words, 'UNPARK', { perm: 'rw' });
  panel.watch([state], () => {
    const { value } = state;
    // On its way, and where nobody knows, it is as it was last.
    const known = value === 'closed' ? only(words, 'PARK') : value === 'open' ? only(words, 'UNPARK') : {};
    park.show(known, states[value]);
  });
  park.onWrite(({ PARK }) => {
    panel.command(park, LANES, () => device.operate(indi, 'cover', PARK ? 'close' : 'open', {}));
  });
  if (!halt) return;
  projectAbort(panel, ['CAP_ABORT', 'Abort', MAIN], LANES, () => device.operate(indi, 'cover', 'halt', {}));
}
