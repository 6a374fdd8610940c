import type { Device } from '../../device/device.ts';
import type { FlatLight } from '../../device/flat-light.ts';
import { indi, MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import { projectPair } from './switches.ts';

const LANES = ['light'];

/** INDI protocol 1.7, light box. */
export function projectLight(panel: Panel, device: Device, light: FlatLight): void {
  const { on, brightness, maxBrightness } = light;
  projectPair(
    panel,
    ['FLAT_LIGHT_CONTROL', 'Flat Light', MAIN],
    { FLAT_LIGHT_ON: 'On', FLAT_LIGHT_OFF: 'Off' },
    ['FLAT_LIGHT_ON', 'FLAT_LIGHT_OFF'],
    on,
    { lanes: LANES, set: (value) => device.operate(indi, 'light', 'switch', { on: value }) },
  );
  const step = Math.max(1, Math.round(maxBrightness / 20));
  const elements = { FLAT_LIGHT_INTENSITY_VALUE: number('Value', '%.f', 0, maxBrightness, step) };
  const now = () => ({ FLAT_LIGHT_INTENSITY_VALUE: brightness.value });
  const intensity = panel.numbers('FLAT_LIGHT_INTENSITY', 'Brightness', MAIN, elements, now(), {
    perm: 'rw',
  });
  panel.watch([brightness], () => intensity.show(now(), 'Ok'));
  intensity.onWrite(({ FLAT_LIGHT_INTENSITY_VALUE: value }) => {
    panel.brief(intensity, LANES, () =>
      device.operate(indi, 'light', 'dim', { brightness: Math.round(value) }),
    );
  });
}
