import type { Device } from '../../device/device.ts';
import type { Rotator } from '../../device/rotator.ts';
import { indi, MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import { projectAbort, projectButton, projectToggle } from './switches.ts';

const LANES = ['rotator'];
const rw = { perm: 'rw' } as const;

/** INDI protocol 1.7, rotator. */
export function projectRotator(panel: Panel, device: Device, rotator: Rotator): void {
  const { angle, moving, reversed } = rotator;
  const elements = { ANGLE: number('Angle', '%.2f', 0, 360, 10) };
  const now = () => ({ ANGLE: angle.value });
  const absolute = panel.numbers('ABS_ROTATOR_ANGLE', 'Goto', MAIN, elements, now(), rw);
  panel.watch([angle, moving], () => absolute.show(now(), moving.value ? 'Busy' : 'Ok'));
  absolute.onWrite(({ ANGLE: degrees }) => {
    panel.command(absolute, LANES, () => device.operate(indi, 'rotator', 'turnTo', { degrees }));
  });
  if (rotator.sync) {
    const sync = panel.numbers('SYNC_ROTATOR_ANGLE', 'Sync', MAIN, elements, { ANGLE: 0 }, rw);
    sync.onWrite(({ ANGLE: degrees }) => {
      sync.keep({ ANGLE: degrees });
      panel.brief(sync, LANES, () => device.operate(indi, 'rotator', 'sync', { degrees }));
    });
  }
  projectAbort(panel, ['ROTATOR_ABORT_MOTION', 'Abort Motion', MAIN], LANES, () =>
    device.operate(indi, 'rotator', 'halt', {}),
  );
  if (rotator.home) {
    projectButton(panel, ['ROTATOR_HOME', 'Homing', MAIN], 'HOME', 'Start', (button) =>
      panel.command(button, LANES, () => device.operate(indi, 'rotator', 'home', {})),
    );
  }
  if (reversed) {
    const setter = { set: (on: boolean) => device.operate(indi, 'rotator', 'reverse', { on }) };
    projectToggle(panel, ['ROTATOR_REVERSE', 'Reverse', MAIN], reversed, rotator.setReversed && setter);
  }
}
