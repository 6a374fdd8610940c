import type { Device } from '../../device/device.ts';
import type { Focuser } from '../../device/focuser.ts';
import { indi, MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import { projectMotor } from './motor.ts';
import { projectAbort } from './switches.ts';

const LANES = ['focuser'];

/** INDI protocol 1.7, focuser: outward is increasing. */
export function projectFocuser(panel: Panel, device: Device, focuser: Focuser): void {
  const { position, moving, maxStep, temperature } = focuser;
  const rw = { perm: 'rw' } as const;
  const steps = number('Steps', '%.f', 0, maxStep, Math.max(1, Math.round(maxStep / 50)));

  const absolute = panel.numbers(
    'ABS_FOCUS_POSITION',
    'Absolute Position',
    MAIN,
    { FOCUS_ABSOLUTE_POSITION: steps },
    { FOCUS_ABSOLUTE_POSITION: position.value },
    rw,
  );
  absolute.onWrite(({ FOCUS_ABSOLUTE_POSITION }) => moveTo(FOCUS_ABSOLUTE_POSITION, absolute));
  panel.watch([position, moving], () =>
    absolute.show({ FOCUS_ABSOLUTE_POSITION: position.value }, moving.value ? 'Busy' : 'Ok'),
  );

  const motion = panel.switches(
    'FOCUS_MOTION',
    'Direction',
    MAIN,
    { FOCUS_INWARD: 'Focus In', FOCUS_OUTWARD: 'Focus Out' },
    'FOCUS_INWARD',
    { ...rw, kept: true },
  );
  motion.onWrite((values) => motion.show(values, 'Ok'));

  const relative = panel.numbers(
    'REL_FOCUS_POSITION',
    'Relative Position',
    MAIN,
    { FOCUS_RELATIVE_POSITION: steps },
    { FOCUS_RELATIVE_POSITION: 0 },
    rw,
  );
  relative.onWrite(({ FOCUS_RELATIVE_POSITION }) => {
    const sign = motion.values.FOCUS_INWARD ? -1 : 1;
    relative.show({ FOCUS_RELATIVE_POSITION }, 'Ok');
    moveTo(position.value + sign * FOCUS_RELATIVE_POSITION, relative);
  });

  function moveTo(target: number, property: typeof absolute | typeof relative): void {
    panel.command(property, LANES, () =>
      device.operate(indi, 'focuser', 'moveTo', { steps: Math.round(target) }),
    );
  }

  const most = number('Steps', '%.f', 0, maxStep);
  panel.numbers('FOCUS_MAX', 'Max. Position', MAIN, { FOCUS_MAX_VALUE: most }, { FOCUS_MAX_VALUE: maxStep });

  if (focuser.sync) {
    const sync = panel.numbers(
      'FOCUS_SYNC',
      'Sync',
      MAIN,
      { FOCUS_SYNC_VALUE: steps },
      { FOCUS_SYNC_VALUE: 0 },
      rw,
    );
    sync.onWrite(({ FOCUS_SYNC_VALUE }) => {
      sync.show({ FOCUS_SYNC_VALUE }, 'Ok');
      panel.brief(sync, LANES, () =>
        device.operate(indi, 'focuser', 'sync', { steps: Math.round(FOCUS_SYNC_VALUE) }),
      );
    });
  }

  projectAbort(panel, ['FOCUS_ABORT_MOTION', 'Abort Motion', MAIN], LANES, () =>
    device.operate(indi, 'focuser', 'halt', {}),
  );
  projectMotor(panel, device, focuser, () => motion.values.FOCUS_INWARD);

  if (temperature) {
    const celsius = panel.numbers(
      'FOCUS_TEMPERATURE',
      'Temperature',
      MAIN,
      { TEMPERATURE: number('Celsius', '%6.2f', -50, 70) },
      { TEMPERATURE: temperature.value ?? 0 },
    );
    panel.watch([temperature], () => {
      const now = temperature.value;
      celsius.show(now === undefined ? {} : { TEMPERATURE: now }, now === undefined ? 'Alert' : 'Ok');
    });
  }
}
