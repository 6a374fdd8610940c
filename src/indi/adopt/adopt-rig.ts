import { SimClock } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { Run } from '../../core/run.ts';
import type { Darkroom } from '../../device/driver.ts';
import { createObservatory } from '../../device/observatory.ts';
import type { Declared } from './declared.ts';
import { FakeHosted } from './fake-hosted.ts';
import type { AdoptionParts } from './hosted.ts';

/** 2026-01-15 23:00 UTC. */
const EVENING_UTC = 1_768_518_000_000;
const SITE = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };

/** For tests: a pretended device on simulated time. */
export function adoptRig(...declared: Declared[]) {
  const clock = new SimClock(EVENING_UTC);
  const observatory = createObservatory(SITE);
  observatory.offerTime('gps');
  const never = () => Promise.reject(new Error('no picture is expected here'));
  const darkroom: Darkroom = { develop: never, developFits: never, developPicture: never, developRaw: never };
  const parts: AdoptionParts = { clock, observatory, darkroom, log: silentLog };
  const hosted = new FakeHosted('Device', declared);
  const start = (body: (run: Run) => Promise<void>) => Run.start(clock, 'test', (run) => body(run as Run));
  return {
    ...{ clock, observatory, parts, hosted, start },
    /** The work of a Run, driven to its end. */
    perform: (body: (run: Run) => Promise<void>) => clock.drive(start(body).outcome),
    /** After so long the device says this. */
    later: (milliseconds: number, say: () => void) => void clock.after(milliseconds, say),
    pass: (milliseconds: number) => clock.drive(clock.sleep(milliseconds)),
  };
}
