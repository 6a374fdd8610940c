import type { AnyDriver } from '../src/device/driver.ts';
import { alpacaCamera } from './alpaca-camera.ts';
import { lx200, lx200autostar, onstep } from './lx200.ts';
import { moonlite } from './moonlite.ts';
import { xagyl } from './xagyl.ts';

/** Every device family Nightjar drives itself. */
export const drivers: readonly AnyDriver[] = [moonlite, lx200, lx200autostar, onstep, alpacaCamera, xagyl];
