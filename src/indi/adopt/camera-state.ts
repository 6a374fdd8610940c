import { cell, type OwnedCell } from '../../core/cell.ts';
import type { CameraState } from '../../device/camera.ts';
import type { Seen } from '../mirror.ts';
import type { Chip } from './camera-chip.ts';
import type { Hosted } from './hosted.ts';
import { numberIn } from './tools.ts';

/** Exposing while CCD_EXPOSURE is Busy, whoever asked for it, and reading once its count-down is at its end. */
export function followState(hosted: Hosted, { exposure, seconds }: Chip): OwnedCell<CameraState> {
  const state = cell<CameraState>('idle');
  const follow = (seen: Seen | undefined) => {
    if (seen?.state !== 'Busy') return state.set('idle');
    const left = numberIn(seen, seconds) ?? 0;
    state.set(state.value === 'idle' || left > 0 ? 'exposing' : 'reading');
  };
  follow(hosted.property(exposure));
  hosted.watch(exposure, follow);
  return state;
}
