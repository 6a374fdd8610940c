import type { Camera } from '../../device/camera.ts';
import type { Device } from '../../device/device.ts';
import { indi, MAIN } from '../actor.ts';
import { number, only, type Panel } from '../panel.ts';

const rw = { perm: 'rw' } as const;
/** So near the set point, a sensor counts as there. */
const SETTLED_DEGREES = 0.5;

/** CCD_TEMPERATURE (its permission tells clients whether the camera cools), CCD_COOLER, CCD_COOLER_POWER. */
export function projectCooling(panel: Panel, device: Device, { temperature, cooler }: Camera): void {
  if (temperature) {
    const range = number('Temperature (C)', '%5.2f', -80, 60);
    const elements = { CCD_TEMPERATURE_VALUE: range };
    const now = { CCD_TEMPERATURE_VALUE: temperature.value ?? 0 };
    const celsius = panel.numbers('CCD_TEMPERATURE', 'Temperature', MAIN, elements, now, cooler ? rw : {});
    const state = () => {
      const wanted = cooler?.on.value ? cooler.setpoint.value : undefined;
      if (temperature.value === undefined) return 'Alert';
      if (wanted === undefined) return 'Idle';
      return Math.abs(temperature.value - wanted) <= SETTLED_DEGREES ? 'Ok' : 'Busy';
    };
    panel.watch([temperature, cooler?.on, cooler?.setpoint], () => {
      const { value } = temperature;
      celsius.show(value === undefined ? {} : { CCD_TEMPERATURE_VALUE: value }, state());
    });
    celsius.onWrite(({ CCD_TEMPERATURE_VALUE }) => {
      panel.brief(celsius, ['cooler'], () => cool(CCD_TEMPERATURE_VALUE));
    });
  }
  if (!cooler) return;
  const { on, setpoint, power } = cooler;
  const words = { COOLER_ON: 'On', COOLER_OFF: 'Off' };
  const cooling = panel.switches('CCD_COOLER', 'Cooler', MAIN, words, 'COOLER_OFF', rw);
  panel.watch([on], () =>
    cooling.show(only(words, on.value ? 'COOLER_ON' : 'COOLER_OFF'), on.value ? 'Ok' : 'Idle'),
  );
  cooling.onWrite(({ COOLER_ON }) => {
    // Switched on without a goal, it holds the temperature it has.
    const goal = COOLER_ON ? (setpoint.value ?? temperature?.value) : undefined;
    if (COOLER_ON && goal === undefined) throw new Error('set CCD_TEMPERATURE first');
    panel.brief(cooling, ['cooler'], () => cool(goal));
  });
  if (!power) return;
  const share = panel.numbers(
    'CCD_COOLER_POWER',
    'Cooling Power',
    MAIN,
    { CCD_COOLER_VALUE: number('Power (%)', '%.f', 0, 100) },
    { CCD_COOLER_VALUE: power.value ?? 0 },
  );
  panel.watch([power], () => share.show({ CCD_COOLER_VALUE: power.value ?? 0 }, on.value ? 'Ok' : 'Idle'));

  function cool(celsius: number | undefined) {
    return device.operate(indi, 'camera', 'cool', { celsius });
  }
}
