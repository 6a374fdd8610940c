import { realpathSync } from 'node:fs';
import type { PlaceKind, SeenPlace } from '../api/gear-view.ts';
import type { AnyDriver } from '../device/driver.ts';
import type { Claims } from '../wire/claims.ts';
import { isHeader } from '../wire/gpio-chips.ts';
import { i2cName } from '../wire/i2c.ts';
import type { Link } from '../wire/link.ts';
import { oneWireName } from '../wire/one-wire.ts';
import type { SerialPort } from '../wire/serial-ports.ts';
import { idOf } from '../wire/usb.ts';
import { type BoardSeen, nameOf } from './doctor/board.ts';
import { titleOf } from './doctor/plugs.ts';
import { lastingName } from './ports.ts';

/** What a person may type, by the kind of link that a family wants. */
const typable: Partial<Record<Link['kind'], readonly PlaceKind[]>> = {
  stream: ['serial', 'tcp'],
  http: ['http'],
  registers: ['i2c'],
  lines: ['gpio'],
  'one-wire': ['w1'],
};

export const typedKinds = ({ transport }: Pick<AnyDriver, 'transport'>): readonly PlaceKind[] =>
  typable[transport.kind] ?? [];

/** What is there now, and who has it. */
export interface Surroundings {
  serial: readonly SerialPort[];
  board?: Pick<BoardSeen, 'buses' | 'chips' | 'probes'>;
  claims: Pick<Claims, 'holder'>;
  /** Of who has a place, by id. */
  label(id: string): string;
}

/** Where a device of this family could be now; what suits it comes first, what is taken last. */
export function seenPlaces(driver: Pick<AnyDriver, 'usb' | 'transport'>, around: Surroundings): SeenPlace[] {
  switch (driver.transport.kind) {
    case 'stream':
      return serialPlaces(driver, around);
    case 'registers':
      return chipPlaces(around);
    case 'lines':
      return linePlaces(around);
    case 'one-wire':
      return probePlaces(around);
    default:
      return [];
  }
}

function userOf(name: string, { claims, label }: Surroundings): { user?: string } {
  const holder = claims.holder('', name);
  return holder === undefined ? {} : { user: label(holder) };
}

/** Chips that answer on the buses; those with a driver of the kernel are the kernel's. */
const chipPlaces = (around: Surroundings): SeenPlace[] =>
  (around.board?.buses ?? []).flatMap(({ bus, adapter, found }) =>
    (found?.answering ?? []).map((address) => ({
      place: { i2c: { bus, address } },
      title: `${nameOf(address)} on I2C bus ${bus}, ${adapter}`,
      likely: false,
      ...userOf(i2cName({ bus, address }), around),
    })),
  );

const linePlaces = ({ board }: Surroundings): SeenPlace[] =>
  (board?.chips ?? [])
    .map((chip) => ({
      place: { gpio: isHeader(chip) ? {} : { chip: chip.name ?? chip.label } },
      title: isHeader(chip) ? `the 40 pins (${chip.label})` : `${chip.label}, ${chip.lines} lines`,
      likely: isHeader(chip),
    }))
    .sort((a, b) => rankOf(a) - rankOf(b));

const probePlaces = (around: Surroundings): SeenPlace[] =>
  (around.board?.probes ?? []).map((id) => ({
    place: { w1: id },
    title: `thermometer ${id}`,
    likely: true,
    ...userOf(oneWireName(id), around),
  }));

/** The serial ports by their lasting names. */
function serialPlaces({ usb = [] }: Pick<AnyDriver, 'usb'>, around: Surroundings): SeenPlace[] {
  const adapters = usb.map(idOf);
  return around.serial
    .map((port) => ({
      place: { serial: lastingName(port, around.serial) },
      title: titleOfPort(port),
      likely: port.usb !== undefined && adapters.includes(idOf(port.usb)),
      ...userOf(port.path, around),
    }))
    .sort((a, b) => rankOf(a) - rankOf(b));
}

const rankOf = ({ likely, user }: SeenPlace): number => (user === undefined ? 0 : 2) + (likely ? 0 : 1);

/** `FTDI FT232R USB UART A50285BI in socket 1-1.2`. */
function titleOfPort({ path, usb, interface: number }: SerialPort): string {
  if (!usb) return `${path}, a port of the board`;
  const words = [titleOf(usb), usb.serial, `in socket ${usb.socket}`, number ? `port ${number + 1}` : ''];
  return words.filter(Boolean).join(' ');
}

/**
 * Whether a path may be opened as a serial port: whoever reaches this unit names it, and other device files act by being
 * opened (a watchdog begins to run). What is not there yet has a name that only serial ports get.
 */
export function isSerialName(name: string): boolean {
  if (name.includes('..')) return false;
  try {
    return /^\/dev\/(tty[A-Z]|pts\/\d|rfcomm\d)/.test(realpathSync(name));
  } catch {
    return /^\/dev\/(serial\/by-(id|path)\/|tty(USB|ACM|AMA|S)\d)[^\0]*$/.test(name);
  }
}
