import { z } from 'zod';
import { type Bench, firstIssue } from '../src/cli/bench-file.ts';
import type { NightBench } from '../src/cli/night.ts';
import type { SimClock } from '../src/core/clock.ts';
import { BadInput } from '../src/core/errors.ts';
import { openBench } from './bench.ts';
import { type DisturbedPort, disturbedPort } from './disturbance.ts';
import type { AlpacaCameraEmulator } from './emulators/alpaca-camera.ts';
import type { WorldState } from './sky/world.ts';

/**
 * Disturbances of the night, as a bench file writes them under `world.faults`: at a minute, to a device, what.
 * `unplug` pulls its cable, `garble` turns its answers into noise, `silence` swallows them, all for so many seconds;
 * `hang` makes a camera never ready until it is opened anew.
 */
const schema = z.array(
  z.union([
    z.strictObject({
      minute: z.number().min(0),
      device: z.string(),
      fault: z.enum(['unplug', 'garble', 'silence']),
      seconds: z.number().positive(),
    }),
    z.strictObject({ minute: z.number().min(0), device: z.string(), fault: z.literal('hang') }),
  ]),
);

export function openNightBench(bench: Bench, clock: SimClock): NightBench {
  const { faults = [], ...rest } = bench.world;
  const parsed = schema.safeParse(faults);
  if (!parsed.success) {
    throw new BadInput(`bench ${bench.name}: world.faults.${firstIssue(parsed.error, '')}`);
  }
  const { world, site, portOf, sockets, emulators } = openBench({ ...bench, world: rest }, clock);
  const ports = new Map<string, DisturbedPort>();

  function hang(id: string): void {
    const emulator = emulators.get(id) as Partial<AlpacaCameraEmulator> | undefined;
    if (!emulator?.faults) throw new BadInput(`${id} is no emulated camera: it cannot hang`);
    emulator.faults.neverReady = true;
  }

  return {
    site,
    portOf(device) {
      const port = disturbedPort(portOf(device), () => {
        const emulator = emulators.get(device.id) as Partial<AlpacaCameraEmulator> | undefined;
        if (emulator?.faults) emulator.faults.neverReady = false;
      });
      ports.set(device.id, port);
      return port;
    },
    saveWorld: () => world.save(),
    restoreWorld: (state) => world.restore(state as WorldState),
    disturb(note) {
      for (const disturbance of parsed.data) {
        const { minute, device, fault } = disturbance;
        const socket = sockets.get(device);
        const port = ports.get(device);
        if (!socket || !port) {
          throw new BadInput(`fault at minute ${minute}: there is no emulated device "${device}"`);
        }
        const at = (seconds: number, act: () => void) => clock.after(minute * 60_000 + seconds * 1000, act);
        if (fault === 'hang') {
          at(0, () => {
            note(`${device}: hangs until it is opened anew`);
            hang(device);
          });
          continue;
        }
        const { seconds } = disturbance;
        at(0, () => {
          note(`${device}: ${fault} for ${seconds} s`);
          if (fault === 'unplug') socket.unplug();
          else port.trouble = fault;
        });
        at(seconds, () => {
          note(`${device}: ${fault} is over`);
          if (fault === 'unplug') socket.plug();
          else port.trouble = undefined;
        });
      }
    },
  };
}
