import type { Bench } from '../src/cli/bench-file.ts';
import type { NightBench } from '../src/cli/night.ts';
import type { SimClock } from '../src/core/clock.ts';
import { BadInput } from '../src/core/errors.ts';
import type { MemoryPort } from '../src/wire/memory.ts';
import { openBench } from './bench.ts';
import type { WorldState } from './sky/world.ts';

/**
 * A disturbance of the night, as a bench file writes it under `world.faults`: at a minute, to a device, what.
 * `unplug` pulls its cable for so many seconds, `garble` turns its answers into noise, `silence` swallows them.
 */
interface Disturbance {
  minute: number;
  device: string;
  fault: 'unplug' | 'garble' | 'silence';
  seconds: number;
}

export function openNightBench(bench: Bench, clock: SimClock): NightBench {
  const { faults = [], ...rest } = bench.world as { faults?: Disturbance[] };
  const { world, site, portOf, sockets } = openBench({ ...bench, world: rest }, clock);
  return {
    site,
    portOf,
    saveWorld: () => world.save(),
    restoreWorld: (state) => world.restore(state as WorldState),
    disturb(note) {
      for (const { minute, device, fault, seconds } of faults) {
        const socket = sockets.get(device);
        if (!socket) throw new BadInput(`fault at minute ${minute}: there is no emulated device "${device}"`);
        clock.after(minute * 60_000, () => {
          note(`${device}: ${fault} for ${seconds} s`);
          if (fault === 'unplug') socket.unplug();
          else if (socket.kind === 'stream')
            (socket as MemoryPort).mangle = fault === 'garble' ? garble : swallow;
          else throw new BadInput(`${fault} is for serial devices; ${device} speaks HTTP`);
        });
        clock.after(minute * 60_000 + seconds * 1000, () => {
          if (fault === 'unplug') socket.plug();
          else (socket as MemoryPort).mangle = undefined;
        });
      }
    },
  };
}

const swallow: MemoryPort['mangle'] = (bytes, toward) => (toward === 'device' ? [{ bytes }] : []);
/** Noise in place of what the device said, of the same length: bit 7 set and every third byte gone wrong. */
const garble: MemoryPort['mangle'] = (bytes, toward) =>
  toward === 'device'
    ? [{ bytes }]
    : [{ bytes: bytes.map((byte, at) => (at % 3 === 0 ? byte ^ 0x5a : byte)) }];
