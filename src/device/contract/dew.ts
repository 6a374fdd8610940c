import assert from 'node:assert/strict';
import { marginRange } from '../dew.ts';
import { type ContractCase, has, person, refused } from './case.ts';

/** What is asked of a heater's dew control is what it says; nothing else is touched. */
export const dewContract: readonly ContractCase[] = [
  {
    capability: 'dew',
    name: 'is automatic or by hand as it is told, and says so',
    async perform({ device }) {
      const { channels } = has(device, 'dew');
      for (const { id, automatic, regime, state } of channels) {
        const before = automatic.value;
        for (const on of [true, false, before]) {
          await device.operate(person, 'dew', 'automatic', { id, on }).outcome;
          assert.equal(automatic.value, on, id);
          assert.equal(regime.value === 'by hand', !on, id);
          assert.notEqual(state.value, '');
        }
      }
      const nobody = device.operate(person, 'dew', 'automatic', { id: 'none', on: true }).outcome;
      await assert.rejects(nobody, refused);
    },
  },
  {
    capability: 'dew',
    name: 'keeps the margin it is told, within its range',
    async perform({ device }) {
      for (const { id, marginCelsius } of has(device, 'dew').channels) {
        const before = marginCelsius.value;
        const set = (celsius: number) => device.operate(person, 'dew', 'margin', { id, celsius }).outcome;
        for (const celsius of [marginRange.min, 3.5, marginRange.max, before]) {
          await set(celsius);
          assert.equal(marginCelsius.value, celsius, id);
        }
        for (const wrong of [0, 11, Number.NaN]) await assert.rejects(set(wrong), refused);
        assert.equal(marginCelsius.value, before, id);
      }
    },
  },
];
