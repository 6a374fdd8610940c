import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { dewPointOf } from '../src/device/dew-point.ts';
import { defineDriver, registers } from '../src/device/driver.ts';
import type { Reading } from '../src/device/weather.ts';
import { airOf, calibrationOf } from './shared/bme280-chip.ts';

/** Registers (BST-BME280-DS002, table 18). */
const [ID, RESET, CTRL_HUM, STATUS, CTRL_MEAS, CONFIG, DATA] = [0xd0, 0xe0, 0xf2, 0xf3, 0xf4, 0xf5, 0xf7];
const [WARM, WET] = [0x88, 0xe1];
const RESET_WORD = 0xb6;
const MEASURING = 0x08;
const COPYING = 0x01;
/** The chips with this register map, by what they say of themselves. */
const BME280 = 0x60;
const BMP280 = [0x56, 0x57, 0x58];
/** All channels once (9.3 ms at most), then asleep again: so the chip does not warm itself. */
const FORCED = 0x25;
const MEASURE_MS = 10;
const RESET_MS = 3;
const TRIES = 10;
/** What the chip is made for (table 1). */
const RANGE = { low: -40, high: 85 };

/** Bosch BME280: air temperature, humidity, pressure and from them the dew point. A BMP280 has no humidity. */
export const bme280 = defineDriver({
  id: 'bme280',
  label: 'BME280 weather sensor',
  transport: registers(),
  pollMs: 5000,
  provides: ['weather'],
  settings: {},

  async open({ link, run }) {
    const { clock } = run;
    const read = (register: number, length: number) => link.transfer(Uint8Array.of(register), length);
    const write = (...bytes: number[]) => link.transfer(Uint8Array.from(bytes), 0);

    async function ready(busy: number, everyMs: number): Promise<void> {
      for (let tries = 0; tries < TRIES; tries++) {
        await clock.sleep(everyMs);
        const [status = busy] = await read(STATUS, 1);
        if ((status & busy) === 0) return;
      }
      throw new Fault('silent', 'the BME280 does not get ready: check its cable');
    }

    const [id = 0] = await read(ID, 1);
    const wet = id === BME280;
    if (!wet && !BMP280.includes(id))
      throw new Fault(
        'garbled',
        `no BME280: it says it is a 0x${id.toString(16).padStart(2, '0')}: check the address`,
      );
    await write(RESET, RESET_WORD);
    await ready(COPYING, RESET_MS);
    const calibration = calibrationOf(await read(WARM, 26), wet ? await read(WET, 7) : undefined);
    if (calibration.t1 === 0 || calibration.t1 === 0xffff || calibration.p1 === 0)
      throw new Fault('garbled', 'the BME280 has no calibration: check its cable');
    await write(CONFIG, 0);

    const celsius = cell<number | undefined>(undefined);
    const humidity = cell<number | undefined>(undefined);
    const dewPoint = cell<number | undefined>(undefined);
    const pressure = cell<number | undefined>(undefined);
    const readings: Reading[] = [
      { id: 'temperature', label: 'Temperature', kind: 'temperature', unit: 'C', value: celsius },
      ...(wet
        ? ([
            { id: 'humidity', label: 'Humidity', kind: 'humidity', unit: '%', value: humidity },
            { id: 'dew-point', label: 'Dew point', kind: 'dewPoint', unit: 'C', value: dewPoint },
          ] as const)
        : []),
      { id: 'pressure', label: 'Pressure', kind: 'pressure', unit: 'hPa', value: pressure },
    ];

    return {
      model: wet ? 'BME280' : 'BMP280',
      weather: { verdict: cell('unknown' as const), readings },
      async poll() {
        // Both each time: a chip that lost its power for a moment measures on.
        if (wet) await write(CTRL_HUM, 1);
        await write(CTRL_MEAS, FORCED);
        await ready(MEASURING, MEASURE_MS);
        const air = airOf(calibration, await read(DATA, wet ? 8 : 6));
        if (!air || air.celsius < RANGE.low || air.celsius > RANGE.high)
          throw new Fault(
            'garbled',
            `the BME280 measures ${air ? `${air.celsius.toFixed(1)} °C` : 'nothing'}: check its cable`,
          );
        celsius.set(air.celsius);
        pressure.set(air.hectopascals);
        humidity.set(air.humidity);
        dewPoint.set(air.humidity === undefined ? undefined : dewPointOf(air.celsius, air.humidity));
      },
    };
  },
});
