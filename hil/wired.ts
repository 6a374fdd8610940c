import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { type ContractCase, contract } from '../src/device/contract.ts';
import type { AnyDriver } from '../src/device/driver.ts';
import { DeviceHost } from '../src/device/host.ts';
import { createObservatory } from '../src/device/observatory.ts';
import type { SettingValue } from '../src/device/settings.ts';
import type { Site } from '../src/sky/site.ts';
import type { Port } from '../src/wire/link.ts';
import { emulatorOf } from './emulators/index.ts';
import { darkroomInline } from './rig-in-memory.ts';
import { laPalma } from './sky/world.ts';
import type { Case } from './suites/suite.ts';

/** How a device is wired, where it is not as its emulator would be. */
export interface Wiring {
  readonly settings?: Readonly<Record<string, SettingValue>>;
  readonly site?: Site;
}

/** A driver on a real port, in real time. */
export function rigOn(driver: AnyDriver, port: Port, wiring: Wiring = {}) {
  const clock = systemClock;
  const observatory = createObservatory(wiring.site ?? laPalma);
  observatory.offerTime('gps');
  const host = new DeviceHost({ clock, observatory, darkroom: darkroomInline, log: silentLog });
  const settings = wiring.settings ?? emulatorOf(driver.id)?.settings ?? {};
  const device = host.add({ id: 'device', label: 'Device', driver, port, settings });
  return { clock, host, observatory, device };
}

export type RigOn = ReturnType<typeof rigOn>;

export async function withRig<T>(
  driver: AnyDriver,
  port: Port,
  body: (rig: RigOn) => Promise<T>,
  wiring?: Wiring,
): Promise<T> {
  const rig = rigOn(driver, port, wiring);
  try {
    await rig.device.connect();
    return await body(rig);
  } finally {
    await rig.host.close();
  }
}

/** The cases of the contract that a device can be asked, by what it says of itself. */
export async function casesFor(
  driver: AnyDriver,
  port: Port,
  wiring?: Wiring,
): Promise<readonly ContractCase[]> {
  const able = await withRig(driver, port, async ({ device }) => device.capabilities.value, wiring);
  return contract.filter(({ capability }) => capability === 'device' || able[capability]);
}

/**
 * A driver through every case of its capabilities' contract, one after the other from now on; whoever runs the cases
 * waits for them. Families go through it side by side, for most of it is waiting for motors.
 * @param prepare before each case: the device is as it was delivered
 */
export async function contractOn(
  driver: AnyDriver,
  port: () => Port,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Case[]> {
  let last: Promise<unknown> = Promise.resolve();
  return (await casesFor(driver, port())).map(({ capability, name, perform }) => {
    const outcome = last.then(prepare).then(() => withRig(driver, port(), perform));
    last = outcome.catch(() => {});
    return { name: `${driver.id} ${capability}: ${name}`, run: () => outcome.then(() => undefined) };
  });
}
