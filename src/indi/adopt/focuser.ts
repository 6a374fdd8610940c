import { derived } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Control } from '../../device/camera.ts';
import type { Focuser } from '../../device/focuser.ts';
import type { Seen } from '../mirror.ts';
import { adoptRelativeFocuser } from './focuser-relative.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import {
  caughtUp,
  choose,
  command,
  halt,
  has,
  numberCell,
  numberIn,
  rangeOf,
  send,
  stateCell,
  switchCell,
  writable,
} from './tools.ts';

const ABSOLUTE = 'ABS_FOCUS_POSITION';
const STEPS = 'FOCUS_ABSOLUTE_POSITION';
/** Steps by which a focuser may stop beside the place it was told without having been stopped by somebody. */
const SLACK = 20;

/**
 * INDI protocol 1.7, focuser: those that know where they are, else those that can go so many steps. Those that only
 * run for a time are left to the clients.
 */
export function adoptFocuser(hosted: Hosted, parts: AdoptionParts): Focuser | undefined {
  if (!has(hosted, ABSOLUTE, STEPS) || !writable(hosted, ABSOLUTE))
    return adoptRelativeFocuser(hosted, parts);
  // Before the state: who hears that it has stopped shall read where.
  const position = numberCell(hosted, ABSOLUTE, STEPS, 0);
  const state = stateCell(hosted, ABSOLUTE);
  const able = has(hosted, 'FOCUS_ABORT_MOTION');
  return {
    position,
    moving: derived([state], () => state.value === 'Busy'),
    get maxStep() {
      return rangeOf(hosted, ABSOLUTE, STEPS)?.max || 0xffff;
    },
    async moveTo(steps, run) {
      // Some drivers answer when they have arrived.
      const times = { answerMs: 60_000, timeoutMs: 600_000 };
      const stopping = able && { halt: () => send(hosted, 'FOCUS_ABORT_MOTION', { ABORT: true }) };
      const answered = (seen: Seen) => Math.abs((numberIn(seen, STEPS) ?? steps) - steps) <= SLACK;
      await command(hosted, ABSOLUTE, { [STEPS]: steps }, run, { ...times, ...stopping, answered });
      await caughtUp(hosted, position, (now) => now === steps, run);
      const now = position.value;
      if (Math.abs(now - steps) > SLACK)
        throw new Fault('refused', `${hosted.device} was stopped at ${now} on its way to ${steps}`);
    },
    ...(writable(hosted, 'FOCUS_SYNC') && {
      sync: (steps, run) => command(hosted, 'FOCUS_SYNC', { FOCUS_SYNC_VALUE: steps }, run),
    }),
    ...motorOf(hosted, parts),
  };
}

/** What focusers have in common, however they count. */
export function motorOf(hosted: Hosted, { clock }: AdoptionParts) {
  const speed = speedOf(hosted);
  return {
    halt: () =>
      has(hosted, 'FOCUS_ABORT_MOTION')
        ? halt(hosted, clock, 'FOCUS_ABORT_MOTION')
        : Promise.reject(new Fault('unsupported', `${hosted.device} cannot be halted`)),
    ...(speed && { speed }),
    ...(has(hosted, 'FOCUS_TEMPERATURE', 'TEMPERATURE') && {
      temperature: numberCell(hosted, 'FOCUS_TEMPERATURE', 'TEMPERATURE'),
    }),
    ...(writable(hosted, 'FOCUS_REVERSE_MOTION') && {
      reversed: switchCell(hosted, 'FOCUS_REVERSE_MOTION', 'INDI_ENABLED'),
      setReversed: (on: boolean, run: Parameters<Control['set']>[1]) => {
        const element = on ? 'INDI_ENABLED' : 'INDI_DISABLED';
        const values = choose(hosted, 'FOCUS_REVERSE_MOTION', element);
        return command(hosted, 'FOCUS_REVERSE_MOTION', values, run);
      },
    }),
  };
}

function speedOf(hosted: Hosted): Control | undefined {
  const range = rangeOf(hosted, 'FOCUS_SPEED', 'FOCUS_SPEED_VALUE');
  if (!range || !writable(hosted, 'FOCUS_SPEED') || range.max <= range.min) return undefined;
  return {
    value: numberCell(hosted, 'FOCUS_SPEED', 'FOCUS_SPEED_VALUE', range.min),
    min: range.min,
    max: range.max,
    set: (value, run) => command(hosted, 'FOCUS_SPEED', { FOCUS_SPEED_VALUE: value }, run),
  };
}
