import type { AnyDriver } from '../../device/driver.ts';
import type { Holder } from '../../wire/holders.ts';
import type { Plugs } from '../../wire/plugged.ts';
import { type SerialPort, twinsOf } from '../../wire/serial-ports.ts';
import { idOf, type UsbDevice } from '../../wire/usb.ts';
import { lastingName } from '../ports.ts';
import { type Finding, worst } from './finding.ts';
import { grabbers } from './grabbers.ts';
import { makers } from './makers.ts';

export interface Seen extends Plugs {
  /** Who has which device file open. */
  holders: readonly Holder[];
  /** By socket. */
  hidraws: ReadonlyMap<string, readonly string[]>;
  /** For this user, to read and write. */
  mayOpen(path: string): boolean;
}

type Said = Omit<Finding, 'what'>;

/** Each serial port: what it is, what it may be, who uses it, and what is wrong with it. */
export function serialFindings(seen: Seen, drivers: readonly AnyDriver[]): Finding[] {
  if (seen.serial.length === 0) {
    const words = 'none is plugged in; check cable and power';
    return [{ what: 'serial devices', state: 'missing', words }];
  }
  return seen.serial.map((port) => {
    const said = [
      describe(port, drivers),
      ...access(port, seen),
      ...twins(port, seen),
      ...users([port.path], seen),
    ];
    return finding(lastingName(port, seen.serial), said);
  });
}

/** Each USB device that is no serial adapter. */
export function usbFindings(seen: Seen, drivers: readonly AnyDriver[]): Finding[] {
  const ports = new Set(seen.serial.map(({ usb }) => usb?.socket));
  const adapters = new Set(drivers.flatMap(({ usb = [] }) => usb.map(idOf)));
  return seen.usb
    .filter(({ socket }) => !ports.has(socket))
    .map((device) => {
      const paths = [usbPath(device), ...(seen.hidraws.get(device.socket) ?? [])];
      const { serial } = device;
      const said: Said[] = [
        { state: 'ok', words: `${titleOf(device)}${serial ? `, serial number ${serial}` : ''}` },
        ...(adapters.has(idOf(device)) ? [WITHOUT_PORT] : []),
        ...rights(device, paths, seen),
        ...users(paths, seen),
      ];
      return finding(`usb ${device.socket} ${idOf(device)}`, said);
    });
}

/** A serial adapter whose port is not there. */
const WITHOUT_PORT: Said = {
  state: 'wrong',
  words:
    'a serial adapter without a port: another program has taken it (brltty does), or the kernel has no module for it',
};

const finding = (what: string, said: readonly Said[]): Finding => ({
  what,
  state: worst(said.map(({ state }) => state)),
  words: said.map(({ words }) => words).join('; '),
});

function describe({ path, usb }: SerialPort, drivers: readonly AnyDriver[]): Said {
  if (!usb) return { state: 'ok', words: `${path}, a port of the board` };
  const families = drivers.filter((driver) => driver.usb?.some((each) => idOf(each) === idOf(usb)));
  const known = families.length > 0 ? `; known from: ${families.map(({ label }) => label).join(', ')}` : '';
  return { state: 'ok', words: `${path}, ${titleOf(usb)} in socket ${usb.socket}${known}` };
}

/** `FTDI FT232R USB UART`: as it calls itself, or by its maker's number. */
export const titleOf = ({ manufacturer, product, vid }: UsbDevice): string =>
  [manufacturer ?? makers.get(vid)?.name, product].filter(Boolean).join(' ') || 'without a name';

function access({ path }: SerialPort, { mayOpen }: Seen): Said[] {
  if (mayOpen(path)) return [];
  const words =
    'may not be opened: add the user to the group "dialout" (sudo usermod -aG dialout …), and log in anew';
  return [{ state: 'wrong', words }];
}

function twins(port: SerialPort, { serial }: Seen): Said[] {
  const others = twinsOf(port, serial).filter((other) => other !== port);
  if (others.length === 0) return [];
  const number = port.usb?.serial;
  const why = number === undefined ? 'has no serial number' : `has the serial number ${number}`;
  const paths = others.map(({ path }) => path).join(', ');
  return [{ state: 'note', words: `${why}, as ${paths} has: name it by its socket, as here, not by-id` }];
}

/** Of makers whose drivers open the device itself. */
function rights(device: UsbDevice, paths: readonly string[], { mayOpen }: Seen): Said[] {
  const maker = makers.get(device.vid);
  const closed = maker && paths.find((path) => !mayOpen(path));
  if (!closed) return [];
  const rule = `SUBSYSTEM=="${closed.includes('hidraw') ? 'hidraw' : 'usb'}", ATTRS{idVendor}=="${idOf(device).slice(0, 4)}", MODE="0666"`;
  const words = `${closed} may not be opened: the package ${maker.package} brings the udev rule (${rule}); plug it in again`;
  return [{ state: 'wrong', words }];
}

function users(paths: readonly string[], { holders }: Seen): Said[] {
  return holders
    .filter(({ path }) => paths.includes(path))
    .map(({ name, pid }) => {
      const grabber = grabbers.get(name);
      const words = `in use by ${name} (process ${pid})`;
      return grabber ? { state: 'wrong', words: `${words}: ${grabber}` } : { state: 'ok', words };
    });
}

/** `/dev/bus/usb/001/004` */
const usbPath = ({ bus, address }: UsbDevice): string =>
  `/dev/bus/usb/${[bus, address].map((number) => String(number).padStart(3, '0')).join('/')}`;
