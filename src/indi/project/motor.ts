import type { Device } from '../../device/device.ts';
import type { Focuser } from '../../device/focuser.ts';
import { indi, MAIN } from '../actor.ts';
import { number, only, type Panel } from '../panel.ts';
import { ENABLED, projectToggle } from './switches.ts';

const LANES = ['focuser'];
const rw = { perm: 'rw' } as const;

/**
 * What a focuser's motor may have besides (INDI protocol 1.7): FOCUS_SPEED, FOCUS_TIMER, FOCUS_REVERSE_MOTION,
 * FOCUS_BACKLASH_TOGGLE and FOCUS_BACKLASH_STEPS.
 * @param inward the direction that FOCUS_MOTION says
 */
export function projectMotor(panel: Panel, device: Device, focuser: Focuser, inward: () => boolean): void {
  const { speed, reversed, setReversed, drive } = focuser;
  if (speed) {
    const elements = { FOCUS_SPEED_VALUE: number('Focus Speed', '%.f', speed.min, speed.max, 1) };
    const now = () => ({ FOCUS_SPEED_VALUE: speed.value.value });
    const property = panel.numbers('FOCUS_SPEED', 'Speed', MAIN, elements, now(), rw);
    panel.watch([speed.value], () => property.show(now(), 'Ok'));
    property.onWrite(({ FOCUS_SPEED_VALUE: value }) => {
      panel.brief(property, [], () => device.operate(indi, 'focuser', 'speed', { value }));
    });
  }
  if (drive) {
    const elements = { FOCUS_TIMER_VALUE: number('Focus Timer (ms)', '%.f', 0, 60_000, 50) };
    const timer = panel.numbers('FOCUS_TIMER', 'Timer', MAIN, elements, { FOCUS_TIMER_VALUE: 0 }, rw);
    timer.onWrite(({ FOCUS_TIMER_VALUE }) => {
      const milliseconds = Math.round(FOCUS_TIMER_VALUE);
      if (milliseconds < 1) return timer.show({ FOCUS_TIMER_VALUE: 0 }, 'Ok');
      const order = { direction: inward() ? 'inward' : 'outward', milliseconds } as const;
      const run = device.operate(indi, 'focuser', 'drive', order);
      timer.keep({ FOCUS_TIMER_VALUE: milliseconds });
      panel.command(
        timer,
        LANES,
        () => run,
        () => timer.keep({ FOCUS_TIMER_VALUE: 0 }),
      );
    });
  }
  if (reversed) {
    const setter = { set: (on: boolean) => device.operate(indi, 'focuser', 'reverse', { on }) };
    projectToggle(panel, ['FOCUS_REVERSE_MOTION', 'Reverse Motion', MAIN], reversed, setReversed && setter);
  }
  projectBacklash(panel, device, focuser);
}

/** Off is 0 steps to the device; switched on again, it gets the steps it had. */
function projectBacklash(panel: Panel, device: Device, { backlash, setBacklash, maxStep }: Focuser): void {
  if (!backlash) return;
  const options = setBacklash ? rw : ({ perm: 'ro' } as const);
  const elements = { FOCUS_BACKLASH_VALUE: number('Steps', '%.f', 0, maxStep, 1) };
  const on = () => (backlash.value > 0 ? 'INDI_ENABLED' : 'INDI_DISABLED');
  const title = ['FOCUS_BACKLASH_TOGGLE', 'Backlash', MAIN] as const;
  const toggle = panel.switches(...title, ENABLED, on(), options);
  const steps = panel.numbers(
    'FOCUS_BACKLASH_STEPS',
    'Backlash',
    MAIN,
    elements,
    { FOCUS_BACKLASH_VALUE: backlash.value },
    { ...options, kept: true },
  );
  panel.watch([backlash], () => {
    toggle.show(only(ENABLED, on()), 'Ok');
    steps.show(backlash.value > 0 ? { FOCUS_BACKLASH_VALUE: backlash.value } : {}, 'Ok');
  });
  const set = (property: typeof toggle | typeof steps, wanted: number) =>
    panel.brief(property, [], () =>
      device.operate(indi, 'focuser', 'backlash', { steps: Math.round(wanted) }),
    );
  toggle.onWrite(({ INDI_ENABLED }) => {
    const { FOCUS_BACKLASH_VALUE: had } = steps.values;
    if (INDI_ENABLED && had < 1) throw new Error('set FOCUS_BACKLASH_STEPS first');
    set(toggle, INDI_ENABLED ? had : 0);
  });
  steps.onWrite(({ FOCUS_BACKLASH_VALUE }) => {
    // While it is off, the steps are only what it will have.
    if (backlash.value === 0) steps.show({ FOCUS_BACKLASH_VALUE }, 'Ok');
    else set(steps, FOCUS_BACKLASH_VALUE);
  });
}
