import assert from 'node:assert/strict';
import type { SwitchedPort } from '../power.ts';
import { type ContractCase, has, person, refused } from './case.ts';

/** Whatever is switched or dimmed: every output comes back as it was set, and is left as it was found. */
export const outputContract: readonly ContractCase[] = [
  {
    capability: 'power',
    name: 'switches every socket and every USB port',
    async perform({ device }) {
      const { ports, usb } = has(device, 'power');
      const set = (operation: 'port' | 'usb') => (id: string, on: boolean) =>
        device.operate(person, 'power', operation, { id, on }).outcome;
      await switchEach(ports, set('port'));
      await switchEach(usb, set('usb'));
      await assert.rejects(set('port')('none', true), refused);
    },
  },
  {
    capability: 'power',
    name: 'heats as much as it is told, from 0 to 100 %',
    async perform({ device }) {
      for (const { id, duty } of has(device, 'power').heaters) {
        const before = duty.value;
        const heat = (percent: number) => device.operate(person, 'power', 'heat', { id, percent }).outcome;
        for (const percent of [0, 40, before]) {
          await heat(percent);
          assert.ok(Math.abs(duty.value - percent) <= 1, `told ${percent} %, it heats ${duty.value} %`);
        }
        for (const percent of [-1, 101, Number.NaN]) await assert.rejects(heat(percent), refused);
      }
    },
  },
  {
    capability: 'power',
    name: 'gives the voltage it is told, within its range',
    async perform({ device }) {
      for (const { id, volts, min, max } of has(device, 'power').adjustable) {
        const before = volts.value;
        const adjust = (wanted: number) =>
          device.operate(person, 'power', 'adjust', { id, volts: wanted }).outcome;
        for (const wanted of [Math.round((min + max) / 2), before]) {
          await adjust(wanted);
          assert.ok(Math.abs(volts.value - wanted) <= 0.2, `told ${wanted} V, it gives ${volts.value} V`);
        }
        for (const wanted of [min - 1, max + 1]) await assert.rejects(adjust(wanted), refused);
      }
    },
  },
  {
    capability: 'lines',
    name: 'switches every output',
    async perform({ device }) {
      const set = (id: string, on: boolean) => device.operate(person, 'lines', 'output', { id, on }).outcome;
      await switchEach(has(device, 'lines').outputs, set);
      await assert.rejects(set('none', true), refused);
    },
  },
  {
    capability: 'light',
    name: 'is on, off and as bright as it is told, within its range',
    async perform({ device }) {
      const { on, brightness, maxBrightness } = has(device, 'light');
      const dim = (value: number) => device.operate(person, 'light', 'dim', { brightness: value }).outcome;
      for (const wanted of [true, false]) {
        await device.operate(person, 'light', 'switch', { on: wanted }).outcome;
        assert.equal(on.value, wanted);
      }
      const before = brightness.value;
      for (const wanted of [Math.round(maxBrightness / 2), before]) {
        await dim(wanted);
        assert.equal(brightness.value, wanted);
      }
      for (const wanted of [-1, maxBrightness + 1, Number.NaN]) await assert.rejects(dim(wanted), refused);
    },
  },
];

async function switchEach(
  ports: readonly SwitchedPort[],
  set: (id: string, on: boolean) => Promise<void>,
): Promise<void> {
  for (const { id, on } of ports) {
    const before = on.value;
    for (const wanted of [!before, before]) {
      await set(id, wanted);
      assert.equal(on.value, wanted, id);
    }
  }
}
