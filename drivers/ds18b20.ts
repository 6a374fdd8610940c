import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { defineDriver, oneWire } from '../src/device/driver.ts';
import { celsiusOf, POWER_ON_CELSIUS } from './shared/ds18b20-chip.ts';

/** A probe that is so near to 85 °C may be there. */
const NEAR = 5;

/** DS18B20 on a 1-wire bus: the temperature of what it is fixed to, as the front glass. */
export const ds18b20 = defineDriver({
  id: 'ds18b20',
  label: 'DS18B20 temperature probe',
  transport: oneWire(),
  pollMs: 5000,
  provides: ['weather'],
  settings: {},

  async open({ link }) {
    const celsius = cell<number | undefined>(undefined);

    async function measure(): Promise<number> {
      const measured = celsiusOf(await link.scratchpad());
      if (measured === undefined) throw new Fault('garbled', 'the DS18B20 is misunderstood: check its cable');
      return measured;
    }

    async function refresh(): Promise<void> {
      const believable = (value: number) =>
        value !== POWER_ON_CELSIUS || Math.abs((celsius.value ?? 0) - value) < NEAR;
      let measured = await measure();
      // The value it wakes up with; the conversion of the next read is its own.
      if (!believable(measured)) measured = await measure();
      if (!believable(measured)) throw new Fault('garbled', 'the DS18B20 loses its power: check its cable');
      celsius.set(measured);
    }

    await refresh();
    return {
      model: 'DS18B20',
      weather: {
        verdict: cell('unknown' as const),
        readings: [
          { id: 'temperature', label: 'Temperature', kind: 'temperature', unit: 'C', value: celsius },
        ],
      },
      poll: refresh,
    };
  },
});
