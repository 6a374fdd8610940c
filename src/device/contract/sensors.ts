import assert from 'node:assert/strict';
import type { Cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { type ContractCase, has } from './case.ts';

/** Longer than two polls of any sensor. */
const PATIENCE_SECONDS = 60;

/** Until all of them are known. */
async function known(clock: Clock, cells: readonly Cell<number | undefined>[]): Promise<void> {
  const all = () => cells.every(({ value }) => Number.isFinite(value));
  for (let waited = 0; !all() && waited < PATIENCE_SECONDS; waited++) await clock.sleep(1000);
  assert.ok(all(), `${cells.filter(({ value }) => !Number.isFinite(value)).length} values stay unknown`);
}

/** Whatever is measured: it is known after a while, and can be. */
export const sensorContract: readonly ContractCase[] = [
  {
    capability: 'weather',
    name: 'knows all that it measures, and the air can be like that',
    async perform({ device, clock }) {
      const { readings } = has(device, 'weather');
      await known(
        clock,
        readings.map(({ value }) => value),
      );
      const value = (kind: string) => readings.find((reading) => reading.kind === kind)?.value.value;
      const [humidity, temperature, dewPoint] = ['humidity', 'temperature', 'dewPoint'].map(value);
      if (humidity !== undefined) assert.ok(humidity >= 0 && humidity <= 100, `humidity ${humidity} %`);
      if (temperature !== undefined && dewPoint !== undefined)
        assert.ok(dewPoint <= temperature + 0.1, `dew point ${dewPoint} in air of ${temperature}`);
    },
  },
  {
    capability: 'power',
    name: 'measures its supply, where it can',
    async perform({ device, clock }) {
      const { volts, amperes, watts } = has(device, 'power');
      await known(
        clock,
        [volts, amperes, watts].filter((measured) => measured !== undefined),
      );
    },
  },
];
