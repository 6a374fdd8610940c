import assert from 'node:assert/strict';
import { signedDegrees } from '../../core/units.ts';
import { type ContractCase, has, person, refused, stoppedByUser } from './case.ts';

/** Focuser, filter wheel and rotator: they arrive, they halt, they refuse what is off their range. */
export const motorContract: readonly ContractCase[] = [
  {
    capability: 'focuser',
    name: 'arrives where it is told, outward and inward',
    async perform({ device }) {
      const { position, maxStep } = has(device, 'focuser');
      const start = position.value;
      const away = start + 300 <= maxStep ? start + 300 : start - 300;
      await device.operate(person, 'focuser', 'moveTo', { steps: away }).outcome;
      assert.equal(has(device, 'focuser').position.value, away);
      assert.equal(has(device, 'focuser').moving.value, false);
      await device.operate(person, 'focuser', 'moveTo', { steps: start }).outcome;
      assert.equal(has(device, 'focuser').position.value, start);
    },
  },
  {
    capability: 'focuser',
    name: 'halts the motor when a move is stopped, and shows it moving on the way',
    async perform({ device, clock }) {
      const focuser = has(device, 'focuser');
      const start = focuser.position.value;
      const target = start > focuser.maxStep / 2 ? 0 : focuser.maxStep;
      const seen = new Set<number>();
      const end = focuser.position.watch((value) => seen.add(value));
      const run = device.operate(person, 'focuser', 'moveTo', { steps: target });
      await clock.sleep(1500);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(1000);
      await device.operate(person, 'focuser', 'halt', {}).outcome;
      const rest = focuser.position.value;
      assert.notEqual(rest, target);
      assert.ok(seen.size >= 2, 'the position was not followed on the way');
      await clock.sleep(2000);
      await device.operate(person, 'focuser', 'halt', {}).outcome;
      assert.equal(focuser.position.value, rest, 'the motor runs on after the stop');
      end();
      await device.operate(person, 'focuser', 'moveTo', { steps: start }).outcome;
    },
  },
  {
    capability: 'focuser',
    name: 'refuses positions off its range without moving',
    async perform({ device }) {
      const { maxStep, position } = has(device, 'focuser');
      const start = position.value;
      for (const steps of [-1, maxStep + 1, 0.5, Number.NaN]) {
        await assert.rejects(device.operate(person, 'focuser', 'moveTo', { steps }).outcome, refused);
      }
      assert.equal(position.value, start);
    },
  },
  {
    capability: 'wheel',
    name: 'brings every slot in place and refuses the others',
    async perform({ device }) {
      const wheel = has(device, 'wheel');
      for (let slot = 1; slot <= wheel.slots; slot++) {
        await device.operate(person, 'wheel', 'select', { slot }).outcome;
        assert.equal(wheel.slot.value, slot);
      }
      for (const slot of [0, wheel.slots + 1, 1.5]) {
        await assert.rejects(device.operate(person, 'wheel', 'select', { slot }).outcome, refused);
      }
      await device.operate(person, 'wheel', 'select', { slot: 1 }).outcome;
    },
  },
  {
    capability: 'rotator',
    name: 'arrives at the angle it is told, over 0 and back',
    async perform({ device }) {
      const { angle, moving } = has(device, 'rotator');
      const start = angle.value;
      for (const degrees of [355, 5, start]) {
        await device.operate(person, 'rotator', 'turnTo', { degrees }).outcome;
        assert.ok(apart(angle.value, degrees) < 0.5, `told ${degrees}°, it is at ${angle.value}°`);
        assert.equal(moving.value, false);
      }
    },
  },
  {
    capability: 'rotator',
    name: 'halts when a turn is stopped',
    async perform({ device, clock }) {
      const { angle } = has(device, 'rotator');
      const target = (angle.value + 170) % 360;
      const run = device.operate(person, 'rotator', 'turnTo', { degrees: target });
      await clock.sleep(250);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(1000);
      const rest = angle.value;
      assert.ok(apart(rest, target) > 1, 'it went on to the target');
      await clock.sleep(1500);
      assert.ok(apart(angle.value, rest) < 0.5, 'it turns on after the stop');
    },
  },
  {
    capability: 'rotator',
    name: 'refuses angles off the circle without moving',
    async perform({ device }) {
      const { angle } = has(device, 'rotator');
      const start = angle.value;
      for (const degrees of [-1, 361, Number.NaN]) {
        await assert.rejects(device.operate(person, 'rotator', 'turnTo', { degrees }).outcome, refused);
      }
      assert.equal(angle.value, start);
    },
  },
];

const apart = (a: number, b: number): number => Math.abs(signedDegrees(a - b));
