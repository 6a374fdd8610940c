import { derived } from '../../core/cell.ts';
import type { FlatLight } from '../../device/flat-light.ts';
import type { Hosted } from './hosted.ts';
import { choose, command, has, numberCell, rangeOf, switchCell } from './tools.ts';

const LEVEL = 'FLAT_LIGHT_INTENSITY_VALUE';

/** INDI protocol 1.7, light box. One that cannot be dimmed has the brightnesses 0 and 1. */
export function adoptLight(hosted: Hosted): FlatLight | undefined {
  if (!has(hosted, 'FLAT_LIGHT_CONTROL', 'FLAT_LIGHT_ON')) return undefined;
  const on = switchCell(hosted, 'FLAT_LIGHT_CONTROL', 'FLAT_LIGHT_ON');
  const setOn: FlatLight['setOn'] = (wanted, run) => {
    const element = wanted ? 'FLAT_LIGHT_ON' : 'FLAT_LIGHT_OFF';
    return command(hosted, 'FLAT_LIGHT_CONTROL', choose(hosted, 'FLAT_LIGHT_CONTROL', element), run);
  };
  if (!has(hosted, 'FLAT_LIGHT_INTENSITY', LEVEL)) {
    const brightness = derived([on], () => (on.value ? 1 : 0));
    return { on, brightness, maxBrightness: 1, setOn, setBrightness: (value, run) => setOn(value > 0, run) };
  }
  return {
    on,
    brightness: numberCell(hosted, 'FLAT_LIGHT_INTENSITY', LEVEL, 0),
    maxBrightness: rangeOf(hosted, 'FLAT_LIGHT_INTENSITY', LEVEL)?.max || 255,
    setOn,
    setBrightness: (value, run) => command(hosted, 'FLAT_LIGHT_INTENSITY', { [LEVEL]: value }, run),
  };
}
