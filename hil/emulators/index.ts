import { alpacaCamera } from './alpaca-camera.ts';
import type { EmulatorFamily } from './emulator.ts';
import { lx200, lx200autostar, onstep } from './lx200.ts';
import { moonlite } from './moonlite.ts';
import { xagyl } from './xagyl.ts';

export const emulators: readonly EmulatorFamily[] = [
  moonlite,
  lx200,
  lx200autostar,
  onstep,
  alpacaCamera,
  xagyl,
];

export const emulatorOf = (family: string): EmulatorFamily | undefined =>
  emulators.find((emulator) => emulator.family === family);
