import type { Suite } from '../../suites/suite.ts';
import { dew } from './dew.ts';
import { header } from './header.ts';
import { hotspot } from './hotspot.ts';
import { night } from './night.ts';
import { serial } from './serial.ts';
import { again, unit } from './unit.ts';

/** What is shown on the unit itself, as root: in the VM, or wherever the image runs with these test buses. */
export const insideSuites: readonly Suite[] = [unit, hotspot, serial, header, dew, night, again];
