import { cell } from '../../src/core/cell.ts';
import type { EmulatorFamily } from './emulator.ts';

/**
 * What hangs on the header of a board: a mount and a camera behind MOSFETs, two heaters, a contact of the roof. Options:
 * `glass`: the line whose heater warms the main telescope's glass (18), `inputs`: the lines that are high.
 */
export const gpio: EmulatorFamily = {
  family: 'gpio',
  kind: 'lines',
  settings: {
    ports: '17 Mount, !27 Camera',
    heaters: '18 Main dew strap, 23 Guide dew strap',
    inputs: '24 Roof closed',
  },
  create({ world, options }) {
    const glass = Number(options.glass ?? 18);
    const high = new Set(((options.inputs as number[] | undefined) ?? [24]).map(Number));
    const driven = new Map<number, boolean>();
    const truth = cell<Readonly<Record<string, unknown>>>({});
    return {
      truth,
      count: 28,
      drive(line, level) {
        if (level === undefined) driven.delete(line);
        else driven.set(line, level);
        if (line === glass) world.glass.heater = level ? 1 : 0;
        truth.set(Object.fromEntries([...driven].map(([at, now]) => [`line ${at}`, now ? 'high' : 'low'])));
      },
      level: (line) => high.has(line),
    };
  },
};
