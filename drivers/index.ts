import type { AnyDriver } from '../src/device/driver.ts';
import { alpacaCamera } from './alpaca-camera.ts';
import { bme280 } from './bme280.ts';
import { ds18b20 } from './ds18b20.ts';
import { gpio } from './gpio.ts';
import { ina219 } from './ina219.ts';
import { lx200, lx200autostar, onstep } from './lx200.ts';
import { moonlite } from './moonlite.ts';
import { xagyl } from './xagyl.ts';

/** Every device family Nightjar drives itself. */
export const drivers: readonly AnyDriver[] = [
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
