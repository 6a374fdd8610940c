import { drivers } from '../../drivers/index.ts';
import { contract } from '../../src/device/contract.ts';
import { emulatorOf } from '../emulators/index.ts';
import { rigInMemory } from '../rig-in-memory.ts';
import type { Case, Suite } from './suite.ts';

/** Every driver through every case of its capabilities' contract, in memory against its emulator. */
export const contracts: Suite = {
  name: 'contracts',
  async cases() {
    const cases: Case[] = [];
    for (const driver of drivers) {
      const family = emulatorOf(driver.id);
      if (!family) {
        cases.push({ name: `${driver.id}: has an emulator`, run: async () => 'no emulator yet' });
        continue;
      }
      const probe = rigInMemory(driver, family);
      await probe.clock.drive(probe.device.connect());
      const able = Object.keys(probe.device.capabilities.value);
      await probe.clock.drive(probe.host.close());
      for (const { capability, name, perform } of contract) {
        if (capability !== 'device' && !able.includes(capability)) continue;
        cases.push({
          name: `${driver.id} ${capability}: ${name}`,
          async run() {
            const rig = rigInMemory(driver, family);
            await rig.clock.drive(rig.device.connect().then(() => perform(rig)));
            await rig.clock.drive(rig.host.close());
            return undefined;
          },
        });
      }
    }
    return cases;
  },
};
