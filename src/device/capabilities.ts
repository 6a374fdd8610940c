import type { Camera } from './camera.ts';
import type { Cover } from './cover.ts';
import type { DewControl } from './dew.ts';
import type { Dome } from './dome.ts';
import type { FlatLight } from './flat-light.ts';
import type { Focuser } from './focuser.ts';
import type { Gps } from './gps.ts';
import type { GuidePort } from './guide-port.ts';
import type { Lines } from './lines.ts';
import type { Mount } from './mount.ts';
import type { PowerBox } from './power.ts';
import type { Rotator } from './rotator.ts';
import type { Weather } from './weather.ts';
import type { FilterWheel } from './wheel.ts';

/** What a device can do: at most one of each. An absent member is an absent property on every face. */
export interface Capabilities {
  mount?: Mount;
  guide?: GuidePort;
  camera?: Camera;
  focuser?: Focuser;
  wheel?: FilterWheel;
  rotator?: Rotator;
  dome?: Dome;
  power?: PowerBox;
  dew?: DewControl;
  lines?: Lines;
  weather?: Weather;
  gps?: Gps;
  cover?: Cover;
  light?: FlatLight;
}

export type CapabilityName = keyof Capabilities;

/** In the order in which faces show them. */
export const capabilityNames = [
  'mount',
  'guide',
  'camera',
  'focuser',
  'wheel',
  'rotator',
  'dome',
  'power',
  'dew',
  'lines',
  'weather',
  'gps',
  'cover',
  'light',
] as const satisfies readonly CapabilityName[];
