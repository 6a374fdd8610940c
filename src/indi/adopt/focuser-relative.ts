import { cell, derived } from '../../core/cell.ts';
import type { Focuser } from '../../device/focuser.ts';
import { motorOf } from './focuser.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { choose, command, has, rangeOf, send, stateCell } from './tools.ts';

const RELATIVE = 'REL_FOCUS_POSITION';
const STEPS = 'FOCUS_RELATIVE_POSITION';

/**
 * A focuser that does not know where it is: the position is counted here, from the middle of twice its longest move.
 * A move that was stopped does not count: from then on, positions are off by what it had gone.
 */
export function adoptRelativeFocuser(hosted: Hosted, parts: AdoptionParts): Focuser | undefined {
  if (!has(hosted, RELATIVE, STEPS) || !has(hosted, 'FOCUS_MOTION', 'FOCUS_OUTWARD')) return undefined;
  const longest = rangeOf(hosted, RELATIVE, STEPS)?.max || 10_000;
  const position = cell(longest);
  const state = stateCell(hosted, RELATIVE);
  const stopping = has(hosted, 'FOCUS_ABORT_MOTION') && {
    halt: () => send(hosted, 'FOCUS_ABORT_MOTION', { ABORT: true }),
  };
  return {
    position,
    moving: derived([state], () => state.value === 'Busy'),
    maxStep: 2 * longest,
    async moveTo(steps, run) {
      const outward = steps > position.value;
      await command(
        hosted,
        'FOCUS_MOTION',
        choose(hosted, 'FOCUS_MOTION', outward ? 'FOCUS_OUTWARD' : 'FOCUS_INWARD'),
        run,
      );
      while (position.value !== steps) {
        const part = Math.min(longest, Math.abs(steps - position.value));
        await command(hosted, RELATIVE, { [STEPS]: part }, run, { answerMs: 60_000, ...stopping });
        position.set(position.value + (outward ? part : -part));
      }
    },
    async sync(steps) {
      position.set(steps);
    },
    ...motorOf(hosted, parts),
  };
}
