import type { Judged } from '../src/cli/devices.ts';
import { emulators } from './emulators/index.ts';

/** Real programs that have driven our emulator of a family (`suites/judges.ts`). */
const executables: Record<string, string> = {
  lx200: 'indi_lx200classic',
  lx200autostar: 'indi_lx200autostar',
  onstep: 'indi_lx200_OnStep',
  moonlite: 'indi_moonlite_focus',
  xagyl: 'indi_xagyl_wheel',
};

/** Who judged what, for `nightjar devices`. */
export const census = (): Judged[] =>
  emulators.map(({ family }) => ({
    family,
    emulator: true,
    judges: executables[family] ? [executables[family]] : [],
  }));
