import type { Cover, CoverState } from '../../device/cover.ts';
import type { Seen } from '../mirror.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { choose, chosenIn, command, elementCell, halt, has, send } from './tools.ts';

/** INDI protocol 1.7, dust cap: parked is closed. */
export function adoptCover(hosted: Hosted, { clock }: AdoptionParts): Cover | undefined {
  if (!has(hosted, 'CAP_PARK', 'PARK')) return undefined;
  const able = has(hosted, 'CAP_ABORT', 'ABORT');
  const options = {
    timeoutMs: 120_000,
    ...(able && { halt: () => send(hosted, 'CAP_ABORT', { ABORT: true }) }),
  };
  return {
    state: elementCell<CoverState>(hosted, 'CAP_PARK', 'unknown', coverState),
    open: (run) => command(hosted, 'CAP_PARK', choose(hosted, 'CAP_PARK', 'UNPARK'), run, options),
    close: (run) => command(hosted, 'CAP_PARK', choose(hosted, 'CAP_PARK', 'PARK'), run, options),
    ...(able && { halt: () => halt(hosted, clock, 'CAP_ABORT') }),
  };
}

function coverState(seen: Seen): CoverState {
  if (seen.state === 'Busy') return 'moving';
  if (seen.state === 'Alert') return 'fault';
  const at = chosenIn(seen);
  return at === 'PARK' ? 'closed' : at === 'UNPARK' ? 'open' : 'unknown';
}
