import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { type Cell, derived } from '../core/cell.ts';
import { Fault } from '../core/errors.ts';
import type { Claims } from './claims.ts';
import { readHolders } from './holders.ts';
import type { Port, StreamLink } from './link.ts';
import { lookForPlugs, type Plugged } from './plugged.ts';
import { serialPort } from './serial.ts';
import {
  identityOf,
  nameOf,
  onlyPortAt,
  portsAt,
  type SerialPlace,
  type SerialPort,
  thePortAt,
} from './serial-ports.ts';

export interface PlaceParts {
  /** Absent: it is looked for at every opening, and nobody tells when it is pulled. */
  plugged?: Plugged;
  /** Whose port this is, among those who might want it too. */
  claim?: { by: string; claims: Claims };
  /** How a tty is opened; tests have other ways. */
  open?(path: string): Port<StreamLink>;
}

/** A serial port that is found anew at every opening: a plug that moved is the same device, another is not. */
export function placedPort(
  place: SerialPlace,
  { plugged, claim, open = serialPort }: PlaceParts = {},
): Port<StreamLink> {
  const at = plugged && seatOf(place, plugged);
  const here = () => plugged && onlyPortAt(plugged.now.value.serial, place)?.path;
  claim?.claims.add(claim.by, () => here() ?? ('serial' in place ? place.serial : undefined));
  return {
    kind: 'stream',
    name: nameOf(place),
    ...(at && { at }),
    async open(clock, options) {
      const { serial: ports } = await (plugged?.look() ?? clock.external(lookForPlugs()));
      const port = await clock.external(findPort(ports, place));
      if (claim) {
        claim.claims.check(claim.by, port.path);
        await clock.external(claim.claims.checkFree(port.path));
      }
      const identity = identityOf(port);
      const link = await open(port.path).open(clock, options);
      return identity === undefined ? link : { ...link, identity };
    },
  };
}

/** Where it is plugged in now; the address on the bus tells one plugging from the next. */
function seatOf(place: SerialPlace, plugged: Plugged): Cell<string | undefined> {
  return derived([plugged.now], () => {
    const port = onlyPortAt(plugged.now.value.serial, place);
    return port && `${port.path} ${port.usb?.address ?? ''}`;
  });
}

/** The port, with names of the owner's own. @throws Fault `gone`, `refused` when it may be one or another */
export async function findPort(ports: readonly SerialPort[], place: SerialPlace): Promise<SerialPort> {
  if ('usb' in place || portsAt(ports, place).length > 0) return thePortAt(ports, place);
  // By a rule of udev, or a link to a pseudo terminal.
  const path = await realpath(place.serial).catch(() => {
    throw new Fault('gone', `${place.serial} is not plugged in`);
  });
  return ports.find((port) => port.path === path) ?? { path, names: [] };
}

/** Of the several names of one port the one to compare: its path as the kernel gives it. */
export function plainPath(ports: readonly SerialPort[], name: string): string {
  const port = onlyPortAt(ports, { serial: name });
  if (port) return port.path;
  try {
    return isAbsolute(name) ? realpathSync(name) : name;
  } catch {
    // Not there, or what a client has typed is no path at all: the words themselves are compared.
    return name;
  }
}

/** `gpsd (process 512)`; our own links are a matter of claims. */
export async function otherProgram(path: string): Promise<string | undefined> {
  // Who makes a pseudo terminal may hold both of its ends.
  if (path.startsWith('/dev/pts/')) return undefined;
  const { holders } = await readHolders((open) => open === path);
  const other = holders.find(({ pid }) => pid !== process.pid);
  return other && `${other.name} (process ${other.pid})`;
}
