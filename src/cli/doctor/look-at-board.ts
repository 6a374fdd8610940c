import { accessSync, constants, existsSync } from 'node:fs';
import { asError } from '../../core/errors.ts';
import { findChips } from '../../wire/gpio-chips.ts';
import { findBuses, I2cBuses } from '../../wire/i2c.ts';
import { findProbes, hasOneWire } from '../../wire/one-wire.ts';
import type { BoardSeen } from './board.ts';

/**
 * Buses are asked only where chips of the owner hang on them: on boards that are described by a device tree, and on USB
 * adapters. What sits on a PC's own buses (memory, voltage regulators) is better left alone.
 * @param i2c the process's own where it uses the buses already: then the scan takes its turn
 */
export async function lookAtBoard(
  mayOpen: (path: string) => boolean,
  i2c = new I2cBuses(),
): Promise<BoardSeen> {
  const isBoard = existsSync('/proc/device-tree/model');
  const buses: BoardSeen['buses'][number][] = [];
  for (const bus of await findBuses()) {
    const asked = mayOpen(bus.path) && (isBoard || /usb|stub|CH341|MCP2221/i.test(bus.adapter));
    buses.push({ ...bus, ...(asked && (await scan(i2c, bus.bus))) });
  }
  return {
    isBoard,
    buses,
    chips: await findChips(),
    mayExport: mayExport(),
    oneWire: await hasOneWire(),
    probes: await findProbes(),
    mayOpen,
  };
}

/** The file can be written alone. */
function mayExport(): boolean {
  try {
    accessSync('/sys/class/gpio/export', constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function scan(i2c: I2cBuses, bus: number) {
  try {
    return { found: await i2c.scan(bus) };
  } catch (error) {
    return { trouble: asError(error).message };
  }
}
