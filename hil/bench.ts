import { join } from 'node:path';
import type { Bench, BenchDevice } from '../src/cli/bench-file.ts';
import { openBoard, realPort } from '../src/cli/ports.ts';
import type { Clock } from '../src/core/clock.ts';
import { BadInput } from '../src/core/errors.ts';
import type { Site } from '../src/sky/site.ts';
import { sunAltitude } from '../src/sky/sun-moon.ts';
import type { Port } from '../src/wire/link.ts';
import type { Emulator } from './emulators/emulator.ts';
import { emulatorOf } from './emulators/index.ts';
import { type MemorySocket, plugIn } from './emulators/serve.ts';
import { openCatalogue } from './sky/catalogue.ts';
import { createWorld, laPalma, type World, type WorldOptions } from './sky/world.ts';

/** A rig on the bench: its world, and a port for every device, emulated ones in memory. */
export interface OpenBench {
  world: World;
  site: Site;
  portOf(device: BenchDevice): Port;
  /** The emulated devices' sockets, to pull and to disturb. */
  sockets: ReadonlyMap<string, MemorySocket>;
  emulators: ReadonlyMap<string, Emulator>;
}

/** Great observatories round the globe: it is night at one of them. */
const observatories: readonly Site[] = [
  laPalma,
  { latitude: -24.6272, longitude: -70.4042, elevationMetres: 2635 },
  { latitude: 31.9583, longitude: -111.6, elevationMetres: 2096 },
  { latitude: 19.8261, longitude: -155.4747, elevationMetres: 4205 },
  { latitude: -31.2733, longitude: 149.0617, elevationMetres: 1164 },
  { latitude: 32.7794, longitude: 78.9642, elevationMetres: 4500 },
  { latitude: -32.3797, longitude: 20.8107, elevationMetres: 1798 },
];

export const darkestSite = (utc: number): Site =>
  observatories.reduce((best, site) => (sunAltitude(utc, site) < sunAltitude(utc, best) ? site : best));

/** The catalogue that `make catalogue` baked, where the owner names one; else the world has its own extract. */
function fullCatalogue(): Pick<WorldOptions, 'catalogue'> | undefined {
  const folder = process.env.NIGHTJAR_CATALOGUE;
  if (!folder) return undefined;
  return { catalogue: openCatalogue(folder.endsWith('.bin') ? folder : join(folder, 'stars.bin')) };
}

export function openBench(bench: Bench, clock: Clock): OpenBench {
  const site = bench.site === undefined || bench.site === 'night' ? darkestSite(clock.now()) : bench.site;
  const world = createWorld({ ...(bench.world as Partial<WorldOptions>), ...fullCatalogue(), clock, site });
  const board = openBoard();
  const sockets = new Map<string, MemorySocket>();
  const emulators = new Map<string, Emulator>();
  return {
    world,
    site,
    sockets,
    emulators,
    portOf(device) {
      if (device.port) return realPort(device.port, { board });
      const family = emulatorOf(device.driver);
      if (!family) throw new BadInput(`${device.id}: there is no emulator "${device.driver}"; name its port`);
      const context = { clock, world, options: device.emulate };
      const { emulator, socket } = plugIn(device.id, family, context);
      emulators.set(device.id, emulator);
      sockets.set(device.id, socket);
      return socket;
    },
  };
}
