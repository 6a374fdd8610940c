import type { Device } from '../../device/device.ts';
import type { Compass, Mount } from '../../device/mount.ts';
import { indi, MAIN } from '../actor.ts';
import { chosen, only, type Panel } from '../panel.ts';
import { hold, projectHoldLimit } from './hold.ts';

const rw = { perm: 'rw' } as const;

/** Motion that lasts while it is held (INDI protocol 1.7, TELESCOPE_MOTION_NS/WE), with its dead man. */
export function projectPaddle(panel: Panel, device: Device, mount: Mount): void {
  const { rates } = mount;
  const names = Object.fromEntries(rates.map((label, index) => [`${index + 1}x`, label]));
  const fastest = `${rates.length}x`;
  const speed =
    rates.length > 0 &&
    panel.switches('TELESCOPE_SLEW_RATE', 'Slew Rate', MAIN, names, fastest, { ...rw, kept: true });
  if (speed) speed.onWrite((values) => speed.show(values, 'Ok'));
  const rate = () => (speed ? Number.parseInt(chosen(speed.values) ?? fastest, 10) - 1 : 0);
  const limit = projectHoldLimit(panel);

  projectAxis('TELESCOPE_MOTION_NS', 'Motion N/S', 'dec', { MOTION_NORTH: 'north', MOTION_SOUTH: 'south' });
  projectAxis('TELESCOPE_MOTION_WE', 'Motion W/E', 'ra', { MOTION_WEST: 'west', MOTION_EAST: 'east' });

  function projectAxis(
    name: string,
    label: string,
    lane: 'ra' | 'dec',
    directions: Record<string, Compass>,
  ): void {
    const motion = panel.switches(name, label, MAIN, directions, undefined, { ...rw, rule: 'AtMostOne' });
    const rest = () => motion.keep(only(directions, undefined));
    let letGo = () => {};
    motion.onWrite((values, _, origin) => {
      const key = chosen(values);
      letGo();
      letGo = () => {};
      const direction = key === undefined ? undefined : directions[key];
      if (direction === undefined) return motion.show(only(directions, undefined), 'Idle');
      const run = device.operate(indi, 'mount', 'move', { direction, rate: rate() });
      motion.keep(values);
      letGo = hold(panel, { motion, lanes: [lane], run, origin, seconds: limit(), rest });
    });
  }
}
