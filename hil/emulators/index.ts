import type { EmulatorFamily } from './emulator.ts';
import { moonlite } from './moonlite.ts';

export const emulators: readonly EmulatorFamily[] = [moonlite];

export const emulatorOf = (family: string): EmulatorFamily | undefined =>
  emulators.find((emulator) => emulator.family === family);
