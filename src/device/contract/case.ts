import assert from 'node:assert/strict';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Actor } from '../../core/lane.ts';
import type { CapabilityName } from '../capabilities.ts';
import type { Device } from '../device.ts';
import type { Observatory } from '../observatory.ts';

/** What a case needs of its surroundings; the device is connected when a case begins. */
export interface ContractSetting {
  device: Device;
  clock: Clock;
  observatory: Observatory;
}

export interface ContractCase {
  capability: CapabilityName | 'device';
  name: string;
  perform(setting: ContractSetting): Promise<void>;
}

export const person: Actor = { name: 'contract', rank: 'person' };

export function has<C extends CapabilityName>(device: Device, capability: C) {
  const found = device.capabilities.value[capability];
  assert.ok(found, `${device.id} has no ${capability}`);
  return found as NonNullable<typeof found>;
}

export const refused = (error: unknown): boolean => error instanceof Fault && error.kind === 'refused';
export const stoppedByUser = { name: 'Stopped' };
