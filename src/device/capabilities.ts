import type { Camera } from './camera.ts';
import type { Focuser } from './focuser.ts';
import type { GuidePort } from './guide-port.ts';
import type { Mount } from './mount.ts';
import type { FilterWheel } from './wheel.ts';

/** What a device can do: at most one of each. An absent member is an absent property on every face. */
export interface Capabilities {
  mount?: Mount;
  guide?: GuidePort;
  camera?: Camera;
  focuser?: Focuser;
  wheel?: FilterWheel;
}

export type CapabilityName = keyof Capabilities;
