import { cell, derived } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Camera, Cooler } from '../../device/camera.ts';
import type { Hosted } from './hosted.ts';
import { choose, command, has, numberCell, switchCell, writable } from './tools.ts';

const [TEMPERATURE, CELSIUS] = ['CCD_TEMPERATURE', 'CCD_TEMPERATURE_VALUE'];
const SWITCH = 'CCD_COOLER';
const POWER = 'CCD_COOLER_POWER';
/** Cooling is Busy until the temperature is reached, a cooler often for as long as it is on: any answer will do. */
const accepted = { over: () => true };

/** CCD_TEMPERATURE, which a camera with a cooler lets be written; CCD_COOLER; CCD_COOLER_POWER. */
export function adoptCooling(hosted: Hosted): Pick<Camera, 'temperature' | 'cooler'> {
  if (!has(hosted, TEMPERATURE, CELSIUS)) return {};
  const temperature = numberCell(hosted, TEMPERATURE, CELSIUS);
  return writable(hosted, TEMPERATURE) ? { temperature, cooler: coolerOf(hosted) } : { temperature };
}

function coolerOf(hosted: Hosted): Cooler {
  // INDI tells the temperature, not the goal: known is what was asked for here.
  const setpoint = cell<number | undefined>(undefined);
  const switched = has(hosted, SWITCH, 'COOLER_ON');
  const on = switched
    ? switchCell(hosted, SWITCH, 'COOLER_ON')
    : derived([setpoint], () => setpoint.value !== undefined);
  if (switched) on.watch((now) => now || setpoint.set(undefined));
  // Its one element goes by many names.
  const power = Object.keys(hosted.property(POWER)?.values ?? {})[0];
  return {
    setpoint,
    on,
    ...(power !== undefined && { power: numberCell(hosted, POWER, power) }),
    async regulate(celsius, run) {
      if (celsius === undefined) {
        if (!switched) throw new Fault('unsupported', `${hosted.device} cannot switch its cooler off`);
        await command(hosted, SWITCH, choose(hosted, SWITCH, 'COOLER_OFF'), run, accepted);
        setpoint.set(undefined);
        return;
      }
      await command(hosted, TEMPERATURE, { [CELSIUS]: celsius }, run, accepted);
      // Most drivers switch it on themselves.
      if (switched && !on.value)
        await command(hosted, SWITCH, choose(hosted, SWITCH, 'COOLER_ON'), run, accepted);
      setpoint.set(celsius);
    },
  };
}
