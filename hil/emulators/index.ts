import { alpacaCamera } from './alpaca-camera.ts';
import { bme280 } from './bme280.ts';
import { ds18b20 } from './ds18b20.ts';
import type { EmulatorFamily } from './emulator.ts';
import { gpio } from './gpio.ts';
import { ina219 } from './ina219.ts';
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
  gpio,
  bme280,
  ds18b20,
  ina219,
];

export const emulatorOf = (family: string): EmulatorFamily | undefined =>
  emulators.find((emulator) => emulator.family === family);
