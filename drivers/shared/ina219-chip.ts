import { clamp } from '../../src/core/units.ts';
import { s16, u16 } from './registers.ts';

/** INA219 (Texas Instruments SBOS448), apart from the bus it hangs on. */

export const [CONFIGURATION, CALIBRATION] = [0x00, 0x05];

export const fields = { configuration: u16(CONFIGURATION), calibration: u16(CALIBRATION) };
export const measured = {
  configuration: fields.configuration,
  /** Across the shunt. */
  shuntVolts: s16(0x01).scale(10e-6),
  volts: u16(0x02).bits(15, 3).scale(0.004),
  /** 1: more than the calibration can count. */
  overflow: u16(0x02).bits(0, 0),
  /** In units of the calibration. */
  current: s16(0x04),
};

/** Full scales of the shunt's amplifier, volts; each setting doubles. */
const FULL_SCALE = [0.04, 0.08, 0.16, 0.32] as const;

export interface Scale {
  configuration: number;
  calibration: number;
  amperesPerBit: number;
  /** At the end of the amplifier's range. */
  fullScaleVolts: number;
}

/** The finest scale that reaches the current (section 8.5). @throws RangeError when the shunt would have more than 0.32 V */
export function scaleFor(maxAmperes: number, shuntOhms: number): Scale {
  const most = maxAmperes * shuntOhms;
  // 3.2 A · 0.1 Ω is a little more than 0.32 in binary.
  const gain = FULL_SCALE.findIndex((volts) => most < volts * (1 + 1e-9));
  if (gain < 0)
    throw new RangeError(
      `${maxAmperes} A make ${most.toFixed(2)} V at the shunt; an INA219 measures 0.32 V: name a smaller current`,
    );
  // Bit 0 of the register is always 0.
  const calibration = clamp(Math.trunc(0.04096 / ((maxAmperes / 2 ** 15) * shuntOhms)), 2, 0xfffe) & 0xfffe;
  return {
    // 32 V; both converters take the mean of 128 samples, 68 ms; bus and shunt in turn, continuously.
    configuration: 0x2000 | (gain << 11) | (0xf << 7) | (0xf << 3) | 0x7,
    calibration,
    amperesPerBit: 0.04096 / (calibration * shuntOhms),
    fullScaleVolts: FULL_SCALE[gain] as number,
  };
}
