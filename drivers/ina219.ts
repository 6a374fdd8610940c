import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { defineDriver, registers } from '../src/device/driver.ts';
import { number } from '../src/device/settings.ts';
import { CALIBRATION, CONFIGURATION, fields, measured, scaleFor } from './shared/ina219-chip.ts';
import { readFields } from './shared/registers.ts';

/** A first mean of 128 samples of either kind. */
const SETTLE_MS = 150;

/** INA219: volts, amperes and watts of what hangs behind its shunt. */
export const ina219 = defineDriver({
  id: 'ina219',
  label: 'INA219 power sensor',
  transport: registers(),
  pollMs: 2000,
  provides: ['power'],
  settings: {
    shuntOhms: number('Shunt (ohm)', 0.1, { min: 0.0005, max: 10, step: 0.0005 }),
    maxAmperes: number('Largest current (A)', 3.2, { min: 0.1, max: 100, step: 0.1 }),
  },

  async open({ link, settings, run, log }) {
    const { clock } = run;
    const scale = scaleOf(settings);
    const write = (register: number, word: number) =>
      link.transfer(Uint8Array.of(register, word >> 8, word & 0xff), 0);

    async function set(): Promise<void> {
      await write(CALIBRATION, scale.calibration);
      await write(CONFIGURATION, scale.configuration);
      await clock.sleep(SETTLE_MS);
    }

    // It has no register with its name: that it keeps what only an INA219 keeps is how it is known.
    await set();
    const kept = await readFields(link, {
      configuration: fields.configuration,
      calibration: fields.calibration,
    });
    if (kept.configuration !== scale.configuration || kept.calibration !== scale.calibration)
      throw new Fault(
        'garbled',
        `no INA219: what it was told it says as 0x${kept.configuration.toString(16)}: check the address`,
      );

    const volts = cell<number | undefined>(undefined);
    const amperes = cell<number | undefined>(undefined);
    const watts = cell<number | undefined>(undefined);
    let beyond = false;

    return {
      model: 'INA219',
      power: { volts, amperes, watts, ports: [], usb: [], heaters: [], adjustable: [] },
      async poll() {
        const now = await readFields(link, measured);
        if (now.configuration !== scale.configuration) {
          // Its power was gone for a moment, and with it the calibration: it would say 0 A.
          await set();
          return;
        }
        const over = now.overflow === 1 || Math.abs(now.shuntVolts) >= scale.fullScaleVolts;
        if (over && !beyond) log.warn(`more than ${settings.maxAmperes} A: set a larger current`);
        beyond = over;
        const current = over ? undefined : now.current * scale.amperesPerBit;
        volts.set(now.volts);
        amperes.set(current);
        watts.set(current === undefined ? undefined : current * now.volts);
      },
    };
  },
});

function scaleOf({ maxAmperes, shuntOhms }: { maxAmperes: number; shuntOhms: number }) {
  try {
    return scaleFor(maxAmperes, shuntOhms);
  } catch (error) {
    throw new Fault('refused', (error as Error).message);
  }
}
