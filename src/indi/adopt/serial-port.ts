import type { Hosted } from './hosted.ts';
import { chosenIn, textIn } from './tools.ts';

/** `host:port`, where a path would stand. */
export const networkAddress = /^([^/]+):(\d+)$/;

/**
 * The serial port that a driver opens when it connects: as the owner says, else as it has in mind, which is
 * /dev/ttyUSB0 for nearly all of them. @returns undefined: none
 */
export function serialPortOf(hosted: Pick<Hosted, 'property'>, port = ''): string | undefined {
  if (port) return networkAddress.test(port) ? undefined : port;
  const pretends = chosenIn(hosted.property('SIMULATION')) === 'ENABLE';
  if (pretends || chosenIn(hosted.property('CONNECTION_MODE')) === 'CONNECTION_TCP') return undefined;
  return textIn(hosted.property('DEVICE_PORT'), 'PORT') || undefined;
}
