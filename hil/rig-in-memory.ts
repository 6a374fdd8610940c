import { SimClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { AnyDriver, Darkroom } from '../src/device/driver.ts';
import { DeviceHost } from '../src/device/host.ts';
import { noDarkroom } from '../src/device/no-darkroom.ts';
import { createObservatory } from '../src/device/observatory.ts';
import { adoptPixels, inspectFits } from '../src/imaging/adopt-fits.ts';
import { arrange } from '../src/imaging/arrange.ts';
import { allocateFrame } from '../src/imaging/frame.ts';
import type { EmulatorContext, EmulatorFamily } from './emulators/emulator.ts';
import { plugIn } from './emulators/serve.ts';
import { createWorld, type WorldOptions } from './sky/world.ts';

/** A winter night over La Palma, well after dusk: 2026-01-15 23:00 UTC. */
const EVENING_UTC = 1768518000_000;
const SITE = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };

/** Frames made in the caller's thread: for suites about devices, not about workers. */
export const darkroomInline: Darkroom = {
  async develop(shape, raw, layout) {
    const frame = allocateFrame(shape);
    arrange(raw, layout, frame);
    return frame;
  },
  async developFits(file) {
    const { image, shape } = inspectFits(file);
    return { frame: adoptPixels(image, allocateFrame(shape)), header: image.header };
  },
  developPicture: noDarkroom.developPicture,
  developRaw: noDarkroom.developRaw,
};

/** One driver against its emulator on simulated time: what the contract and the fault suites stand on. */
export function rigInMemory(
  driver: AnyDriver,
  family: EmulatorFamily,
  options: Partial<WorldOptions> = {},
  emulate: EmulatorContext['options'] = {},
) {
  const clock = new SimClock(EVENING_UTC);
  const world = createWorld({ site: SITE, seed: 1, ...options, clock });
  const observatory = createObservatory(SITE);
  observatory.offerTime('gps');
  const host = new DeviceHost({ clock, observatory, darkroom: darkroomInline, log: silentLog });
  const { socket } = plugIn(family.family, family, { clock, world, options: emulate });
  const { settings = {} } = family;
  const device = host.add({ id: 'device', label: 'Device', driver, port: socket, settings });
  return { clock, world, host, observatory, device, socket };
}
