import { asError } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Device } from '../../device/device.ts';
import { OPTIONS } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { only, type Panel } from '../panel.ts';

/** DEBUG: while it is enabled, clients are told of every operation of the device, whoever has asked for it. */
export function projectDebug(panel: Panel, device: Device, { publish }: Pick<FaceParts, 'publish'>): void {
  const words = { ENABLE: 'Enable', DISABLE: 'Disable' };
  const debug = panel.switches('DEBUG', 'Debug', OPTIONS, words, 'DISABLE', { perm: 'rw' });
  debug.onWrite(({ ENABLE }) => debug.show(only(words, ENABLE ? 'ENABLE' : 'DISABLE'), 'Ok'));
  const told = new WeakSet<Run>();
  const tell = (text: string) => {
    if (debug.values.ENABLE) publish({ type: 'message', device: panel.device, text: `[DEBUG] ${text}` });
  };
  panel.watch([device.runs], () => {
    for (const run of device.runs.value.filter((each) => !told.has(each))) {
      told.add(run);
      tell(`${run.name} begins`);
      run.outcome.then(
        () => tell(`${run.name} is done`),
        (error) => tell(`${run.name}: ${asError(error).message}`),
      );
    }
  });
}
