import { Fault } from '../../core/errors.ts';
import type { Device } from '../../device/device.ts';
import type { GuidePort } from '../../device/guide-port.ts';
import type { Compass } from '../../device/mount.ts';
import { GUIDING, indi } from '../actor.ts';
import { number, type Panel } from '../panel.ts';

const LONGEST_PULSE_MS = 60_000;

/**
 * INDI protocol 1.7, timed guide: Busy at once, values 0 and not Busy at the end, however it ends (PHD2 waits for
 * it). The axes are lanes of their own.
 */
export function projectGuide(panel: Panel, device: Device, guide: GuidePort): void {
  projectAxis(panel, device, 'TELESCOPE_TIMED_GUIDE_NS', 'Guide N/S', 'dec', {
    TIMED_GUIDE_N: 'north',
    TIMED_GUIDE_S: 'south',
  });
  projectAxis(panel, device, 'TELESCOPE_TIMED_GUIDE_WE', 'Guide E/W', 'ra', {
    TIMED_GUIDE_W: 'west',
    TIMED_GUIDE_E: 'east',
  });
  const { rate } = guide;
  if (!rate) return;
  const now = () => ({ GUIDE_RATE_WE: rate.value.ra, GUIDE_RATE_NS: rate.value.dec });
  const rates = panel.numbers(
    'GUIDE_RATE',
    'Guide Rate',
    GUIDING,
    {
      GUIDE_RATE_WE: number('W/E Rate', '%g', 0, 1, 0.1),
      GUIDE_RATE_NS: number('N/S Rate', '%g', 0, 1, 0.1),
    },
    now(),
    { perm: guide.setRate ? 'rw' : 'ro' },
  );
  panel.watch([rate], () => rates.show(now(), 'Ok'));
  rates.onWrite(({ GUIDE_RATE_WE: ra, GUIDE_RATE_NS: dec }) => {
    panel.brief(rates, ['ra', 'dec'], () => device.operate(indi, 'guide', 'setRate', { ra, dec }));
  });
}

function projectAxis<N extends string>(
  panel: Panel,
  device: Device,
  name: string,
  label: string,
  lane: 'ra' | 'dec',
  directions: Record<N, Compass>,
): void {
  const keys = Object.keys(directions) as N[];
  const of = <T>(value: (key: N) => T) =>
    Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<N, T>;
  const elements = of((key) => number(`${directions[key]} (ms)`, '%.f', 0, LONGEST_PULSE_MS, 100));
  const rest = of(() => 0);
  const pulse = panel.numbers(name, label, GUIDING, elements, rest, { perm: 'rw' });
  pulse.onWrite((values, given) => {
    const asked = keys.filter((key) => given.has(key) && values[key] >= 1);
    const [key] = asked;
    if (key === undefined) return pulse.show(rest, 'Idle');
    if (asked.length > 1) throw new Fault('refused', `${name}: one direction at a time`);
    const motion = device.capabilities.value.mount?.motion.value;
    // All clients are one holder: without this a guider's pulse would end another client's slew or held motion.
    if (motion !== undefined && motion !== 'tracking' && motion !== 'stopped') {
      throw new Fault('refused', `no guiding: the mount is ${motion}`);
    }
    const order = { direction: directions[key], milliseconds: Math.round(values[key]) };
    const run = device.operate(indi, 'guide', 'pulse', order);
    pulse.keep({ ...rest, [key]: values[key] });
    panel.command(
      pulse,
      [lane],
      () => run,
      () => pulse.keep(rest),
    );
  });
}
