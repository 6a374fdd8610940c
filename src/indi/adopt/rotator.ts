import { derived } from '../../core/cell.ts';
import { signedDegrees } from '../../core/units.ts';
import type { Rotator } from '../../device/rotator.ts';
import type { Seen } from '../mirror.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import {
  caughtUp,
  choose,
  command,
  halt,
  has,
  numberCell,
  numberIn,
  send,
  stateCell,
  switchCell,
  writable,
} from './tools.ts';

/** What is farther from the target is a report of where it was before. */
const NEAR_DEGREES = 1;

/** INDI protocol 1.7, rotator. */
export function adoptRotator(hosted: Hosted, { clock }: AdoptionParts): Rotator | undefined {
  if (!has(hosted, 'ABS_ROTATOR_ANGLE', 'ANGLE')) return undefined;
  // Before the state: who hears that it has stopped shall read where.
  const angle = numberCell(hosted, 'ABS_ROTATOR_ANGLE', 'ANGLE', 0);
  const state = stateCell(hosted, 'ABS_ROTATOR_ANGLE');
  const stopping = { halt: () => send(hosted, 'ROTATOR_ABORT_MOTION', { ABORT: true }) };
  return {
    angle,
    moving: derived([state], () => state.value === 'Busy'),
    async turnTo(degrees, run) {
      const near = (now: number) => Math.abs(signedDegrees(now - degrees)) < NEAR_DEGREES;
      const answered = (seen: Seen) => near(numberIn(seen, 'ANGLE') ?? degrees);
      await command(hosted, 'ABS_ROTATOR_ANGLE', { ANGLE: degrees }, run, { ...stopping, answered });
      await caughtUp(hosted, angle, near, run);
    },
    halt: () => halt(hosted, clock, 'ROTATOR_ABORT_MOTION'),
    ...(has(hosted, 'SYNC_ROTATOR_ANGLE') && {
      sync: (degrees, run) => command(hosted, 'SYNC_ROTATOR_ANGLE', { ANGLE: degrees }, run),
    }),
    ...(has(hosted, 'ROTATOR_HOME', 'HOME') && {
      home: (run) => command(hosted, 'ROTATOR_HOME', { HOME: true }, run, stopping),
    }),
    ...(has(hosted, 'ROTATOR_REVERSE') && {
      reversed: switchCell(hosted, 'ROTATOR_REVERSE', 'INDI_ENABLED'),
      ...(writable(hosted, 'ROTATOR_REVERSE') && {
        setReversed: (on, run) =>
          command(
            hosted,
            'ROTATOR_REVERSE',
            choose(hosted, 'ROTATOR_REVERSE', on ? 'INDI_ENABLED' : 'INDI_DISABLED'),
            run,
          ),
      }),
    }),
  };
}
