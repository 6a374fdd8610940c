import { cell, type OwnedCell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { DewHeater, PowerBox } from '../../device/power.ts';
import type { Reading, ReadingKind, Verdict, Weather } from '../../device/weather.ts';

/** Parts of a rig with a dew heater, for tests: what they say is what they were told. */

const reading = (kind: ReadingKind, value: OwnedCell<number | undefined>, unit: string): Reading => ({
  id: kind,
  label: kind,
  kind,
  unit,
  value,
});

/** Of the air. */
export function pretendAmbient() {
  const celsius = cell<number | undefined>(5);
  const humidity = cell<number | undefined>(80);
  const weather: Weather = {
    verdict: cell<Verdict>('unknown'),
    readings: [reading('temperature', celsius, 'C'), reading('humidity', humidity, '%')],
  };
  return { weather, celsius, humidity };
}

/** On glass. */
export function pretendProbe() {
  const celsius = cell<number | undefined>(2);
  const weather: Weather = {
    verdict: cell<Verdict>('unknown'),
    readings: [reading('temperature', celsius, 'C')],
  };
  return { weather, celsius };
}

/** One heater that draws half an ampere for each ten percent. @param heats told each duty */
export function pretendHeater(clock: Clock, heats: (share: number) => void = () => {}) {
  const duty = cell(0);
  const amperes = cell<number | undefined>(0);
  const automatic = cell(false);
  const heater: DewHeater = {
    id: 'dew-1',
    label: cell('Main'),
    duty,
    amperes,
    automatic,
    async setDuty(percent) {
      await clock.turn();
      duty.set(percent);
      amperes.set(percent / 20);
      heats(percent / 100);
    },
    setAutomatic: async (on) => automatic.set(on),
  };
  const power: PowerBox = {
    volts: cell<number | undefined>(12),
    ports: [],
    usb: [],
    heaters: [heater],
    adjustable: [],
  };
  return { power, duty, automatic };
}
