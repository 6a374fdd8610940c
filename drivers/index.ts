import type { AnyDriver } from '../src/device/driver.ts';
import { moonlite } from './moonlite.ts';

/** Every device family Nightjar drives itself. */
export const drivers: readonly AnyDriver[] = [moonlite];

export const driverOf = (family: string): AnyDriver | undefined => drivers.find(({ id }) => id === family);
