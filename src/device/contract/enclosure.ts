import assert from 'node:assert/strict';
import { signedDegrees } from '../../core/units.ts';
import type { Device } from '../device.ts';
import { type ContractCase, has, person, refused, stoppedByUser } from './case.ts';

/** Dome, roof and dust cap: where they are is what they say, and a stop is a stop. Each does what it can of this. */
export const enclosureContract: readonly ContractCase[] = [
  {
    capability: 'dome',
    name: 'turns to the azimuth it is told, over north and back',
    async perform({ device }) {
      const { azimuth, turnTo, motion } = has(device, 'dome');
      if (!azimuth || !turnTo) return;
      await unpark(device);
      for (const degrees of [350, 10]) {
        await device.operate(person, 'dome', 'turnTo', { degrees }).outcome;
        assert.ok(apart(azimuth.value, degrees) < 2, `told ${degrees}°, it is at ${azimuth.value}°`);
        assert.equal(motion.value, 'stopped');
      }
    },
  },
  {
    capability: 'dome',
    name: 'halts when a turn is stopped, and refuses azimuths off the circle',
    async perform({ device, clock }) {
      const { azimuth, turnTo } = has(device, 'dome');
      if (!azimuth || !turnTo) return;
      await unpark(device);
      const target = (azimuth.value + 170) % 360;
      const run = device.operate(person, 'dome', 'turnTo', { degrees: target });
      await clock.sleep(250);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(1500);
      const rest = azimuth.value;
      assert.ok(apart(rest, target) > 2, 'it went on to the target');
      for (const degrees of [-1, 361, Number.NaN]) {
        await assert.rejects(device.operate(person, 'dome', 'turnTo', { degrees }).outcome, refused);
      }
      await clock.sleep(1500);
      assert.ok(apart(azimuth.value, rest) < 1, 'it turns on after the stop');
    },
  },
  {
    capability: 'dome',
    name: 'opens and closes its roof, and says so only when it is',
    async perform({ device }) {
      const { roof, openRoof, closeRoof } = has(device, 'dome');
      if (!roof || !openRoof || !closeRoof) return;
      await unpark(device);
      await device.operate(person, 'dome', 'openRoof', {}).outcome;
      assert.equal(roof.value, 'open');
      await device.operate(person, 'dome', 'closeRoof', {}).outcome;
      assert.equal(roof.value, 'closed');
    },
  },
  {
    capability: 'dome',
    name: 'parks, says so only when it is, and unparks',
    async perform({ device }) {
      const { motion, park } = has(device, 'dome');
      if (!park) return;
      await unpark(device);
      await device.operate(person, 'dome', 'park', {}).outcome;
      assert.equal(motion.value, 'parked');
      await unpark(device);
      assert.notEqual(motion.value, 'parked');
    },
  },
  {
    capability: 'cover',
    name: 'opens and closes',
    async perform({ device }) {
      const { state } = has(device, 'cover');
      await device.operate(person, 'cover', 'open', {}).outcome;
      assert.equal(state.value, 'open');
      await device.operate(person, 'cover', 'close', {}).outcome;
      assert.equal(state.value, 'closed');
    },
  },
  {
    capability: 'cover',
    name: 'halts on its way when it is stopped, and closes again',
    async perform({ device, clock }) {
      const { state, halt } = has(device, 'cover');
      if (!halt) return;
      const run = device.operate(person, 'cover', 'open', {});
      await clock.sleep(250);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(1500);
      assert.notEqual(state.value, 'moving');
      await device.operate(person, 'cover', 'close', {}).outcome;
      assert.equal(state.value, 'closed');
    },
  },
];

async function unpark(device: Device): Promise<void> {
  const { motion, unpark } = has(device, 'dome');
  if (motion.value === 'parked' && unpark) await device.operate(person, 'dome', 'unpark', {}).outcome;
}

const apart = (a: number, b: number): number => Math.abs(signedDegrees(a - b));
