import type { MountMotion, PierSide } from '../../src/device/mount.ts';

/** What OnStep's `:GU#` says of the motion, and why it last declined one. */
export interface OnstepStatus {
  motion: MountMotion;
  /** In plain words; undefined: none. */
  error: string | undefined;
}

/** The last of the three digits, counted from `0`. */
const errors: readonly string[] = [
  '',
  'motor fault',
  'below the lowest altitude',
  'a limit switch',
  'declination limit',
  'azimuth limit',
  'under the pole',
  'past the meridian limit',
  'sync refused: too far from where the mount points',
  'park failed: is a park position set?',
  'goto and sync refused',
  'unspecified',
  'above the highest altitude',
];
const MOTOR_FAULT = 1;

/** Letters in any order, then guide rates and error (OnStep command reference, `:GU#`); undefined: no status. */
export function parseOnstepStatus(answer: string): OnstepStatus | undefined {
  const found = /^([!-~]*[pIPF][!-~]*)\d\d([0-<])#$/.exec(answer);
  if (!found) return undefined;
  const letters = found[1] as string;
  const code = (found[2] as string).charCodeAt(0) - 48;
  return { motion: motionOf((letter) => letters.includes(letter), code), error: errors[code] || undefined };
}

/** `N` no goto, `n` no tracking; neither, or `n` alone: it slews. */
function motionOf(says: (letter: string) => boolean, code: number): MountMotion {
  if (says('P')) return 'parked';
  if (says('I')) return 'parking';
  if (!says('N')) return 'slewing';
  if (code === MOTOR_FAULT) return 'fault';
  return says('n') ? 'stopped' : 'tracking';
}

/** `:Gm#`: the side of the mount on which the telescope is; `N` at home, `?` during a flip. */
export function parsePierSide(answer: string): PierSide | undefined {
  const sides: Record<string, PierSide> = { 'E#': 'east', 'W#': 'west', 'N#': 'unknown', '?#': 'unknown' };
  return sides[answer];
}
