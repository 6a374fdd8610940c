import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../../core/clock.ts';
import type { Capabilities } from '../../device/capabilities.ts';
import { contract } from '../../device/contract.ts';
import {
  createTestRig,
  pretendCover,
  pretendDome,
  pretendLight,
  pretendLines,
  pretendPower,
  pretendRotator,
} from '../test-rig.ts';

/** Pretenders are held to the contract, too: a test of a face against a liar would prove nothing. */
const pretenders: Record<string, () => Capabilities> = {
  rotator: pretendRotator,
  dome: pretendDome,
  power: pretendPower,
  lines: pretendLines,
  cover: pretendCover,
  light: pretendLight,
};

for (const [capability, pretend] of Object.entries(pretenders)) {
  const cases = contract.filter((each) => each.capability === capability);
  for (const { name, perform } of cases) {
    test(`contract: the ${capability} ${name}`, async () => {
      const clock = new SimClock(utcOf(2026, 11, 22, 20));
      const { host, add } = createTestRig(clock);
      const { [capability as keyof Capabilities]: able } = pretend();
      const { device } = add('it', 'It', { [capability]: able });
      await clock.drive(
        device.connect().then(() => perform({ device, clock, observatory: host.observatory })),
      );
      await clock.drive(host.close());
      assert.equal(device.runs.value.length, 0);
    });
  }
}
