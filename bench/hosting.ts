import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { DeviceHost } from '../src/device/host.ts';
import { adoptionDriver } from '../src/indi/adopt/adopt.ts';
import { Programs } from '../src/indi/foreign/programs.ts';
import type { Router } from '../src/indi/router.ts';

export interface Hosting {
  router: Router;
  host: DeviceHost;
  executable: string;
  /** The child's home is in it. */
  home: string;
}

/** A driver executable as our child, adopted; resolves when its first device is there. */
export async function hostDriver({ router, host, executable, home }: Hosting): Promise<Programs> {
  const { FLOOD } = process.env;
  const programs = new Programs({
    ...{ router, host, clock: systemClock, log: silentLog, directory: home },
    driverOf: adoptionDriver,
  });
  programs.add({ id: 'driver', executable, environment: FLOOD === undefined ? {} : { FLOOD } });
  while (programs.devices.value.length === 0) await systemClock.sleep(10);
  return programs;
}
