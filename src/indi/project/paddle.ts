import type { Device } from '../../device/device.ts';
import type { Compass, Mount } from '../../device/mount.ts';
import { indi, MAIN } from '../actor.ts';
import { chosen, number, only, type Panel } from '../panel.ts';

const rw = { perm: 'rw' } as const;
/** INDI clients send no keep-alive: a paddle nobody lets go of lets go by itself. */
const MOST_HELD_SECONDS = 60;

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

  const longest = panel.numbers(
    'MOTION_HOLD_LIMIT',
    'Longest Held Motion',
    MAIN,
    { SECONDS: number('Seconds', '%.f', 1, 600, 1) },
    { SECONDS: MOST_HELD_SECONDS },
    { ...rw, kept: true },
  );
  longest.onWrite((values) => longest.show(values, 'Ok'));

  projectAxis('TELESCOPE_MOTION_NS', 'Motion N/S', 'dec', { MOTION_NORTH: 'north', MOTION_SOUTH: 'south' });
  projectAxis('TELESCOPE_MOTION_WE', 'Motion W/E', 'ra', { MOTION_WEST: 'west', MOTION_EAST: 'east' });

  function projectAxis<N extends string>(
    name: string,
    label: string,
    lane: 'ra' | 'dec',
    directions: Record<N, Compass>,
  ): void {
    const motion = panel.switches<N>(name, label, MAIN, directions, undefined, { ...rw, rule: 'AtMostOne' });
    let letGo = () => {};
    motion.onWrite((values, _, origin) => {
      const key = chosen(values);
      letGo();
      letGo = () => {};
      if (key === undefined) return motion.show(only(directions, undefined), 'Idle');
      const order = { direction: directions[key], rate: rate() };
      const run = device.operate(indi, 'mount', 'move', order);
      // Whatever happens from here on, the motion has an end.
      const stop = () => {
        motion.release();
        run.stop('user', 'the paddle was let go');
      };
      const cancel = panel.clock.after(longest.values.SECONDS * 1000, stop);
      const unwatch = origin.watchClosely(() => motion.publish());
      origin.gone.addEventListener('abort', stop);
      letGo = stop;
      const ended = () => {
        cancel();
        unwatch();
        origin.gone.removeEventListener('abort', stop);
        motion.keep(only(directions, undefined));
      };
      motion.keep(only(directions, key));
      panel.command(motion, [lane], () => run, ended);
      if (origin.gone.aborted) stop();
    });
  }
}
