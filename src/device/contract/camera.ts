import assert from 'node:assert/strict';
import { type ContractCase, has, person, stoppedByUser } from './case.ts';

/** Camera: frames of the right size, an abort, progress. */
export const cameraContract: readonly ContractCase[] = [
  {
    capability: 'camera',
    name: 'delivers the whole sensor, a region and a binned frame, each of the right size',
    async perform({ device }) {
      const { sensor, binnings } = has(device, 'camera');
      const request = { seconds: 0.2, type: 'light' } as const;
      const whole = await device.operate(person, 'camera', 'expose', request).outcome;
      assert.deepEqual([whole.width, whole.height], [sensor.width, sensor.height]);
      const region = { x: 16, y: 32, width: 128, height: 64 };
      const part = await device.operate(person, 'camera', 'expose', { ...request, region }).outcome;
      assert.deepEqual([part.width, part.height], [128, 64]);
      const binning = binnings.at(-1) as number;
      const binned = await device.operate(person, 'camera', 'expose', { ...request, region, binning })
        .outcome;
      assert.deepEqual([binned.width, binned.height], [Math.floor(128 / binning), Math.floor(64 / binning)]);
      assert.equal(has(device, 'camera').state.value, 'idle');
    },
  },
  {
    capability: 'camera',
    name: 'aborts at once and is ready for the next exposure',
    async perform({ device, clock }) {
      const run = device.operate(person, 'camera', 'expose', { seconds: 60, type: 'light' });
      await clock.sleep(1000);
      const start = clock.monotonic();
      await device.operate(person, 'camera', 'abort', {}).outcome;
      await assert.rejects(run.outcome, stoppedByUser);
      assert.ok(clock.monotonic() - start < 5000);
      const region = { x: 0, y: 0, width: 64, height: 64 };
      const next = await device.operate(person, 'camera', 'expose', { seconds: 0.1, type: 'light', region })
        .outcome;
      assert.equal(next.width, 64);
    },
  },
  {
    capability: 'camera',
    name: 'reports progress on the way of a long exposure',
    async perform({ device, clock }) {
      const run = device.operate(person, 'camera', 'expose', { seconds: 10, type: 'dark' });
      await clock.sleep(5000);
      const half = run.progress.value.fraction ?? 0;
      assert.ok(half > 0.3 && half < 0.7, `half way it says ${half}`);
      await run.outcome;
    },
  },
];
