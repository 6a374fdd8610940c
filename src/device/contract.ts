import assert from 'node:assert/strict';
import { when } from '../core/cell.ts';
import { cameraContract } from './contract/camera.ts';
import type { ContractCase } from './contract/case.ts';
import { dewContract } from './contract/dew.ts';
import { enclosureContract } from './contract/enclosure.ts';
import { motorContract } from './contract/motors.ts';
import { mountContract } from './contract/mount.ts';
import { outputContract } from './contract/outputs.ts';
import { sensorContract } from './contract/sensors.ts';

export type { ContractCase, ContractSetting } from './contract/case.ts';

/** What every implementation of a capability does, whoever made it (HOUSE, rule 8). */
export const contract: readonly ContractCase[] = [
  {
    capability: 'device',
    name: 'comes back with the same capabilities after a reconnect',
    async perform({ device, clock }) {
      const before = Object.keys(device.capabilities.value).sort();
      device.reopen('contract');
      await when(device.status, ({ state }) => state === 'recovering');
      await when(device.status, ({ state }) => state === 'connected');
      assert.deepEqual(Object.keys(device.capabilities.value).sort(), before);
      assert.ok(clock.now() > 0);
    },
  },
  ...mountContract,
  ...cameraContract,
  ...motorContract,
  ...enclosureContract,
  ...outputContract,
  ...sensorContract,
  ...dewContract,
];
